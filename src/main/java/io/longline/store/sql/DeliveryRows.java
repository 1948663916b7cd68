package io.longline.store.sql;

import io.longline.model.Attempt;
import io.longline.model.AttemptId;
import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.WebhookId;
import io.longline.store.WaitingDelivery;
import java.time.Instant;

/** Deliveries, attempts and events read from rows. */
final class DeliveryRows {
    /** Whether a webhook, {@code w}, has its deliveries wait. */
    static final String HOLDS = "(w.active = 0 OR w.paused = 1 OR w.circuit <> 'closed')";

    /** A delivery's columns, from {@code deliveries d} joined with {@code webhooks w}. */
    static final String DELIVERY_COLUMNS = """
            d.id, d.tenant, d.event_id, d.event_type, d.webhook_id, d.status, d.attempts, d.last_response_code, d.reason,
            d.next_attempt_at, d.created_at, d.finished_at, w.deleted_at,
            """ + HOLDS + " AS held";

    static final String DELIVERIES = "deliveries d JOIN webhooks w ON w.id = d.webhook_id";

    static final String WAITING_COLUMNS =
            "id, event_id, event_type, attempts, budget_used, next_attempt_at, opened_at, payload_bytes";

    private DeliveryRows() {}

    /** What still waits for a webhook that is deleted shows as cancelled, whether its row says so yet or not. */
    static Delivery delivery(Row row) {
        DeliveryStatus stored = DeliveryStatus.parse(row.text("status")).orElseThrow();
        Instant deletedAt = row.instantOrNull("deleted_at");
        boolean waits = stored == DeliveryStatus.PENDING;
        boolean calledOff = waits && deletedAt != null;
        return new Delivery(
                new DeliveryId(row.text("id")),
                row.text("tenant"),
                new EventId(row.text("event_id")),
                row.text("event_type"),
                new WebhookId(row.text("webhook_id")),
                calledOff ? DeliveryStatus.CANCELLED : stored,
                waits && !calledOff && row.flag("held"),
                (int) row.number("attempts"),
                row.integerOrNull("last_response_code"),
                row.textOrNull("reason"),
                waits && !calledOff ? row.instantOrNull("next_attempt_at") : null,
                Instant.ofEpochMilli(row.number("created_at")),
                calledOff ? deletedAt : row.instantOrNull("finished_at"));
    }

    static WaitingDelivery waiting(Row row) {
        return new WaitingDelivery(
                new DeliveryId(row.text("id")),
                new EventId(row.text("event_id")),
                row.text("event_type"),
                (int) row.number("attempts"),
                (int) row.number("budget_used"),
                row.number("next_attempt_at"),
                row.number("opened_at"),
                (int) row.number("payload_bytes"));
    }

    static Event event(Row row) {
        return new Event(
                new EventId(row.text("id")),
                row.text("tenant"),
                row.text("type"),
                Instant.ofEpochMilli(row.number("occurred_at")),
                (int) row.number("delivery_count"),
                (int) row.number("filtered"));
    }

    static Attempt attempt(Row row) {
        Double duration = row.fractionOrNull("duration_ms");
        return new Attempt(
                new AttemptId(row.text("id")),
                new DeliveryId(row.text("delivery_id")),
                new WebhookId(row.text("webhook_id")),
                new EventId(row.text("payload_id")),
                (int) row.number("attempt_number"),
                row.text("status").equals("succeeded"),
                row.integerOrNull("response_code"),
                row.textOrNull("response_body"),
                row.textOrNull("error_message"),
                Instant.parse(row.text("timestamp")),
                duration == null ? 0 : duration,
                row.text("request_headers"),
                row.textOrNull("response_headers"),
                row.text("request_body_sha256"));
    }
}
