package io.longline.store;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.EventType;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one commit did, as far as deliveries and webhooks go. Reported once it is durable, in the order of the commits.
 *
 * @param webhooks webhooks as they are now, deleted ones included
 * @param settled deliveries whose result is recorded
 * @param reopened deliveries that wait again, or are to be sent at once
 * @param cancelled deliveries called off
 * @param made new deliveries
 * @param circuits webhooks whose stored circuit moved, and nothing else of them
 * @param eventTypes event types as they are now
 */
public record Commit(
        List<Webhook> webhooks,
        List<Settled> settled,
        List<Touched> reopened,
        List<Touched> cancelled,
        List<Made> made,
        List<WebhookId> circuits,
        List<EventType> eventTypes) {
    /** A commit that changed no event types. */
    public Commit(
            List<Webhook> webhooks,
            List<Settled> settled,
            List<Touched> reopened,
            List<Touched> cancelled,
            List<Made> made,
            List<WebhookId> circuits) {
        this(webhooks, settled, reopened, cancelled, made, circuits, List.of());
    }

    /**
     * A recorded result.
     *
     * @param nextAttemptAtMillis when the delivery is due again; {@code null} when it is final
     */
    public record Settled(
            WebhookId webhookId,
            DeliveryId deliveryId,
            @Nullable Long nextAttemptAtMillis) {}

    /** A delivery and its webhook. */
    public record Touched(WebhookId webhookId, DeliveryId deliveryId) {}

    /**
     * A new delivery.
     *
     * @param event what every delivery of the event shares
     */
    public record Made(WebhookId webhookId, DeliveryId deliveryId, Operation.NewEvent event) {
        /** The event on its way. */
        public EventId eventId() {
            return event.id();
        }
    }

    /** Whether nobody needs to hear of it. */
    public boolean isEmpty() {
        return webhooks.isEmpty()
                && settled.isEmpty()
                && reopened.isEmpty()
                && cancelled.isEmpty()
                && made.isEmpty()
                && circuits.isEmpty()
                && eventTypes.isEmpty();
    }
}
