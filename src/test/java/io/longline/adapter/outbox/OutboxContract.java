package io.longline.adapter.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application may rely on whose rows become events, with whole servers over a real database. */
@Timeout(120)
abstract class OutboxContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LARGEST = 262_144;

    @TempDir
    Path folder;

    Application application;

    /** A database of the test's own, empty. */
    abstract Application database();

    /** What {@code outbox.url} is for it. */
    abstract String url();

    /** How often the table is looked at while nothing wakes the server. */
    abstract String pollMillis();

    abstract String ddl(String... watched);

    @BeforeEach
    void makeTheOutbox() {
        application = database();
        application.run(ddl());
    }

    RunningServer server(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of("outbox.url", url()));
        settings.addAll(List.of(more));
        Path own = folder.resolve(name);
        try {
            return RunningServer.start(Files.createDirectories(own), settings.toArray(String[]::new));
        } catch (java.io.IOException fault) {
            throw new IllegalStateException(fault);
        }
    }

    void untilNothingWaits() {
        await("nothing waiting")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> application.waiting() == 0);
    }

    /** The numbers in a store's events, in the order in which they were accepted. */
    static List<Integer> numbers(RunningServer server) {
        return Application.rows(
                        "jdbc:sqlite:" + server.storeFile(),
                        new Properties(),
                        "SELECT payload FROM events WHERE type = 'row.added' ORDER BY id")
                .stream()
                .map(payload -> Answer.read(payload.getBytes(StandardCharsets.UTF_8))
                        .at("/data/n")
                        .asInt())
                .toList();
    }

    static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private JsonNode event(RunningServer server, String data) {
        String id = application
                .rows("SELECT event_id FROM outbox WHERE CAST(data AS TEXT) = '" + data + "'")
                .get(0);
        Answer answer = server.api().get("/api/events/" + id);
        assertThat(answer.status()).as("%s for the row with %s", id, data).isEqualTo(200);
        return answer.json();
    }

    @Test
    void rows_becomeEvents_whateverTheOrderOfTheirCommits_andFaultyOnesArePassedOver() throws SQLException {
        try (RunningServer server = server("one", "outbox.poll_ms", pollMillis());
                Connection late = application.connect()) {
            application.insert("order.created", "{\"z\": 1.10, \"a\": 12345678901234567890}");
            application.run(
                    "INSERT INTO outbox (event, data, metadata, tenant, created_at) VALUES ('order.paid', '[1]',"
                            + " '{\"by\": 1.0}', 'acme', '2026-01-31 12:00:00.250+00:00')");
            untilNothingWaits();

            JsonNode carried = event(server, "{\"z\": 1.10, \"a\": 12345678901234567890}");
            assertThat(server.api()
                            .get("/api/events/" + carried.path("id").asText())
                            .text())
                    .contains("\"data\":{\"z\": 1.10, \"a\": 12345678901234567890},\"metadata\":{}");
            assertThat(carried.path("tenant").asText()).isEqualTo("default");
            JsonNode whole = event(server, "[1]");
            assertThat(whole.path("tenant").asText()).isEqualTo("acme");
            assertThat(whole.at("/payload/timestamp").asText()).isEqualTo("2026-01-31T12:00:00.250Z");
            assertThat(whole.at("/payload/metadata").toString()).isEqualTo("{\"by\":1.0}");

            lateAndRolledBackRows(server, late);
            faultyRows(server);
            inTime(server);
        }
        try (RunningServer again = server("one", "outbox.keep_hours", "0")) {
            await("the marked rows' end")
                    .atMost(PATIENCE)
                    .until(() -> application.rows("SELECT id FROM outbox").isEmpty());
            assertThat(again.api().get("/api/events/recent?event=order.created").each("id"))
                    .hasSize(1);
        }
    }

    /** A lower number that is committed after a higher one; how that comes about differs. */
    abstract void lateAndRolledBackRows(RunningServer server, Connection late) throws SQLException;

    /** Takes away what keeps the database from holding what is no JSON. */
    abstract void takeAnyText();

    private void faultyRows(RunningServer server) {
        takeAnyText();
        application.run("INSERT INTO outbox (event, data, metadata, tenant) VALUES"
                + " ('order.*', '{}', NULL, NULL), (' x', '{}', NULL, NULL), ('f', '{\"a\":1', NULL, NULL),"
                + " ('f', '{\"a\":1,\"a\":2}', NULL, NULL), ('f', '', NULL, NULL), ('f', '{}', '[]', NULL),"
                + " ('f', '{}', NULL, 'no tenant'), ('f', '\"" + "x".repeat(LARGEST) + "\"', NULL, NULL),"
                + " ('f', '\"" + "x".repeat(LARGEST - 20) + "\"', NULL, NULL), ('fine', '{\"fine\":1}', NULL, NULL)");
        untilNothingWaits();
        List<String> errors = application.rows("SELECT error FROM outbox WHERE error IS NOT NULL ORDER BY id");
        assertThat(errors).hasSize(9);
        assertThat(errors.subList(0, 8))
                .containsExactly(
                        "event must not contain *, which has a meaning only in subscriptions",
                        "event must not begin or end with a space",
                        "data is not valid JSON (line 1, column 7)",
                        "data has the same key twice in one object (line 1, column 11)",
                        "data is empty; it must be JSON",
                        "metadata must be a JSON object",
                        "tenant must have 1 to 64 letters, digits, dots, hyphens or underscores",
                        "data and metadata have 262146 bytes; a payload has at most 262144");
        assertThat(errors.get(8)).startsWith("the payload has ").endsWith("at most 262144 are taken");
        assertThat(event(server, "{\"fine\":1}").path("event").asText()).isEqualTo("fine");
    }

    private void inTime(RunningServer server) {
        long longest = 0;
        for (int count = 0; count < 5; count++) {
            long start = System.nanoTime();
            application.insert("quick", "{\"q\":" + count + "}");
            await("an event")
                    .atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> application.waiting() == 0);
            longest = Math.max(longest, System.nanoTime() - start);
        }
        System.out.printf(
                "%s: a row alone is an event and marked within %d ms%n",
                getClass().getSimpleName(), longest / 1_000_000);
        assertThat(server.api().get("/api/events/recent?event=quick").each("id"))
                .hasSize(5);
    }

    @Test
    void watchedTables_tellWhatBecomesOfTheirRows() {
        application.run("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, credit NUMERIC(10, 2))");
        application.run("CREATE TABLE orders (number TEXT PRIMARY KEY, paid INTEGER)");
        application.run(ddl("users", "orders:number"));
        application.run(ddl("users", "orders:number"));

        application.run("INSERT INTO users VALUES (1, 'Ann \"A\"', 1.25)");
        application.run("UPDATE users SET name = NULL WHERE id = 1");
        application.run("UPDATE users SET credit = credit");
        application.run("INSERT INTO orders VALUES ('a-1', 0)");
        application.run("DELETE FROM users");

        try (RunningServer server = server("one")) {
            untilNothingWaits();
            List<String> told = new ArrayList<>();
            for (String id : application.rows("SELECT event_id FROM outbox ORDER BY id")) {
                JsonNode payload = server.api().get("/api/events/" + id).json().path("payload");
                told.add(payload.path("event").asText() + " " + payload.path("data") + " " + payload.path("metadata"));
            }
            String from = " {\"source\":\"outbox\"}";
            assertThat(told)
                    .containsExactly(
                            "data.created {\"table\":\"users\",\"id\":1,\"old\":null,"
                                    + "\"new\":{\"id\":1,\"name\":\"Ann \\\"A\\\"\",\"credit\":1.25},\"changed\":null}"
                                    + from,
                            "data.updated {\"table\":\"users\",\"id\":1,"
                                    + "\"old\":{\"id\":1,\"name\":\"Ann \\\"A\\\"\",\"credit\":1.25},"
                                    + "\"new\":{\"id\":1,\"name\":null,\"credit\":1.25},\"changed\":[\"name\"]}" + from,
                            "data.created {\"table\":\"orders\",\"id\":\"a-1\",\"old\":null,"
                                    + "\"new\":{\"number\":\"a-1\",\"paid\":0},\"changed\":null}" + from,
                            "data.deleted {\"table\":\"users\",\"id\":1,"
                                    + "\"old\":{\"id\":1,\"name\":null,\"credit\":1.25},\"new\":null,\"changed\":null}"
                                    + from);
        }
    }

    @Test
    void rows_thatMeetAFullIntakeOrALostConnection_areEventsOnceAndInOrder() {
        try (Receiver receiver = new Receiver();
                RunningServer server =
                        server("one", "ingest.max_waiting_deliveries", "31", "outbox.batch_rows", "50")) {
            for (int count = 0; count < 3; count++) {
                server.api().post("/api/webhooks", "{\"url\":\"" + receiver.url("/") + "\",\"events\":[\"row.*\"]}");
            }
            for (int from = 0; from < 1_000; from += 100) {
                application.insertMany(from, from + 100);
                disturb();
            }

            untilNothingWaits();

            assertThat(numbers(server)).isEqualTo(upTo(1_000));
            // Told of a mark, the server lets its keys expire a moment later.
            await().untilAsserted(() -> assertThat(Application.rows(
                            "jdbc:sqlite:" + server.storeFile(),
                            new Properties(),
                            "SELECT count(*) FROM idempotency WHERE expires_at = " + Long.MAX_VALUE))
                    .containsExactly("0"));
            assertThat(server.api().get("/health/ready").status()).isEqualTo(200);
        }
    }

    /** Takes the connection away, or keeps it from doing anything. */
    abstract void disturb();

    @Test
    void severalServers_shareTheRows_eachInOneLog() {
        try (RunningServer first = server("first", "outbox.batch_rows", "20");
                RunningServer second = server("second", "outbox.batch_rows", "20")) {
            for (int from = 0; from < 2_000; from += 50) {
                application.insertMany(from, from + 50);
            }
            untilNothingWaits();

            List<Integer> all = new ArrayList<>(numbers(first));
            int one = all.size();
            all.addAll(numbers(second));
            System.out.printf(
                    "%s: of 2000 rows %d went to one server, %d to the other%n",
                    getClass().getSimpleName(), one, all.size() - one);
            assertThat(all).containsExactlyInAnyOrderElementsOf(upTo(2_000));
        }
    }

    @Test
    void manyRows_becomeEventsAtARateThatIsTold() {
        int count = 20_000;
        application.insertMany(0, count);
        long start = System.nanoTime();
        try (RunningServer server = server("one")) {
            await("all")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> application.waiting() == 0);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%s: %d rows in %.1f s from the server's start, %.0f rows/s%n",
                    getClass().getSimpleName(), count, seconds, count / seconds);
            assertThat(numbers(server)).isEqualTo(upTo(count));
        }
    }
}
