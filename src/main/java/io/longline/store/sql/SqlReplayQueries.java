package io.longline.store.sql;

import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.Replay;
import io.longline.model.Replay.Place;
import io.longline.model.ReplayId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.ReplayQueries;
import io.longline.store.sql.PagedQuery.Listing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replays, in SQL. */
public final class SqlReplayQueries implements ReplayQueries {
    private static final String COLUMNS =
            "id, tenant, webhook_id, status, event_type, since, until, missed, upper_event,"
                    + " state, at_event, at_webhook, matched, is_exact, done, created_at, finished_at";
    private static final Listing<Replay> LIST = new Listing<>(
            COLUMNS, "replays", SqlReplayQueries::read, item -> item.id().value());
    private static final String CANDIDATE = """
            SELECT d.event_id, d.tenant, d.event_type, d.webhook_id, d.status, w.deleted_at
            FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
            """;
    private static final String AFTER = CANDIDATE + """
            WHERE (d.event_id, d.webhook_id) > (?, ?) AND d.event_id < ? ORDER BY d.event_id, d.webhook_id LIMIT ?""";
    private static final String OF_EVENTS = CANDIDATE + "WHERE d.event_id IN (SELECT value FROM json_each(?)) LIMIT ?";
    private static final String EVENTS =
            "SELECT id, tenant, type FROM events WHERE id >= ? AND id < ?%s ORDER BY id LIMIT ?";

    private final Reader reader;

    public SqlReplayQueries(Reader reader) {
        this.reader = reader;
    }

    @Override
    public Future<Optional<Replay>> replay(ReplayId id) {
        return reader.one(
                "SELECT " + COLUMNS + " FROM replays WHERE id = ?", SqlReplayQueries::read, List.of(id.value()));
    }

    @Override
    public Future<Page<Replay>> replays(@Nullable String tenant, PageRequest page) {
        PagedQuery query = new PagedQuery("id");
        if (tenant != null) {
            query.along("tenant = ?", tenant);
        }
        return query.read(reader, LIST, page);
    }

    @Override
    public Future<List<Replay>> running() {
        return reader.all(
                "SELECT " + COLUMNS + " FROM replays WHERE state = 'running' ORDER BY id",
                SqlReplayQueries::read,
                List.of());
    }

    private record Found(Candidate candidate, boolean deleted) {}

    @Override
    public Future<Stretch> deliveries(Place after, String upperEvent, int limit) {
        return reader.all(AFTER, SqlReplayQueries::found, List.of(after.event(), after.webhook(), upperEvent, limit))
                .map(rows -> {
                    if (rows.size() < limit) {
                        return new Stretch(live(rows), null);
                    }
                    Candidate last = rows.get(rows.size() - 1).candidate;
                    return new Stretch(
                            live(rows),
                            new Place(last.eventId().value(), last.webhookId().value()));
                });
    }

    private static List<Candidate> live(List<Found> rows) {
        return rows.stream().filter(row -> !row.deleted).map(Found::candidate).toList();
    }

    @Override
    public Future<List<Past>> events(String from, String upperEvent, @Nullable String tenant, int limit) {
        List<Object> values = new ArrayList<>(List.of(from, upperEvent));
        String which = "";
        if (tenant != null) {
            // Only the others have an index of their own.
            which = " AND tenant = ?" + (tenant.equals(Webhook.DEFAULT_TENANT) ? "" : " AND tenant <> 'default'");
            values.add(tenant);
        }
        values.add(limit);
        return reader.all(
                EVENTS.formatted(which),
                row -> new Past(new EventId(row.text("id")), row.text("tenant"), row.text("type")),
                values);
    }

    @Override
    public Future<List<Candidate>> deliveriesOf(Collection<EventId> eventIds, int limit) {
        JsonArray ids = new JsonArray();
        eventIds.forEach(id -> ids.add(id.value()));
        return reader.all(OF_EVENTS, SqlReplayQueries::found, List.of(ids.encode(), limit))
                .map(SqlReplayQueries::live);
    }

    private static Found found(Row row) {
        Candidate candidate = new Candidate(
                new EventId(row.text("event_id")),
                row.text("tenant"),
                row.text("event_type"),
                new WebhookId(row.text("webhook_id")),
                DeliveryStatus.parse(row.text("status")).orElseThrow());
        return new Found(candidate, row.numberOrNull("deleted_at") != null);
    }

    private static Replay read(Row row) {
        String webhookId = row.textOrNull("webhook_id");
        String status = row.textOrNull("status");
        return new Replay(
                new ReplayId(row.text("id")),
                row.textOrNull("tenant"),
                new Replay.Filter(
                        webhookId == null ? null : new WebhookId(webhookId),
                        status == null ? null : DeliveryStatus.parse(status).orElseThrow(),
                        row.textOrNull("event_type"),
                        Instant.ofEpochMilli(row.number("since")),
                        Instant.ofEpochMilli(row.number("until")),
                        row.flag("missed")),
                row.text("upper_event"),
                Replay.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                new Place(row.text("at_event"), row.text("at_webhook")),
                row.number("matched"),
                row.flag("is_exact"),
                row.number("done"),
                Instant.ofEpochMilli(row.number("created_at")),
                row.instantOrNull("finished_at"));
    }
}
