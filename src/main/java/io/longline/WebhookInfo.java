package io.longline;

import io.longline.model.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered webhook.
 *
 * @param id {@code wh_} and 26 characters
 * @param circuit {@code closed}, {@code open} or {@code probing}
 * @param disabledReason why Longline itself disabled it; {@code null} when it did not
 */
public record WebhookInfo(
        String id,
        String tenant,
        String url,
        List<String> events,
        boolean active,
        boolean paused,
        int retryCount,
        Duration retryDelay,
        Duration timeout,
        Map<String, String> headers,
        @Nullable String description,
        String format,
        String circuit,
        @Nullable String disabledReason,
        Instant createdAt,
        Instant updatedAt) {
    static WebhookInfo of(Webhook webhook) {
        return new WebhookInfo(
                webhook.id().value(),
                webhook.tenant(),
                webhook.url(),
                webhook.events(),
                webhook.active(),
                webhook.paused(),
                webhook.retry().retryCount(),
                webhook.retry().retryDelay(),
                webhook.timeout(),
                webhook.headers(),
                webhook.description(),
                webhook.format().text(),
                webhook.circuit().text(),
                webhook.disabledReason(),
                webhook.createdAt(),
                webhook.updatedAt());
    }
}
