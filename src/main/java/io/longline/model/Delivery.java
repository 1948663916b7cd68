package io.longline.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook, as read from the store.
 *
 * @param held whether it waits because its webhook is disabled, paused, or has an open circuit
 * @param attemptCount attempts made in all
 * @param lastResponseCode the last attempt's HTTP status; {@code null} before the first answer
 * @param reason why it failed, where it did; {@link #SHADOW} where nothing was sent
 * @param nextAttemptAt when it is due; {@code null} once final
 * @param finishedAt when it became final; {@code null} before
 */
public record Delivery(
        DeliveryId id,
        String tenant,
        EventId eventId,
        String eventType,
        WebhookId webhookId,
        DeliveryStatus status,
        boolean held,
        int attemptCount,
        @Nullable Integer lastResponseCode,
        @Nullable String reason,
        @Nullable Instant nextAttemptAt,
        Instant createdAt,
        @Nullable Instant finishedAt) {
    /** The reason of one that succeeded without being sent, its webhook being a shadow. */
    public static final String SHADOW = "shadow";

    /** Whether it succeeded without being sent. */
    public boolean isShadow() {
        return SHADOW.equals(reason);
    }
}
