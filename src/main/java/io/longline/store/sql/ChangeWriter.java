package io.longline.store.sql;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.Replay;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.Operation.CancelDelivery;
import io.longline.store.Operation.CreateWebhook;
import io.longline.store.Operation.DeleteWebhook;
import io.longline.store.Operation.Manual;
import io.longline.store.Operation.ReplayEvent;
import io.longline.store.Operation.ReplayTarget;
import io.longline.store.Operation.RetryDelivery;
import io.longline.store.Operation.SaveWebhook;
import io.longline.store.Operation.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes what people change: webhooks, and deliveries by hand. For one thread. */
final class ChangeWriter {
    private static final String INSERT_WEBHOOK = "INSERT INTO webhooks (" + WebhookRows.COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    /** Another receiver, or being switched on again, gives the circuit a fresh start: the first three columns. */
    private static final String UPDATE_WEBHOOK = """
            UPDATE webhooks SET
                circuit = CASE WHEN url <> ? OR shadow <> ? OR (active = 0 AND ?) THEN 'closed' ELSE circuit END,
                circuit_retry_at = CASE WHEN url <> ? OR shadow <> ? OR (active = 0 AND ?) THEN NULL ELSE circuit_retry_at END,
                failing_since = CASE WHEN url <> ? OR shadow <> ? OR (active = 0 AND ?) THEN NULL ELSE failing_since END,
                url = ?, events = ?, secret = ?, previous_secret = ?, previous_secret_expires_at = ?, active = ?,
                paused = ?, retry_count = ?, retry_delay = ?, retry_schedule = ?, timeout = ?, headers = ?, metadata = ?,
                description = ?, format = ?, template = ?, filter = ?, transform = ?, shadow = ?, rate_limit = ?, max_in_flight = ?,
                disabled_reason = ?, version = ?, updated_at = ?
            WHERE id = ? AND version = ? AND deleted_at IS NULL""";

    private static final String DELETE_WEBHOOK = """
            UPDATE webhooks SET deleted_at = ?, cancelling = 1, secret = NULL, previous_secret = NULL,
                previous_secret_expires_at = NULL, headers = '{}', version = version + 1
            WHERE id = ? AND deleted_at IS NULL""";
    private static final String SELECT_WAITING =
            "SELECT pending, retrying FROM webhook_totals WHERE webhook_id = ? AND pending > 0";
    private static final String FORGET_WAITING =
            "UPDATE webhook_totals SET pending = 0, retrying = 0 WHERE webhook_id = ?";
    private static final String SELECT_DELIVERY = """
            SELECT d.status, d.attempts, d.webhook_id, d.tenant FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
            WHERE d.id = ? AND w.deleted_at IS NULL""";
    private static final String REOPEN = """
            UPDATE deliveries SET status = 'pending', budget_used = 0, next_attempt_at = ?, opened_at = ?, reason = NULL,
                finished_at = NULL
            WHERE id = ?""";
    private static final String CANCEL =
            "UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = ? WHERE id = ?";
    private static final String SELECT_EVENT = "SELECT type, length(payload) AS bytes FROM events WHERE id = ?";
    private static final String SELECT_DELIVERY_OF_EVENT =
            "SELECT id, status, attempts FROM deliveries WHERE event_id = ? AND webhook_id = ?";

    private final Statements statements;
    private final LiveWebhooks webhooks;

    ChangeWriter(Statements statements, LiveWebhooks webhooks) {
        this.statements = statements;
        this.webhooks = webhooks;
    }

    @Nullable Object write(Operation<?> operation, Effects effects) throws SQLException {
        if (operation instanceof CreateWebhook create) {
            statements.update(INSERT_WEBHOOK, WebhookRows.values(create.webhook()));
            effects.webhook(create.webhook());
            return create.webhook();
        }
        if (operation instanceof SaveWebhook save) {
            return save(save, effects);
        }
        if (operation instanceof DeleteWebhook delete) {
            return delete(delete, effects);
        }
        if (operation instanceof RetryDelivery retry) {
            return retry(retry, effects);
        }
        if (operation instanceof CancelDelivery cancel) {
            return cancel(cancel, effects);
        }
        if (operation instanceof ReplayEvent replay) {
            return replay(replay, effects);
        }
        throw new IllegalArgumentException(
                "cannot write " + operation.getClass().getSimpleName());
    }

    private boolean save(SaveWebhook save, Effects effects) throws SQLException {
        Webhook webhook = save.webhook();
        List<@Nullable Object> values = new ArrayList<>();
        for (int column = 0; column < 3; column++) {
            values.add(webhook.url());
            values.add(webhook.shadow());
            values.add(webhook.active());
        }
        values.addAll(WebhookRows.changeable(webhook));
        values.add(webhook.version());
        values.add(webhook.updatedAt().toString());
        values.add(webhook.id().value());
        values.add(save.ifVersion());
        int changed = statements.update(UPDATE_WEBHOOK, values.toArray());
        if (changed > 0) {
            report(webhook.id(), effects);
        }
        return changed > 0;
    }

    private boolean delete(DeleteWebhook delete, Effects effects) throws SQLException {
        if (statements.update(DELETE_WEBHOOK, delete.at(), delete.id().value()) == 0) {
            return false;
        }
        Webhook webhook = report(delete.id(), effects);
        statements.query(
                SELECT_WAITING,
                row -> effects.counted.dropped(webhook.tenant(), row.number("pending"), row.number("retrying")),
                delete.id().value());
        statements.update(FORGET_WAITING, delete.id().value());
        return true;
    }

    private Manual retry(RetryDelivery retry, Effects effects) throws SQLException {
        Optional<Found> found = find(retry.id());
        if (found.isEmpty()) {
            return Manual.UNKNOWN;
        }
        reopen(retry.id(), found.get(), retry.nowMillis(), effects);
        return Manual.DONE;
    }

    private void reopen(DeliveryId id, Found found, long nowMillis, Effects effects) throws SQLException {
        statements.update(REOPEN, nowMillis, nowMillis, id.value());
        if (found.status.isFinal()) {
            effects.counted.waiting(found.webhookId, found.tenant, 1, found.attempts > 0 ? 1 : 0);
        }
        effects.reopened(found.webhookId, id);
    }

    private Manual cancel(CancelDelivery cancel, Effects effects) throws SQLException {
        Optional<Found> found = find(cancel.id());
        if (found.isEmpty()) {
            return Manual.UNKNOWN;
        }
        if (found.get().status.isFinal()) {
            return Manual.FINAL;
        }
        statements.update(CANCEL, cancel.nowMillis(), cancel.id().value());
        Found delivery = found.get();
        effects.counted.waiting(delivery.webhookId, delivery.tenant, -1, delivery.attempts > 0 ? -1 : 0);
        effects.cancelled(delivery.webhookId, cancel.id());
        return Manual.DONE;
    }

    /** The event, or a webhook, may have gone since the replay was asked for. */
    private int replay(ReplayEvent replay, Effects effects) throws SQLException {
        Optional<StoredEvent> event = storedEvent(replay.eventId());
        int count = 0;
        for (Target target : replay.targets()) {
            if (event.isPresent()
                    && webhooks.contains(target.webhookId(), effects)
                    && replay(replay, target, event.get(), effects)) {
                count++;
            }
        }
        return count;
    }

    private boolean replay(ReplayEvent replay, Target target, StoredEvent event, Effects effects) throws SQLException {
        Optional<Found> found = findOfEvent(replay, target);
        if (found.isEmpty()) {
            insert(replay, target, event, effects);
            return true;
        }
        if (found.get().status.isFinal()) {
            reopen(found.get().id, found.get(), replay.nowMillis(), effects);
            return true;
        }
        return false;
    }

    /** Delivers what a replay has selected once more, unless it has gone since, or does not fit any more. */
    boolean deliverAgain(ReplayTarget target, Replay.Filter filter, long nowMillis, Effects effects)
            throws SQLException {
        if (!webhooks.contains(target.webhookId(), effects)) {
            return false;
        }
        Target one = new Target(target.deliveryId(), target.webhookId());
        ReplayEvent replay = new ReplayEvent(target.eventId(), target.tenant(), List.of(one), nowMillis);
        Optional<Found> found = findOfEvent(replay, one);
        if (found.isPresent()) {
            boolean opens = filter.opens(found.get().status);
            if (opens) {
                reopen(found.get().id, found.get(), nowMillis, effects);
            }
            return opens;
        }
        Optional<StoredEvent> event = filter.missed() ? storedEvent(target.eventId()) : Optional.empty();
        if (event.isPresent()) {
            insert(replay, one, event.get(), effects);
        }
        return event.isPresent();
    }

    private Optional<StoredEvent> storedEvent(EventId id) throws SQLException {
        StoredEvent[] event = new StoredEvent[1];
        statements.query(
                SELECT_EVENT, row -> event[0] = new StoredEvent(row.text("type"), row.number("bytes")), id.value());
        return Optional.ofNullable(event[0]);
    }

    private void insert(ReplayEvent replay, Target target, StoredEvent event, Effects effects) throws SQLException {
        statements.update(
                IntakeWriter.INSERT_DELIVERY,
                target.deliveryId().value(),
                replay.tenant(),
                replay.eventId().value(),
                event.type,
                target.webhookId().value(),
                DeliveryStatus.PENDING.text(),
                replay.nowMillis(),
                replay.nowMillis(),
                event.bytes,
                replay.nowMillis(),
                null);
        effects.inserted(target.webhookId(), target.deliveryId());
        effects.counted.made(target.webhookId(), replay.nowMillis());
        effects.counted.waiting(target.webhookId(), replay.tenant(), 1, 0);
        effects.reopened(target.webhookId(), target.deliveryId());
    }

    private Optional<Found> find(DeliveryId id) throws SQLException {
        Found[] found = new Found[1];
        statements.query(
                SELECT_DELIVERY,
                row -> found[0] = new Found(
                        id,
                        DeliveryStatus.parse(row.text("status")).orElseThrow(),
                        (int) row.number("attempts"),
                        new WebhookId(row.text("webhook_id")),
                        row.text("tenant")),
                id.value());
        return Optional.ofNullable(found[0]);
    }

    private Optional<Found> findOfEvent(ReplayEvent replay, Target target) throws SQLException {
        Found[] found = new Found[1];
        statements.query(
                SELECT_DELIVERY_OF_EVENT,
                row -> found[0] = new Found(
                        new DeliveryId(row.text("id")),
                        DeliveryStatus.parse(row.text("status")).orElseThrow(),
                        (int) row.number("attempts"),
                        target.webhookId(),
                        replay.tenant()),
                replay.eventId().value(),
                target.webhookId().value());
        return Optional.ofNullable(found[0]);
    }

    private Webhook report(WebhookId id, Effects effects) throws SQLException {
        Webhook[] read = new Webhook[1];
        statements.query(ResultWriter.SELECT_WEBHOOK, row -> read[0] = WebhookRows.read(row), id.value());
        effects.webhook(read[0]);
        return read[0];
    }

    /** An event as far as its deliveries repeat it. */
    private record StoredEvent(String type, long bytes) {}

    /** A delivery as far as doing something by hand goes. */
    private record Found(DeliveryId id, DeliveryStatus status, int attempts, WebhookId webhookId, String tenant) {}
}
