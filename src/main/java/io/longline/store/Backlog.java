package io.longline.store;

import io.longline.model.DeliveryId;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a webhook, at a glance.
 *
 * @param firstAttempt the oldest delivery never attempted; {@code null} when there is none
 * @param nextRetryAtMillis when the earliest retry is due; {@code null} when there is none
 */
public record Backlog(
        @Nullable DeliveryId firstAttempt, @Nullable Long nextRetryAtMillis) {}
