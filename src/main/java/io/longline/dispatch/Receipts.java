package io.longline.dispatch;

import io.longline.bus.Reply.Receipt;
import io.longline.model.Rfc3339;
import io.longline.store.Operation.NewEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What senders of events are told, and how it is kept beside an idempotency key. */
final class Receipts {
    private Receipts() {}

    static List<Receipt> of(List<NewEvent> events) {
        List<Receipt> receipts = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            receipts.add(new Receipt(
                    event.id().value(),
                    event.type(),
                    event.occurredAt(),
                    event.targets().size()));
        }
        return receipts;
    }

    static String encode(List<Receipt> receipts) {
        JsonArray array = new JsonArray();
        for (Receipt receipt : receipts) {
            array.add(new JsonObject()
                    .put("id", receipt.id())
                    .put("event", receipt.event())
                    .put("timestamp", Rfc3339.format(receipt.timestamp()))
                    .put("deliveries", receipt.deliveries()));
        }
        return array.encode();
    }

    static List<Receipt> decode(String stored) {
        List<Receipt> receipts = new ArrayList<>();
        for (Object element : new JsonArray(stored)) {
            JsonObject receipt = (JsonObject) element;
            receipts.add(new Receipt(
                    receipt.getString("id"),
                    receipt.getString("event"),
                    Instant.parse(receipt.getString("timestamp")),
                    receipt.getInteger("deliveries")));
        }
        return receipts;
    }
}
