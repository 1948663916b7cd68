package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.Delivery;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Queries.DeliveryFilter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Something that changed, as it goes out over live streams. Rendered once, whatever the number of those who listen.
 *
 * @param sequence its place within the epoch
 * @param delivery the delivery that it is about; {@code null} when it is about a webhook
 * @param whole what a caller sees who may do everything
 * @param plain what a caller sees who may only look; the same bytes where there is no difference
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LiveEntry(
        long sequence,
        String tenant,
        WebhookId webhookId,
        @Nullable Delivery delivery,
        byte[] whole,
        byte[] plain) {
    /** About a delivery. */
    static LiveEntry of(String epoch, long sequence, Delivery delivery) {
        byte[] block = block("delivery", id(epoch, sequence), Views.delivery(delivery));
        return new LiveEntry(sequence, delivery.tenant(), delivery.webhookId(), delivery, block, block);
    }

    /** About a webhook. */
    static LiveEntry of(String epoch, long sequence, Webhook webhook, Views views) {
        String id = id(epoch, sequence);
        byte[] whole = block("webhook", id, views.webhook(webhook).put("deleted", webhook.isDeleted()));
        byte[] plain = webhook.headers().isEmpty()
                ? whole
                : block("webhook", id, views.maskedWebhook(webhook).put("deleted", webhook.isDeleted()));
        return new LiveEntry(sequence, webhook.tenant(), webhook.id(), null, whole, plain);
    }

    /** An event in the form of the {@code text/event-stream}, without an identifier where that is {@code null}. */
    static byte[] block(String event, @Nullable String id, JsonNode data) {
        // JSON has no line ends but between its tokens, where none is written.
        String head = (id == null ? "" : "id: " + id + "\n") + "event: " + event + "\ndata: ";
        byte[] json = Json.write(data);
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[start.length + json.length + 2];
        System.arraycopy(start, 0, block, 0, start.length);
        System.arraycopy(json, 0, block, start.length, json.length);
        block[block.length - 2] = '\n';
        block[block.length - 1] = '\n';
        return block;
    }

    static String id(String epoch, long sequence) {
        return epoch + "-" + sequence;
    }

    /**
     * Whether somebody with that filter is to hear of it. What is said of a delivery alone does not leave webhooks out,
     * since a webhook's change may be what alters its deliveries.
     */
    boolean passes(DeliveryFilter filter) {
        boolean whose = (filter.tenant() == null || filter.tenant().equals(tenant))
                && (filter.webhookId() == null || filter.webhookId().equals(webhookId));
        return whose && (delivery == null || passes(delivery, filter));
    }

    private static boolean passes(Delivery delivery, DeliveryFilter filter) {
        return (filter.status() == null || filter.status() == delivery.status())
                && (filter.view() == null || filter.view().shows(delivery))
                && (filter.eventType() == null || filter.eventType().equals(delivery.eventType()))
                && (filter.eventId() == null || filter.eventId().equals(delivery.eventId()))
                && (filter.responseCode() == null || filter.responseCode().equals(delivery.lastResponseCode()))
                && (filter.since() == null || !delivery.createdAt().isBefore(filter.since()))
                && (filter.until() == null || delivery.createdAt().isBefore(filter.until()));
    }
}
