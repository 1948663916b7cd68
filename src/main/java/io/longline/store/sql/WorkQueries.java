package io.longline.store.sql;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Backlog;
import io.longline.store.WaitingDelivery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the engine reads: each costs index seeks in proportion to what it returns. */
public final class WorkQueries {
    private static final String FIRST_ATTEMPTS = "SELECT " + DeliveryRows.WAITING_COLUMNS + """
             FROM deliveries WHERE webhook_id = ? AND status = 'pending' AND attempts = 0
            ORDER BY next_attempt_at, id LIMIT ?""";
    private static final String RETRIES = "SELECT " + DeliveryRows.WAITING_COLUMNS + """
             FROM deliveries WHERE webhook_id = ? AND status = 'pending' AND attempts > 0
            ORDER BY next_attempt_at, id LIMIT ?""";
    private static final String BACKLOGS = """
            SELECT value AS webhook_id,
                (SELECT id FROM deliveries WHERE webhook_id = value AND status = 'pending' AND attempts = 0
                    ORDER BY next_attempt_at, id LIMIT 1) AS first_attempt,
                (SELECT min(next_attempt_at) FROM deliveries
                    WHERE webhook_id = value AND status = 'pending' AND attempts > 0) AS next_retry_at
            FROM json_each(?)""";
    private static final String PAYLOADS =
            "SELECT id, payload FROM events WHERE id IN (SELECT value FROM json_each(?))";

    private final Reader reader;

    public WorkQueries(Reader reader) {
        this.reader = reader;
    }

    /** Every webhook that is not deleted. */
    public Future<List<Webhook>> webhooks() {
        return reader.all(
                "SELECT " + WebhookRows.COLUMNS + " FROM webhooks WHERE deleted_at IS NULL",
                WebhookRows::read,
                List.of());
    }

    /** Waiting deliveries never attempted, oldest first. */
    public Future<List<WaitingDelivery>> firstAttempts(WebhookId webhookId, int limit) {
        return reader.all(FIRST_ATTEMPTS, DeliveryRows::waiting, List.of(webhookId.value(), limit));
    }

    /** Waiting deliveries attempted before, earliest due first. */
    public Future<List<WaitingDelivery>> retries(WebhookId webhookId, int limit) {
        return reader.all(RETRIES, DeliveryRows::waiting, List.of(webhookId.value(), limit));
    }

    /** What waits for each webhook, where anything does. */
    public Future<Map<WebhookId, Backlog>> backlogs(Collection<WebhookId> webhookIds) {
        JsonArray ids = new JsonArray();
        webhookIds.forEach(id -> ids.add(id.value()));
        record Found(WebhookId id, Backlog backlog) {}
        return reader.all(
                        BACKLOGS,
                        row -> new Found(new WebhookId(row.text("webhook_id")), backlog(row)),
                        List.of(ids.encode()))
                .map(rows -> {
                    Map<WebhookId, Backlog> backlogs = new HashMap<>();
                    for (Found found : rows) {
                        if (found.backlog.firstAttempt() != null || found.backlog.nextRetryAtMillis() != null) {
                            backlogs.put(found.id, found.backlog);
                        }
                    }
                    return backlogs;
                });
    }

    /** The payloads of events, as far as they are there. */
    public Future<Map<EventId, Payload>> payloads(Collection<EventId> eventIds) {
        JsonArray ids = new JsonArray();
        eventIds.forEach(id -> ids.add(id.value()));
        record Found(EventId id, Payload payload) {}
        return reader.all(
                        PAYLOADS,
                        row -> new Found(new EventId(row.text("id")), Payload.of(row.bytes("payload"))),
                        List.of(ids.encode()))
                .map(rows -> {
                    Map<EventId, Payload> payloads = new HashMap<>();
                    rows.forEach(found -> payloads.put(found.id, found.payload));
                    return payloads;
                });
    }

    /** The webhook that a delivery goes to. */
    public Future<Optional<WebhookId>> webhookOf(DeliveryId deliveryId) {
        return reader.one(
                "SELECT webhook_id FROM deliveries WHERE id = ?",
                row -> new WebhookId(row.text("webhook_id")),
                List.of(deliveryId.value()));
    }

    /** What tells this store from every other. */
    public Future<String> identity() {
        return reader.one("SELECT value FROM identity", row -> row.text("value"), List.of())
                .map(found -> found.orElseThrow(() -> new IllegalStateException("the store has no identity")));
    }

    private static Backlog backlog(Row row) {
        String first = row.textOrNull("first_attempt");
        @Nullable Number retry = row.numberOrNull("next_retry_at");
        return new Backlog(
                first == null ? null : new DeliveryId(first), retry == null ? null : (Long) retry.longValue());
    }
}
