package io.longline.store.sql;

import io.longline.model.Attempt;
import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.FailureReason;
import io.longline.model.Rfc3339;
import io.longline.model.WebhookId;
import io.longline.policy.DeliveryState;
import io.longline.store.Operation.Disable;
import io.longline.store.Operation.ExpireDeliveries;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.Operation.RecordCircuit;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes what attempts came to. For one thread. */
final class ResultWriter {
    private static final String INSERT_ATTEMPT = """
            INSERT OR IGNORE INTO delivery_attempts (id, delivery_id, webhook_id, payload_id, attempt_number, status,
                response_code, response_body, error_message, timestamp, duration_ms, request_headers, response_headers,
                request_body_sha256)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String UPDATE_DELIVERY = """
            UPDATE deliveries SET status = ?, attempts = ?, budget_used = ?, last_response_code = ?, reason = ?,
                next_attempt_at = ?, finished_at = ?
            WHERE id = ? AND status = 'pending'""";
    private static final String COUNT_LATE_ATTEMPT =
            "UPDATE deliveries SET attempts = max(attempts, ?), last_response_code = ? WHERE id = ?";
    private static final String EXPIRE = """
            UPDATE deliveries SET status = 'failed', reason = ?, next_attempt_at = NULL, finished_at = ?
            WHERE id = ? AND status = 'pending' RETURNING attempts""";
    private static final String DISABLE = """
            UPDATE webhooks SET active = 0, disabled_reason = ?, version = version + 1, updated_at = ?
            WHERE id = ? AND version = ? AND active = 1 AND deleted_at IS NULL""";
    private static final String UPDATE_CIRCUIT =
            "UPDATE webhooks SET circuit = ?, circuit_retry_at = ?, failing_since = ? WHERE id = ? AND deleted_at IS NULL";
    static final String SELECT_WEBHOOK = "SELECT " + WebhookRows.COLUMNS + " FROM webhooks WHERE id = ?";

    private final Statements statements;
    private final LiveWebhooks webhooks;

    ResultWriter(Statements statements, LiveWebhooks webhooks) {
        this.statements = statements;
        this.webhooks = webhooks;
    }

    boolean record(RecordAttempt result, Effects effects) throws SQLException {
        Attempt attempt = result.attempt();
        if (insert(attempt) == 0) {
            // Tried again after a commit of unknown outcome that was durable after all.
            settle(result, effects);
            return false;
        }
        long endedAt = result.nowMillis();
        if (!attempt.isShadow()) {
            effects.counted.attempt(
                    attempt.webhookId(), result.tenant(), attempt.succeeded(), attempt.durationMillis(), endedAt);
        }
        // A result never overrides a cancellation, nor that of a webhook's waiting deliveries by its deletion.
        if (webhooks.contains(attempt.webhookId(), effects) && update(result)) {
            count(result, effects);
        } else {
            countLate(attempt);
        }
        settle(result, effects);
        return result.disable() != null && disable(attempt.webhookId(), result.disable(), endedAt, effects);
    }

    /** @throws IllegalStateException when the delivery is gone: nothing would ever take its attempt away */
    private void countLate(Attempt attempt) throws SQLException {
        int counted = statements.update(
                COUNT_LATE_ATTEMPT,
                attempt.number(),
                attempt.responseCode(),
                attempt.deliveryId().value());
        if (counted == 0) {
            throw new IllegalStateException("there is no delivery " + attempt.deliveryId());
        }
    }

    void expire(ExpireDeliveries expire, Effects effects) throws SQLException {
        boolean live = webhooks.contains(expire.webhookId(), effects);
        for (DeliveryId id : expire.ids()) {
            int[] attempts = {-1};
            if (live) {
                statements.query(
                        EXPIRE,
                        row -> attempts[0] = (int) row.number("attempts"),
                        FailureReason.EXPIRED.text(),
                        expire.nowMillis(),
                        id.value());
            }
            if (attempts[0] >= 0) {
                int retrying = attempts[0] > 0 ? 1 : 0;
                effects.counted.ended(expire.webhookId(), expire.tenant(), false, expire.nowMillis());
                effects.counted.waiting(expire.webhookId(), expire.tenant(), -1, -retrying);
            }
            effects.settled(expire.webhookId(), id, null);
        }
    }

    void circuit(RecordCircuit circuit, Effects effects) throws SQLException {
        int changed = statements.update(
                UPDATE_CIRCUIT,
                circuit.status().text(),
                circuit.retryAt(),
                circuit.failingSince(),
                circuit.webhookId().value());
        if (changed > 0) {
            effects.circuit(circuit.webhookId());
        }
    }

    /** Answers 0 when it is there already. */
    int insert(Attempt attempt) throws SQLException {
        return statements.update(
                INSERT_ATTEMPT,
                attempt.id().value(),
                attempt.deliveryId().value(),
                attempt.webhookId().value(),
                attempt.eventId().value(),
                attempt.number(),
                attempt.succeeded() ? "succeeded" : "failed",
                attempt.responseCode(),
                attempt.responseBody(),
                attempt.errorMessage(),
                Rfc3339.format(attempt.startedAt()),
                attempt.durationMillis(),
                attempt.requestHeadersJson(),
                attempt.responseHeadersJson(),
                attempt.requestBodySha256());
    }

    private boolean update(RecordAttempt result) throws SQLException {
        DeliveryState next = result.next();
        Attempt attempt = result.attempt();
        DeliveryState.@Nullable Pending waits = next instanceof DeliveryState.Pending pending ? pending : null;
        @Nullable String reason = next instanceof DeliveryState.Failed failed
                ? failed.reason().text()
                : attempt.isShadow() ? Delivery.SHADOW : null;
        int changed = statements.update(
                UPDATE_DELIVERY,
                next.status().text(),
                attempt.number(),
                waits == null ? 0 : waits.budgetUsed(),
                attempt.responseCode(),
                reason,
                waits == null ? null : waits.nextAttemptAt(),
                waits == null ? (Object) result.nowMillis() : null,
                attempt.deliveryId().value());
        return changed > 0;
    }

    private static void count(RecordAttempt result, Effects effects) {
        Attempt attempt = result.attempt();
        boolean wasRetrying = attempt.number() > 1;
        if (result.next() instanceof DeliveryState.Pending) {
            effects.counted.waiting(attempt.webhookId(), result.tenant(), 0, wasRetrying ? 0 : 1);
            return;
        }
        effects.counted.waiting(attempt.webhookId(), result.tenant(), -1, wasRetrying ? -1 : 0);
        if (attempt.isShadow()) {
            return;
        }
        effects.counted.ended(
                attempt.webhookId(),
                result.tenant(),
                result.next() instanceof DeliveryState.Succeeded,
                result.nowMillis());
    }

    private static void settle(RecordAttempt result, Effects effects) {
        Long nextAttemptAt = result.next() instanceof DeliveryState.Pending pending
                ? (Long) pending.nextAttemptAt().toEpochMilli()
                : null;
        effects.settled(result.attempt().webhookId(), result.attempt().deliveryId(), nextAttemptAt);
    }

    private boolean disable(WebhookId webhookId, Disable disable, long nowMillis, Effects effects) throws SQLException {
        int changed = statements.update(
                DISABLE,
                disable.reason(),
                Instant.ofEpochMilli(nowMillis).toString(),
                webhookId.value(),
                disable.ifVersion());
        if (changed > 0) {
            statements.query(SELECT_WEBHOOK, row -> effects.webhook(WebhookRows.read(row)), webhookId.value());
        }
        return changed > 0;
    }
}
