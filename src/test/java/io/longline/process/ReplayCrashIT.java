package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.process.Receiver.Reaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed in the middle of a replay; the next one finishes it, and delivers nothing twice over. */
class ReplayCrashIT {
    private static final int EVENTS = 2_000;
    private static final int AT_ONCE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ATTEMPTS = "(SELECT count(*) AS made FROM delivery_attempts GROUP BY delivery_id)";

    @TempDir
    Path folder;

    @Test
    @Timeout(150)
    void replay_isNeitherLostNorDoubled_whenTheProcessIsKilledInItsMiddle() throws IOException {
        Path file = folder.resolve("longline.db");
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT)) {
            String replay;
            try (LonglineProcess server = LonglineProcess.serve(file)) {
                Api api = new Api(server.address());
                Subscriber.register(api, receiver, "/again", List.of("again.*"), "");
                for (int sent = 0; sent < EVENTS; sent += AT_ONCE) {
                    assertThat(api.post("/api/events/batch", batch(sent)).status())
                            .isEqualTo(202);
                }
                await("the first time").atMost(PATIENCE).until(() -> api.pending() == 0);
                assertThat(receiver.count()).isEqualTo(EVENTS);

                JsonNode begun = api.post(
                                "/api/replays",
                                "{\"since\":\"2020-01-01T00:00:00Z\",\"until\":\"2099-01-01T00:00:00Z\",\"event\":\"again.now\"}")
                        .body();
                replay = begun.path("id").asText();
                await("the replay's middle")
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> receiver.count() > EVENTS + EVENTS / 10);
                assertThat(api.get("/api/replays/" + replay)
                                .body()
                                .path("state")
                                .asText())
                        .isEqualTo("running");
                server.kill();
            }

            try (LonglineProcess server = LonglineProcess.serve(file)) {
                Api api = new Api(server.address());
                await("the replay's end")
                        .atMost(PATIENCE)
                        .until(() -> !api.get("/api/replays/" + replay)
                                        .body()
                                        .path("state")
                                        .asText()
                                        .equals("running")
                                && api.pending() == 0);
                JsonNode ended = api.get("/api/replays/" + replay).body();
                assertThat(ended.path("state").asText()).isEqualTo("done");
                assertThat(ended.path("done").asLong()).isEqualTo(EVENTS);
                assertThat(server.stop()).as("exit code; %s", server.err()).isZero();
            }

            StoreFile store = new StoreFile(file);
            assertThat(store.number("SELECT count(*) FROM deliveries WHERE status = 'succeeded'"))
                    .isEqualTo(EVENTS);
            // What was under way at the kill may arrive once more; it is one attempt all the same.
            assertThat(store.number("SELECT min(made) FROM " + ATTEMPTS)).isEqualTo(2);
            assertThat(store.number("SELECT max(made) FROM " + ATTEMPTS)).isEqualTo(2);
        }
    }

    private static String batch(int from) {
        return IntStream.range(from, from + AT_ONCE)
                .mapToObj(number -> Api.event("again.now", "{\"number\":" + number + "}"))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
