package io.longline.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered destination. Immutable; {@link #toBuilder()} makes a changed copy.
 *
 * @param id its identifier
 * @param tenant whose it is; only this tenant's events reach it
 * @param url where deliveries go, http or https
 * @param events the patterns it subscribes to, 1 to 100
 * @param secrets what signs its deliveries
 * @param active whether it collects and gets deliveries
 * @param paused whether its deliveries wait while new ones are still collected
 * @param retry when failed deliveries are tried again
 * @param timeout the time one attempt may take in all
 * @param headers its own request headers, in the order given
 * @param metadataJson an object of the owner's, carried as JSON text
 * @param description free text
 * @param format what its requests look like
 * @param template what makes them, where the format takes one; {@code null} for the format's own layout
 * @param shadow whether its requests are made and recorded, but not sent
 * @param rateLimit attempts per second at most; {@code null} for no limit
 * @param maxInFlight attempts under way at the same time at most; {@code null} for the server's default
 * @param disabledReason why it is not active, where Longline disabled it
 * @param circuit its breaker, as last stored
 * @param circuitRetryAt when an open circuit lets the next probe through
 * @param failingSince since when the circuit has not been closed; {@code null} while it is
 * @param filter the expression that must be true of an event; {@code null} for every event
 * @param transform the expression that makes its requests' bodies; {@code null} for the format's
 * @param version counts its changes; an automatic disable applies only to the version that was sent with
 * @param deletedAt when it was deleted
 * @param createdAt when it was registered
 * @param updatedAt when it was last changed
 */
public record Webhook(
        WebhookId id,
        String tenant,
        String url,
        List<String> events,
        SigningSecrets secrets,
        boolean active,
        boolean paused,
        RetryPolicy retry,
        Duration timeout,
        Map<String, String> headers,
        String metadataJson,
        @Nullable String description,
        WebhookFormat format,
        @Nullable String template,
        @Nullable String filter,
        @Nullable String transform,
        boolean shadow,
        @Nullable Double rateLimit,
        @Nullable Integer maxInFlight,
        @Nullable String disabledReason,
        CircuitStatus circuit,
        @Nullable Instant circuitRetryAt,
        @Nullable Instant failingSince,
        long version,
        @Nullable Instant deletedAt,
        Instant createdAt,
        Instant updatedAt) {
    /** The tenant of whoever names none. */
    public static final String DEFAULT_TENANT = "default";

    public Webhook {
        events = List.copyOf(events);
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Whether its deliveries wait: it is disabled, paused, or its circuit is open. */
    public boolean isHeld() {
        return !active || paused || circuit != CircuitStatus.CLOSED;
    }

    /** Whether it was deleted; its rows stay until retention removes them. */
    public boolean isDeleted() {
        return deletedAt != null;
    }

    /** A copy to change. */
    public WebhookBuilder toBuilder() {
        return new WebhookBuilder(this);
    }
}
