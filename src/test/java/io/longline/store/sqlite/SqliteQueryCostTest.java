package io.longline.store.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Replay;
import io.longline.model.WebhookId;
import io.longline.store.Queries;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.EventFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.PendingView;
import io.longline.store.Queries.WebhookFilter;
import io.longline.store.Store;
import io.longline.store.sql.Reader;
import io.longline.store.sql.SqlEventTypeQueries;
import io.longline.store.sql.SqlQueries;
import io.longline.store.sql.SqlReplayQueries;
import io.longline.store.sql.WorkQueries;
import io.longline.store.sqlite.StatementLog.Asked;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/**
 * Every question costs the same however long the history: the instructions that SQLite's machine takes for it are
 * counted with one history and with another twice as long. A plan that reads a table whole, or sorts it, shows there
 * whatever it looks like in words.
 */
class SqliteQueryCostTest {
    private static final int SHORT = 25_000;
    private static final int LONG = 50_000;
    private static final String WEBHOOK = "wh_" + digits(0);
    private static final String CALM_WEBHOOK = "wh_" + digits(4);
    private static final String DELETED_WEBHOOK = "wh_" + digits(2);

    @TempDir
    Path folder;

    private final StatementLog log = new StatementLog();
    private SqliteBackend backend;
    private Vertx vertx;
    private SqliteReader pool;
    private Queries queries;
    private WorkQueries work;
    private SqlReplayQueries replays;
    private SqlEventTypeQueries types;

    @BeforeEach
    void makeTheStore() throws Exception {
        vertx = Vertx.vertx();
        backend = SqliteBackend.in(folder);
        openAndClose();
        change(WEBHOOKS);
        grow(1, SHORT);
        pool = new SqliteReader(vertx, new SqliteFile(backend.file(), "full"), "reads", 2, 100, () -> 0);
        Reader reader = log.over(pool);
        queries = new SqlQueries(reader);
        types = new SqlEventTypeQueries(reader);
        replays = new SqlReplayQueries(reader);
        work = new WorkQueries(reader);
    }

    @AfterEach
    void letGo() throws Exception {
        await(pool.close());
        await(vertx.close());
    }

    @Test
    void e8_everyQuestionCostsTheSameWhateverTheHistory() throws Exception {
        Map<String, Asked> questions = questions();
        Map<String, Long> before = cost(questions);

        grow(SHORT + 1, LONG);
        Map<String, Long> after = cost(questions);

        assertThat(dearer(before, after)).isEmpty();
    }

    /** The store has SQLite gather figures about its tables when it closes, by which plans are chosen from then on. */
    @Test
    void e8_everyQuestionCostsTheSameOnceSqliteKnowsItsTables() throws Exception {
        Map<String, Asked> questions = questions();
        change("ANALYZE");
        Map<String, Long> before = cost(questions);

        grow(SHORT + 1, LONG);
        change("ANALYZE");
        Map<String, Long> after = cost(questions);

        assertThat(dearer(before, after)).isEmpty();
    }

    /** What is looked for and not there at all must not be looked for everywhere. */
    @Test
    void e8_everyQuestionCostsTheSameWhereAllHasSucceeded() throws Exception {
        Map<String, Asked> questions = questions();
        change(ALL_SUCCEEDED);
        Map<String, Long> before = cost(questions);

        grow(SHORT + 1, LONG);
        change(ALL_SUCCEEDED);
        Map<String, Long> after = cost(questions);

        assertThat(dearer(before, after)).isEmpty();
    }

    /** Some slack, since trees grow deeper and filters find their rows elsewhere. */
    private static List<String> dearer(Map<String, Long> before, Map<String, Long> after) {
        return after.entrySet().stream()
                .filter(entry -> entry.getValue() > before.get(entry.getKey()) * 14 / 10 + 2_000)
                .map(entry -> before.get(entry.getKey()) + " -> " + entry.getValue() + " " + entry.getKey())
                .toList();
    }

    private Map<String, Asked> questions() {
        Map<String, Asked> questions = new LinkedHashMap<>();
        for (Map.Entry<String, Supplier<Future<?>>> question : asked().entrySet()) {
            log.taken();
            await(question.getValue().get());
            int number = 0;
            for (Asked asked : log.taken()) {
                questions.put(question.getKey() + " #" + ++number, asked);
            }
        }
        return questions;
    }

    private Map<String, Supplier<Future<?>>> asked() {
        WebhookId webhook = new WebhookId(WEBHOOK);
        WebhookId deleted = new WebhookId(DELETED_WEBHOOK);
        DeliveryId delivery = new DeliveryId("dlv_" + digits(77));
        EventId event = new EventId("evt_" + digits(77));
        Map<String, Supplier<Future<?>>> asked = new LinkedHashMap<>();
        asked.put("engine: first attempts", () -> work.firstAttempts(webhook, 256));
        asked.put("engine: retries", () -> work.retries(webhook, 256));
        asked.put("engine: backlogs", () -> work.backlogs(List.of(webhook, deleted)));
        asked.put("engine: payloads", () -> work.payloads(List.of(event)));
        asked.put("engine: webhook of", () -> work.webhookOf(delivery));
        asked.put("engine: webhooks", work::webhooks);
        asked.put("webhook", () -> queries.webhook(webhook));
        asked.put("deliveries by identifier", () -> queries.deliveries(List.of(delivery)));
        Replay.Place from = new Replay.Place("evt_" + digits(77), "");
        String end = "evt_" + digits(SHORT);
        asked.put("replay: deliveries", () -> replays.deliveries(from, end, 500));
        asked.put("replay: events", () -> replays.events("evt_" + digits(77), end, null, 500));
        asked.put("replay: events of a tenant", () -> replays.events("evt_" + digits(77), end, "acme", 500));
        asked.put("replay: deliveries of events", () -> replays.deliveriesOf(List.of(event), 500));
        asked.put("replay: running", replays::running);
        asked.put("webhook statistics", () -> queries.webhookStatistics(webhook));
        asked.put("delivery", () -> queries.deliveryDetails(delivery));
        asked.put("event", () -> queries.eventDetails(event));
        for (String tenant : new String[] {null, "default", "acme", "idle"}) {
            asked.put("event types of " + tenant, () -> types.entries(tenant, false, new PageRequest("type.", 50)));
            asked.put("event type of " + tenant, () -> types.entries(tenant, List.of("type.1")));
            asked.put(
                    "webhooks of " + tenant,
                    () -> queries.webhooks(new WebhookFilter(tenant, null, null, null), new PageRequest(null, 50)));
            asked.put(
                    "active webhooks of " + tenant,
                    () -> queries.webhooks(new WebhookFilter(tenant, true, "a", "127"), new PageRequest(null, 50)));
            asked.put(
                    "series of " + tenant,
                    () -> queries.series(
                            null,
                            tenant,
                            Instant.ofEpochMilli(0),
                            Instant.ofEpochMilli(3_600_000),
                            Duration.ofMinutes(1)));
            asked.put("statistics of " + tenant, () -> queries.statistics(tenant, Instant.ofEpochMilli(1_000_000)));
            for (Place place : places()) {
                for (String type : new String[] {null, "type.1", "type.none"}) {
                    EventFilter filter = new EventFilter(type, tenant, place.since, place.until);
                    asked.put(
                            "events " + filter + place.cursor("evt_"),
                            () -> queries.events(filter, place.page("evt_")));
                }
                for (DeliveryFilter filter : filters(tenant, place)) {
                    asked.put(
                            "deliveries " + filter + place.cursor("dlv_"),
                            () -> queries.deliveries(filter, place.page("dlv_")));
                }
            }
        }
        return asked;
    }

    private record Place(Instant since, Instant until, Integer after) {
        String cursor(String prefix) {
            return after == null ? null : prefix + digits(after);
        }

        PageRequest page(String prefix) {
            return new PageRequest(cursor(prefix), 50);
        }
    }

    private static List<Place> places() {
        return List.of(
                new Place(null, null, null),
                new Place(Instant.ofEpochMilli(0), Instant.now(), null),
                new Place(null, null, SHORT - 5_000));
    }

    private static List<DeliveryFilter> filters(String tenant, Place place) {
        List<DeliveryFilter> filters = new ArrayList<>();
        for (String webhook : new String[] {null, WEBHOOK, CALM_WEBHOOK}) {
            for (Integer code : new Integer[] {null, 418}) {
                WebhookId id = webhook == null ? null : new WebhookId(webhook);
                filters.add(filter(null, null, id, code, tenant, place));
                for (DeliveryStatus status : DeliveryStatus.values()) {
                    filters.add(filter(status, null, id, code, tenant, place));
                }
                for (PendingView view : PendingView.values()) {
                    filters.add(filter(null, view, id, code, tenant, place));
                }
            }
        }
        return filters;
    }

    private static DeliveryFilter filter(
            DeliveryStatus status, PendingView view, WebhookId id, Integer code, String tenant, Place place) {
        return new DeliveryFilter(status, view, id, null, null, tenant, place.since, place.until, code);
    }

    /** The instructions that each question takes, in steps of ten, on a connection that has just been opened. */
    private Map<String, Long> cost(Map<String, Asked> questions) throws SQLException {
        Map<String, Long> cost = new LinkedHashMap<>();
        try (Connection plain = backend.plain()) {
            long[] tens = {0};
            ProgressHandler.setHandler(plain, 10, new ProgressHandler() {
                @Override
                protected int progress() {
                    tens[0]++;
                    return 0;
                }
            });
            for (Map.Entry<String, Asked> question : questions.entrySet()) {
                tens[0] = 0;
                run(plain, question.getValue());
                cost.put(question.getKey(), tens[0] * 10);
            }
            ProgressHandler.clearHandler(plain);
        }
        return cost;
    }

    private static void run(Connection plain, Asked asked) throws SQLException {
        try (PreparedStatement statement = plain.prepareStatement(asked.sql())) {
            for (int index = 0; index < asked.values().size(); index++) {
                statement.setObject(index + 1, asked.values().get(index));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    rows.getObject(1);
                }
            }
        }
    }

    private void openAndClose() {
        Store store = await(backend.open(vertx, new IdGenerator(() -> 1, new SplittableRandom(1))));
        await(store.close());
    }

    /** One webhook takes half of all deliveries; the others: one of another tenant, a deleted one, a paused one, one idle. */
    private static final String WEBHOOKS = """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
            INSERT INTO webhooks (id, tenant, url, events, active, paused, retry_count, retry_delay, timeout, headers,
                                  metadata, circuit, version, deleted_at, cancelling, created_at, updated_at)
            SELECT 'wh_' || printf('%026d', i), CASE i WHEN 1 THEN 'acme' WHEN 4 THEN 'idle' ELSE 'default' END,
                'http://127.0.0.1:9/', '["*"]', 1, i = 3, 3, 5, 30, '{}', '{}', 'closed', 1,
                CASE i WHEN 2 THEN 5 END, i = 2, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z' FROM n""";

    private static final String EVENTS = """
            WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
            INSERT INTO events (id, tenant, type, payload, occurred_at, delivery_count, created_at)
            SELECT 'evt_' || printf('%%026d', i), iif(i %% 4 = 1, 'acme', 'default'), 'type.' || (i %% 5), '{}', i, 1, i
            FROM n""";

    /** A quarter each has succeeded, has failed, waits for its first and waits for another attempt. */
    private static final String DELIVERIES = """
            WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
            INSERT INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                                    last_response_code, next_attempt_at, opened_at, payload_bytes, created_at)
            SELECT 'dlv_' || printf('%%026d', i), iif(i %% 4 = 1, 'acme', 'default'), 'evt_' || printf('%%026d', i),
                'type.' || (i %% 5), 'wh_' || printf('%%026d', iif(i %% 2 = 0, 0, iif(i %% 4 = 1, 1, 2 + i / 4 %% 2))),
                CASE i / 8 %% 4 WHEN 0 THEN 'succeeded' WHEN 1 THEN 'failed' ELSE 'pending' END,
                iif(i / 8 %% 4 = 2, 0, 1), 0, 200, iif(i / 8 %% 4 > 1, i, NULL), i, 2, i
            FROM n""";

    private static final String ALL_SUCCEEDED = "UPDATE deliveries SET status = 'succeeded', next_attempt_at = NULL";

    private static final String ATTEMPTS = """
            WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
            INSERT INTO delivery_attempts (id, delivery_id, webhook_id, payload_id, attempt_number, status, timestamp,
                                           duration_ms, request_headers, request_body_sha256)
            SELECT 'att_' || printf('%%026d', i), id, webhook_id, event_id, 1, 'succeeded', '2026-03-01T00:00:00Z', 5, '{}',
                '' FROM n JOIN deliveries ON id = 'dlv_' || printf('%%026d', i)""";

    private static final String TOTALS = """
            INSERT OR REPLACE INTO webhook_totals (webhook_id, attempts_succeeded, attempts_failed, duration_ms, durations,
                                                   pending, retrying)
            SELECT id, 1, 1, 1, x'', 10, 5 FROM webhooks WHERE deleted_at IS NULL AND tenant <> 'idle'""";

    /** A few wait for the last webhook among many that do not. */
    private static final String FEW_WAIT = """
            WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
            INSERT INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                                    last_response_code, next_attempt_at, opened_at, payload_bytes, created_at)
            SELECT 'dlv_' || printf('%%026d', i) || 'z', 'idle', 'evt_' || printf('%%026d', i), 'type.1',
                'wh_' || printf('%%026d', 4), iif(i %% 2500 = 0, 'pending', 'succeeded'), i %% 5000 = 0, 0, 200,
                iif(i %% 2500 = 0, i, NULL), i, 2, i
            FROM n""";

    /** As many as the table may lack. */
    private static final int NEWEST_UNLISTED = 500;

    private static final String LISTED = """
            INSERT OR IGNORE INTO webhook_deliveries (webhook_id, delivery_id) SELECT webhook_id, id FROM deliveries
            WHERE id < (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET %d)""";

    private static final String LISTED_TO = """
            INSERT OR REPLACE INTO webhook_deliveries_complete (only, below)
            SELECT 1, id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET %d""";

    private void grow(int first, int last) throws SQLException {
        change(EVENTS.formatted(first, last));
        change(DELIVERIES.formatted(first, last));
        change(FEW_WAIT.formatted(first, last));
        change(ATTEMPTS.formatted(first, last));
        change(TOTALS);
        change(LISTED.formatted(NEWEST_UNLISTED));
        change(LISTED_TO.formatted(NEWEST_UNLISTED));
    }

    private void change(String sql) throws SQLException {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String digits(int number) {
        return String.format("%026d", number);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
        } catch (Exception fault) {
            throw new AssertionError(fault);
        }
    }
}
