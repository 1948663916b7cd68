package io.longline.store;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;

/**
 * A pending delivery as a lane holds it: ids and times, no body.
 *
 * @param attempts attempts made in all
 * @param budgetUsed attempts made of its present budget
 * @param nextAttemptAtMillis when it is due
 * @param openedAtMillis when it was accepted or last retried by hand; its age counts from here
 * @param payloadBytes the size of what is to be sent
 */
public record WaitingDelivery(
        DeliveryId id,
        EventId eventId,
        String eventType,
        int attempts,
        int budgetUsed,
        long nextAttemptAtMillis,
        long openedAtMillis,
        int payloadBytes) {
    /** The same after a retry by hand: due at once, with a fresh budget. */
    public WaitingDelivery hastened(long nowMillis) {
        return new WaitingDelivery(id, eventId, eventType, attempts, 0, nowMillis, nowMillis, payloadBytes);
    }
}
