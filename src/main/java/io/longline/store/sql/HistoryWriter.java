package io.longline.store.sql;

import io.longline.model.Attempt;
import io.longline.model.DeliveryStatus;
import io.longline.model.FailureReason;
import io.longline.store.Operation.ImportHistory;
import io.longline.store.PastDelivery;
import java.sql.SQLException;

/** Writes what became of deliveries elsewhere; whatever is there already is left as it is. For one thread. */
final class HistoryWriter {
    private static final String INSERT_EVENT = """
            INSERT OR IGNORE INTO events (id, tenant, type, payload, occurred_at, delivery_count, filtered, created_at)
            VALUES (?, ?, ?, ?, ?, 0, 0, ?)""";
    private static final String INSERT_DELIVERY = """
            INSERT OR IGNORE INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                last_response_code, reason, opened_at, payload_bytes, created_at, finished_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String COUNT_DELIVERY = "UPDATE events SET delivery_count = delivery_count + 1 WHERE id = ?";
    /** An import that was broken off may have seen only the first of its attempts. */
    private static final String UPDATE_DELIVERY = """
            UPDATE deliveries SET status = ?, attempts = ?, last_response_code = ?, reason = ?, finished_at = ?
            WHERE id = ? AND attempts < ? AND status <> 'pending'""";

    private final Statements statements;
    private final ResultWriter results;
    private final LiveWebhooks webhooks;

    HistoryWriter(Statements statements, ResultWriter results, LiveWebhooks webhooks) {
        this.statements = statements;
        this.results = results;
        this.webhooks = webhooks;
    }

    PastDelivery.Counts write(ImportHistory history, Effects effects) throws SQLException {
        int deliveries = 0;
        int attempts = 0;
        for (PastDelivery delivery : history.deliveries()) {
            deliveries += insert(delivery, effects) ? 1 : 0;
            for (Attempt attempt : delivery.attempts()) {
                if (results.insert(attempt) > 0) {
                    attempts++;
                    effects.counted.attempt(
                            attempt.webhookId(),
                            delivery.tenant(),
                            attempt.succeeded(),
                            attempt.durationMillis(),
                            attempt.startedAt().toEpochMilli());
                }
            }
        }
        return new PastDelivery.Counts(deliveries, attempts);
    }

    private boolean insert(PastDelivery delivery, Effects effects) throws SQLException {
        // Those of a deleted webhook are its history all the same; one that never was is refused.
        webhooks.requireKnown(delivery.webhookId());
        Attempt last = delivery.last();
        boolean succeeded = last.succeeded();
        String status = (succeeded ? DeliveryStatus.SUCCEEDED : DeliveryStatus.FAILED).text();
        String reason = succeeded ? null : FailureReason.ATTEMPTS_EXHAUSTED.text();
        long beganAt = delivery.attempts().get(0).startedAt().toEpochMilli();
        long endedAt = last.startedAt().toEpochMilli() + Math.round(last.durationMillis());
        statements.update(
                INSERT_EVENT,
                delivery.eventId().value(),
                delivery.tenant(),
                delivery.eventType(),
                delivery.payload().bytes(),
                delivery.occurredAt(),
                delivery.occurredAt());
        int inserted = statements.update(
                INSERT_DELIVERY,
                delivery.deliveryId().value(),
                delivery.tenant(),
                delivery.eventId().value(),
                delivery.eventType(),
                delivery.webhookId().value(),
                status,
                last.number(),
                last.number(),
                last.responseCode(),
                reason,
                beganAt,
                delivery.payload().bytes().length,
                beganAt,
                endedAt);
        if (inserted > 0) {
            statements.update(COUNT_DELIVERY, delivery.eventId().value());
            // At once, since it may be old enough to be taken away again within the same transaction.
            statements.update(
                    DeliveryLedger.INSERT,
                    delivery.webhookId().value(),
                    delivery.deliveryId().value());
            effects.counted.event(delivery.tenant(), beganAt);
            effects.counted.made(delivery.webhookId(), beganAt);
            effects.counted.ended(delivery.webhookId(), delivery.tenant(), succeeded, endedAt);
            return true;
        }
        statements.update(
                UPDATE_DELIVERY,
                status,
                last.number(),
                last.responseCode(),
                reason,
                endedAt,
                delivery.deliveryId().value(),
                last.number());
        return false;
    }
}
