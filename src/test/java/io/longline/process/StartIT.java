package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.process.Receiver.Reaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a server starts, what it says then, and what it never says. */
@Timeout(120)
class StartIT {
    private static final Duration GOAL = Duration.ofMillis(2_500);
    /** Ratios are measured elsewhere; on a busy machine a start may take five times the goal. */
    private static final Duration CEILING = GOAL.multipliedBy(5);

    private static final int MOST_LINES = 6;
    private static final int WEBHOOKS = 100;
    private static final int EVENTS = 1_000;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("longline.db");
    }

    @Test
    void start_onANewStore_isReadySoon() {
        Duration taken = timeToReady("a new store");

        assertThat(taken).isLessThan(CEILING);
    }

    @Test
    void start_withAHundredThousandPendingDeliveries_isReadyAsSoon() throws IOException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.HANG)) {
            pileUp(receiver);

            Duration taken = timeToReady(WEBHOOKS * EVENTS + " pending deliveries");

            assertThat(taken).isLessThan(CEILING);
            assertThat(new StoreFile(file()).number("SELECT count(*) FROM deliveries WHERE status = 'pending'"))
                    .isEqualTo(WEBHOOKS * EVENTS);
        }
    }

    /** From the start of the process to the first answer that says ready. */
    private Duration timeToReady(String what) {
        long began = System.nanoTime();
        // As a user starts it: without the options that save time in other tests.
        try (LonglineProcess server = LonglineProcess.startServer(file(), List.of())) {
            assertThat(new Api(server.address()).get("/health/ready").status()).isEqualTo(200);
            Duration taken = Duration.ofNanos(System.nanoTime() - began);
            System.out.printf(
                    "StartIT: ready after %d ms with %s (goal %d ms)%n", taken.toMillis(), what, GOAL.toMillis());
            return taken;
        }
    }

    private void pileUp(Receiver receiver) {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            Api api = new Api(server.address());
            for (int number = 0; number < WEBHOOKS; number++) {
                Subscriber.register(api, receiver, "/" + number, List.of("load.*"), "");
            }
            String batch = IntStream.range(0, EVENTS)
                    .mapToObj(number -> Api.event("load.a", "{\"n\":" + number + "}"))
                    .collect(Collectors.joining(",", "[", "]"));
            assertThat(api.post("/api/events/batch", batch).status()).isEqualTo(202);
            server.kill();
        }
    }

    @Test
    void start_saysInAFewLinesWhereItIsAndWhatToTry() {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            String address = server.address();

            server.stop();

            assertThat(server.out()).hasSizeLessThanOrEqualTo(MOST_LINES);
            assertThat(String.join("\n", server.out()))
                    .contains("ready", address + "/", "sqlite:" + file(), "curl " + address + "/api/events/trigger");
        }
    }

    static Stream<Path> filesInConf() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("conf"))) {
            return files.map(Path::toAbsolutePath).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("filesInConf")
    void start_withAFileFromConf_works(Path conf) {
        String[] arguments = {"--config", conf.toString(), "--port", "0", "--store", "sqlite:" + file()};
        try (LonglineProcess server = LonglineProcess.start(folder, Map.of(), arguments)) {
            assertThat(new Api(server.address()).get("/health/ready").status()).isEqualTo(200);
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void start_withoutAStoreNamed_makesItInTheCurrentFolder() {
        try (LonglineProcess server = LonglineProcess.start(folder, Map.of(), "serve", "--port", "0")) {
            server.port();

            assertThat(server.stop()).isZero();
            assertThat(folder.resolve("longline.db")).isRegularFile();
        }
    }

    @Test
    void settings_fromTheEnvironment_countLessThanFlags_andUnknownOnesAreOneWarning() {
        Map<String, String> environment = Map.of(
                "LONGLINE_SERVER_PORT", "1",
                "LONGLINE_STORE_URL", "sqlite:" + folder.resolve("named.db"),
                "LONGLINE_NONSENSE", "1");
        try (LonglineProcess server = LonglineProcess.start(folder, environment, "--port", "0")) {
            server.port();

            server.stop();

            assertThat(folder.resolve("named.db")).isRegularFile();
            assertThat(server.err())
                    .filteredOn(line -> line.startsWith("longline:"))
                    .containsExactly(
                            "longline: the environment variable LONGLINE_NONSENSE names no setting and is ignored");
        }
    }

    @Test
    void logs_asJson_areOneObjectALine() throws JsonProcessingException {
        try (LonglineProcess server = LonglineProcess.serve(file(), "log.format=json")) {
            server.stop();

            assertThat(server.err()).isNotEmpty();
            for (String line : server.err()) {
                JsonNode object = new ObjectMapper().readTree(line);
                assertThat(object.isObject()).as(line).isTrue();
                assertThat(object.path("level").asText()).as(line).isEqualTo("INFO");
                assertThat(object.path("formattedMessage").asText()).as(line).isNotEmpty();
            }
        }
    }

    @Test
    void logs_atInfo_neverShowASecretOrAPayloadOrAPath() throws IOException {
        String secret = "the-secret-of-the-webhook";
        String payload = "the-payload-of-the-event";
        String settings = "circuit.failures_in_a_row=3";
        try (Receiver receiver = new Receiver(StartIT::failThenGone);
                LonglineProcess server = LonglineProcess.serve(file(), settings, "circuit.first_wait_seconds=1")) {
            Api api = new Api(server.address());
            String fields = ",\"secret\":\"" + secret + "\",\"headers\":{\"X-Token\":\"" + secret + "\"}";
            Subscriber webhook = Subscriber.register(api, receiver, "/private-path", List.of("load.*"), fields);
            api.trigger("load.a", "\"" + payload + "\"");
            api.post("/api/events/trigger", "{\"event\":\"" + payload + "\",\"secret\":\"" + secret + "\"}");
            api.post("/api/webhooks/test", "{\"webhook_id\":\"" + webhook.id() + "\"}");
            await("the webhook is disabled")
                    .atMost(LonglineProcess.PATIENCE)
                    .until(() -> !api.get("/api/webhooks/" + webhook.id())
                            .body()
                            .get("active")
                            .asBoolean());

            server.stop();

            assertThat(server.err())
                    .as("it tells of the circuit and the webhook")
                    .anyMatch(line -> line.contains("circuit"));
            assertThat(server.err())
                    .noneMatch(line -> line.contains(secret) || line.contains(payload) || line.contains("private-path"))
                    .allMatch(line -> line.startsWith("20"), "is one log line, not part of a trace");
        }
    }

    private static Reaction failThenGone(String path, String id, int nth) {
        return nth > 5 ? Reaction.GONE : nth % 2 == 0 ? Reaction.RESET : Reaction.REFUSE;
    }
}
