package io.longline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops takes nothing new in, lets what is in flight end, and loses nothing of it. */
class DrainingTest {
    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    @TempDir
    Path directory;

    /** Begins to stop a server while a delivery of this name is in flight. */
    private static Future<Void> stopDuring(RunningServer server, String name) {
        RECEIVER.does("/" + name, new Receiver.Hold());
        server.api().register(RECEIVER.url("/" + name), name);
        server.api().trigger(name);
        RECEIVER.await("/" + name, 1);
        Future<Void> stopped = server.stop();
        Awaitility.await().until(() -> server.api().get("/health/ready").status() == 503);
        return stopped;
    }

    @Test
    void draining_refusesWhatIsNewAndSaysThatItIsNotReady() {
        try (RunningServer server = RunningServer.start(directory, "server.drain_seconds", "30")) {
            Future<Void> stopped = stopDuring(server, "drain");
            Api api = server.api();

            Answer trigger = api.post("/api/events/trigger", "{\"event\":\"late\",\"data\":1}");
            Answer create = api.post("/api/webhooks", "{\"url\":\"http://localhost:1/\",\"events\":[\"*\"]}");
            Answer ready = api.get("/health/ready");

            assertThat(trigger.status()).isEqualTo(503);
            assertThat(trigger.header("Retry-After")).isNotEmpty();
            assertThat(trigger.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(create.status()).isEqualTo(503);
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.json().path("status").asText()).isEqualTo("not_ready");
            assertThat(ready.json().at("/checks/dispatcher").asText()).isEqualTo("draining");
            assertThat(api.get("/health/live").status()).isEqualTo(200);
            assertThat(api.get("/api/events/recent?event=late").each("id")).isEmpty();
            assertThat(stopped.isComplete()).isFalse();
            RECEIVER.release("/drain", 200);
            RunningServer.await(stopped);
        }
    }

    @Test
    void draining_recordsWhatWasInFlight() {
        try (RunningServer server = RunningServer.start(directory, "server.drain_seconds", "30")) {
            Future<Void> stopped = stopDuring(server, "recorded");
            RECEIVER.release("/recorded", 200);
            RunningServer.await(stopped);
        }

        try (RunningServer again = RunningServer.start(directory)) {
            assertThat(again.api().get("/api/deliveries?event=recorded").each("status"))
                    .containsExactly("succeeded");
        }
        assertThat(RECEIVER.received("/recorded")).hasSize(1);
    }

    @Test
    void draining_endsInTimeAndWhatWasCutOffIsSentAfterTheNextStart() {
        try (RunningServer server = RunningServer.start(directory, "server.drain_seconds", "1")) {
            RunningServer.await(stopDuring(server, "cut"));
        }
        RECEIVER.release("/cut", 200);

        try (RunningServer again = RunningServer.start(directory)) {
            assertThat(RECEIVER.await("/cut", 2)).hasSize(2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> again.api()
                            .get("/api/deliveries?event=cut")
                            .each("status")
                            .get(0)
                            .equals("succeeded"));
        }
    }

    @Test
    void stoppedServer_isNotReachableAnyMore() {
        RunningServer server = RunningServer.start(directory);
        Api api = server.api();
        server.close();

        assertThat(api.sendAsync("GET", "/health/live", null))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(IOException.class);
    }

    @Test
    void server_refusesToListenToOtherMachinesWithoutBeingToldTo() {
        Throwable refused = catchThrowable(() -> RunningServer.start(directory, "server.host", "0.0.0.0"));

        assertThat(refused).hasRootCauseInstanceOf(StartRefusedException.class);
        assertThat(refused.getCause().getMessage())
                .contains("server.host", "auth.mode")
                .doesNotContain("\n");
    }

    @Test
    void server_listensToOtherMachinesWhenToldTo() {
        try (RunningServer server = RunningServer.start(directory, "server.host", "0.0.0.0", "auth.mode", "none")) {
            assertThat(server.api().get("/health/ready").status()).isEqualTo(200);
        }
    }

    @Test
    void server_raisesItsOwnStartAndStop() {
        try (RunningServer server = RunningServer.start(directory)) {
            assertThat(server.api().get("/api/events/recent").each("event")).containsExactly("system.startup");
        }

        try (RunningServer again = RunningServer.start(directory)) {
            assertThat(again.api().get("/api/events/recent").each("event"))
                    .containsExactly("system.startup", "system.shutdown", "system.startup");
        }
    }
}
