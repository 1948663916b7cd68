package io.longline.delivery;

import io.longline.bus.SharedPayload;
import io.longline.model.Webhook;
import io.longline.store.WaitingDelivery;
import org.jspecify.annotations.Nullable;

/**
 * An attempt under way.
 *
 * @param webhook as it was when the attempt began; the request is rendered from it
 * @param payload held in memory for the attempt; {@code null} when it is to be read
 * @param probe whether it is to find out if an open circuit may close
 */
record Flight(
        Webhook webhook, WaitingDelivery delivery, @Nullable SharedPayload payload, boolean probe) {
    /** The number of this attempt. */
    int attemptNumber() {
        return delivery.attempts() + 1;
    }
}
