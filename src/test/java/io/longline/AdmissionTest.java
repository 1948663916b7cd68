package io.longline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What waits to be accepted is bounded (E1). Another process that holds the file's write lock keeps commits waiting, so
 * that the bound is reached however fast the disk is.
 */
class AdmissionTest {
    private static final String TRIGGER = "/api/events/trigger";

    @TempDir
    Path directory;

    /** Holds the write lock of a store's file. */
    private static final class Obstacle implements AutoCloseable {
        private final Connection connection;

        Obstacle(RunningServer server) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + server.storeFile() + "?busy_timeout=10000");
            run("BEGIN IMMEDIATE");
        }

        private void run(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            run("ROLLBACK");
            connection.close();
        }
    }

    private static List<Answer> all(List<CompletableFuture<Answer>> calls) {
        return calls.stream().map(CompletableFuture::join).toList();
    }

    private static long refused(List<CompletableFuture<Answer>> calls) {
        return calls.stream()
                .filter(call -> call.isDone() && call.join().status() == 503)
                .count();
    }

    /** The answers that count: some were refused, with word of when to come back, and exactly the others are stored. */
    private static void assertOnlyAcceptedOnesAreStored(Api api, List<Answer> answers) {
        assertThat(answers).extracting(Answer::status).containsOnly(202, 503);
        answers.stream().filter(answer -> answer.status() == 503).forEach(answer -> {
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        });
        Set<String> accepted = answers.stream()
                .filter(answer -> answer.status() == 202)
                .map(Answer::id)
                .collect(Collectors.toSet());
        assertThat(api.get("/api/events/recent?limit=500&event=flood").each("id"))
                .containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(api.trigger("flood").status()).as("it recovers").isEqualTo(202);
    }

    @Test
    void e1_eventsBeyondTheBoundAreRefusedAndNotStored() throws SQLException {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_events", "5")) {
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            try (Obstacle obstacle = new Obstacle(server)) {
                assertThat(obstacle).isNotNull();
                IntStream.range(0, 30)
                        .forEach(n -> calls.add(server.api().postAsync(TRIGGER, "{\"event\":\"flood\",\"data\":1}")));
                Awaitility.await().until(() -> refused(calls) == 25);
            }

            List<Answer> answers = all(calls);

            assertOnlyAcceptedOnesAreStored(server.api(), answers);
        }
    }

    @Test
    void e1_aBatchLargerThanTheBoundIsTakenWhenNothingElseWaits() {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_events", "1")) {
            Answer answer = server.api()
                    .post("/api/events/batch", "[{\"event\":\"a\",\"data\":1},{\"event\":\"b\",\"data\":1}]");

            assertThat(answer.status()).isEqualTo(202);
        }
    }

    @Test
    void e1_bytesBeyondTheBoundAreRefusedAndNotStored() throws SQLException {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_bytes", "1048576")) {
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            String large = "{\"event\":\"flood\",\"data\":\"" + "x".repeat(200_000) + "\"}";
            try (Obstacle obstacle = new Obstacle(server)) {
                assertThat(obstacle).isNotNull();
                IntStream.range(0, 12).forEach(n -> calls.add(server.api().postAsync(TRIGGER, large)));
                Awaitility.await().until(() -> refused(calls) >= 7);
            }

            List<Answer> answers = all(calls);

            assertOnlyAcceptedOnesAreStored(server.api(), answers);
        }
    }

    /** What batches hold in memory is bounded for all calls together, however many come. */
    @Test
    void e1_linesBeyondTheBoundAreRefusedAndNotStored() throws SQLException {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_bytes", "1048576")) {
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            byte[] lines = ("{\"event\":\"flood\",\"data\":\"" + "x".repeat(100_000) + "\"}\n")
                    .repeat(2)
                    .getBytes(UTF_8);
            try (Obstacle obstacle = new Obstacle(server)) {
                assertThat(obstacle).isNotNull();
                IntStream.range(0, 12)
                        .forEach(n -> calls.add(server.api()
                                .sendAsync(
                                        "POST", "/api/events/batch", lines, "Content-Type", "application/x-ndjson")));
                Awaitility.await().until(() -> refused(calls) >= 7);
            }

            List<Answer> answers = all(calls);

            assertThat(answers).extracting(Answer::status).containsOnly(202, 503);
            long accepted =
                    answers.stream().filter(answer -> answer.status() == 202).count();
            assertThat(accepted).isBetween(1L, 5L);
            assertThat(server.api()
                            .get("/api/events/recent?limit=500&event=flood")
                            .each("id"))
                    .hasSize((int) (2 * accepted));
            assertThat(server.api().trigger("flood").status()).as("it recovers").isEqualTo(202);
        }
    }

    @Test
    void e1_deliveriesBeyondTheBoundAreRefusedAndNotStored() throws SQLException {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_deliveries", "6")) {
            for (int count = 0; count < 3; count++) {
                server.api().register("http://localhost:1/", "flood");
            }
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            try (Obstacle obstacle = new Obstacle(server)) {
                assertThat(obstacle).isNotNull();
                IntStream.range(0, 10)
                        .forEach(n -> calls.add(server.api().postAsync(TRIGGER, "{\"event\":\"flood\",\"data\":1}")));
                Awaitility.await().until(() -> refused(calls) == 8);
            }

            List<Answer> answers = all(calls);

            assertOnlyAcceptedOnesAreStored(server.api(), answers);
        }
    }

    @Test
    void e1_aCallThatWouldMakeTooManyDeliveriesIsTooLarge() {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_fan_out", "3")) {
            Api api = server.api();
            for (int count = 0; count < 3; count++) {
                api.register("http://localhost:1/", "fan");
            }

            Answer fits = api.trigger("fan");
            Answer batch =
                    api.post("/api/events/batch", "[{\"event\":\"fan\",\"data\":1},{\"event\":\"fan\",\"data\":1}]");
            api.register("http://localhost:1/", "fan");
            Answer single = api.post(TRIGGER, "{\"event\":\"fan\",\"data\":1}");

            assertThat(fits.json().path("deliveries").asInt()).isEqualTo(3);
            assertThat(batch.status()).isEqualTo(413);
            assertThat(single.status()).isEqualTo(413);
            assertThat(api.get("/api/events/recent?event=fan").each("id")).containsExactly(fits.id());
        }
    }

    @Test
    void e1_aFloodWithoutAnObstacleLosesNothingThatWasAccepted() {
        try (RunningServer server = RunningServer.start(directory, "ingest.max_waiting_events", "8")) {
            List<CompletableFuture<Answer>> calls = IntStream.range(0, 400)
                    .mapToObj(n -> server.api().postAsync(TRIGGER, "{\"event\":\"flood\",\"data\":1}"))
                    .toList();

            List<Answer> answers = all(calls);

            assertThat(answers).extracting(Answer::status).contains(202).isSubsetOf(202, 503);
            long accepted =
                    answers.stream().filter(answer -> answer.status() == 202).count();
            assertThat(server.api()
                            .get("/api/events/recent?limit=500&event=flood")
                            .each("id"))
                    .hasSize((int) accepted);
        }
    }
}
