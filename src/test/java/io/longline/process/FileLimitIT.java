package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.process.Receiver.Reaction;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F2, F3: the store's file can be written no more, by a limit or by another's lock; for any user. */
@Timeout(90)
class FileLimitIT {
    private static final int LIMIT_KIB = 2_048;
    private static final String BIG = "\"" + "x".repeat(20_000) + "\"";
    private static final int ENOUGH_CALLS = 1_000;

    @TempDir
    Path folder;

    private Path store() {
        return folder.resolve("longline.db");
    }

    private LonglineProcess startLimited() {
        List<String> java = LonglineProcess.command(folder);
        java.addAll(LonglineProcess.serving(store()));
        // The limit's signal ends most programs; the virtual machine ignores it and the write fails.
        List<String> shell = List.of("bash", "-c", "ulimit -f " + LIMIT_KIB + "; exec \"$@\"", "limited");
        List<String> command = new ArrayList<>(shell);
        command.addAll(java);
        return LonglineProcess.launch(folder, Map.of(), command);
    }

    @Test
    void f2_aFileThatMayNotGrow_isAnswered503_andTheNextStartDeliversAllThatWasAccepted() throws IOException {
        List<String> accepted = new ArrayList<>();
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.REFUSE)) {
            try (LonglineProcess limited = startLimited()) {
                Api api = new Api(limited.address());
                Subscriber.register(api, receiver, "/all", List.of("load.*"), ",\"retry_schedule\":[5]");

                Api.Answer refused = triggerUntilRefused(api, accepted);

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.text()).contains("the disk reports an error");
                assertThat(api.get("/health/ready").status()).isEqualTo(503);
                assertThat(limited.stop()).as("exit code; %s", limited.err()).isZero();
            }
            receiver.script((path, id, nth) -> Reaction.ACCEPT);
            try (LonglineProcess next = LonglineProcess.serve(store())) {
                Api api = new Api(next.address());
                await("nothing pending").atMost(LonglineProcess.PATIENCE).until(() -> api.pending() == 0);
                assertThat(next.stop()).isZero();
            }
            assertThat(new StoreFile(store())
                            .rows("SELECT id FROM events WHERE type = 'load.a'", row -> row.getString(1)))
                    .containsExactlyInAnyOrderElementsOf(accepted);
            assertThat(receiver.arrivals())
                    .filteredOn(arrival -> arrival.reaction() == Reaction.ACCEPT)
                    .extracting(Receiver.Arrival::id)
                    .containsExactlyInAnyOrderElementsOf(accepted);
        }
    }

    private static Api.Answer triggerUntilRefused(Api api, List<String> accepted) {
        for (int call = 0; call < ENOUGH_CALLS; call++) {
            Api.Answer answer = api.post("/api/events/trigger", Api.event("load.a", BIG));
            if (answer.status() != 202) {
                return answer;
            }
            accepted.add(answer.body().get("id").asText());
        }
        throw new AssertionError("the store took " + ENOUGH_CALLS + " big events into a limited file");
    }

    @Test
    void f3_aStoreThatAnotherProcessWrites_isAnswered503_untilItLetsGo() throws IOException, SQLException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT);
                LonglineProcess server = LonglineProcess.serve(store())) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + store());
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");

                Api.Answer refused = api.post("/api/events/trigger", Api.event("load.a", "1"));

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.text()).contains("locked by another process");
                assertThat(api.get("/health/ready").status()).isEqualTo(503);
                statement.execute("ROLLBACK");
            }
            await("ready again, though nobody calls")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> api.get("/health/ready").status() == 200);
            String id = api.trigger("load.a", "2").get("id").asText();
            await("nothing pending").atMost(LonglineProcess.PATIENCE).until(() -> api.pending() == 0);
            assertThat(receiver.arrivals()).extracting(Receiver.Arrival::id).containsExactly(id);
        }
    }
}
