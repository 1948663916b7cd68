package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under load, from start to stop, no event loop works in SQLite or waits for a name: E17. */
class EventLoopJourneyTest {
    private static final String NAME = "localhost";
    private static final int SPELLINGS = 1 << NAME.length();
    private static final List<String> READS = List.of(
            "/api/deliveries?limit=500",
            "/api/deliveries?status=retrying",
            "/api/events",
            "/api/events/recent?limit=500",
            "/api/stats",
            "/api/webhooks?q=load",
            "/health/ready");

    @TempDir
    private Path folder;

    private int spelling;

    @Test
    void e17_eventLoops_neverWorkInSqliteNorLookNamesUp() {
        try (ThreadWatch watch = new ThreadWatch();
                ScriptedReceiver receiver = ScriptedReceiver.always(200)) {
            receiver.hold(request -> new CompletableFuture<Reply>()
                    .completeOnTimeout(Reply.of(answer(request.attempt())), 20, TimeUnit.MILLISECONDS));
            // A small window, so that first attempts are read from the store as well.
            try (JourneyServer server = JourneyServer.start(folder, Map.of("delivery.window", "16"))) {
                load(server, receiver, watch);
            }

            assertThat(watch.eventLoops()).isNotEmpty();
            assertThat(watch.inSqlite()).isNotEmpty().noneMatch(ThreadWatch::isEventLoop);
            assertThat(watch.preparing()).isNotEmpty().noneMatch(ThreadWatch::isEventLoop);
            assertThat(watch.inLookUps()).isNotEmpty().noneMatch(ThreadWatch::isEventLoop);
        }
    }

    private static int answer(int attempt) {
        return attempt == 1 ? 404 : 200;
    }

    /** Goes on until the watch has seen both kinds of work, so that it cannot have been looking elsewhere. */
    private void load(JourneyServer server, ScriptedReceiver receiver, ThreadWatch watch) {
        for (int n = 0; n < 16; n++) {
            server.webhook(nextUrl(receiver), "load.*", ",\"retry_schedule\":[0,0]");
        }
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    round(server, receiver);
                    return !watch.inSqlite().isEmpty() && !watch.inLookUps().isEmpty() && spelling >= SPELLINGS / 2;
                });
        await().atMost(Duration.ofSeconds(60))
                .until(() -> server.get("/api/stats").at("/queue/pending").asInt() == 0);
    }

    private void round(JourneyServer server, ScriptedReceiver receiver) {
        String event = "{\"event\":\"load.created\",\"data\":{}}";
        server.post(
                "/api/events/batch",
                "["
                        + String.join(
                                ",", IntStream.range(0, 10).mapToObj(n -> event).toList()) + "]");
        for (int n = 0; n < 32; n++) {
            server.post("/api/webhooks/test", "{\"url\":\"" + nextUrl(receiver) + "\"}");
        }
        READS.forEach(server::get);
    }

    /** The receiver by a spelling of its name that was not asked for lately, since answers are kept for a while. */
    private String nextUrl(ScriptedReceiver receiver) {
        char[] name = NAME.toCharArray();
        for (int index = 0; index < name.length; index++) {
            if ((spelling >> index & 1) == 1) {
                name[index] = Character.toUpperCase(name[index]);
            }
        }
        spelling++;
        return "http://" + new String(name) + ":" + receiver.port() + "/";
    }
}
