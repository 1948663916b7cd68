package io.longline.store;

import io.longline.model.Attempt;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.WebhookId;
import java.time.Instant;
import java.util.List;

/**
 * A delivery that ended before it came here, with its event and attempts. Its identifiers follow from what it was
 * elsewhere, so that it comes here once.
 *
 * @param occurredAt when its event was first sent to anybody
 * @param attempts in their order, at least one; the last one decides what became of it
 */
public record PastDelivery(
        EventId eventId,
        DeliveryId deliveryId,
        WebhookId webhookId,
        String tenant,
        String eventType,
        Payload payload,
        Instant occurredAt,
        List<Attempt> attempts) {
    public PastDelivery {
        attempts = List.copyOf(attempts);
    }

    /** The attempt that decided. */
    public Attempt last() {
        return attempts.get(attempts.size() - 1);
    }

    /** How much was new. */
    public record Counts(int deliveries, int attempts) {}
}
