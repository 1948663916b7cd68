package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark as a process: short runs whose figures must agree with each other; how fast it is, is not judged here. */
@Timeout(120)
class BenchIT {
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 4;

    @TempDir
    Path folder;

    private LonglineProcess bench(String... arguments) {
        String[] all = Arrays.copyOf(new String[] {"bench"}, 1 + arguments.length);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return LonglineProcess.start(folder, Map.of(), all);
    }

    private JsonNode figures(String... arguments) throws JsonProcessingException {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        try (LonglineProcess process = bench(all)) {
            assertThat(process.exitCode(java.time.Duration.ofSeconds(100)))
                    .as("exit code; %s", process.err())
                    .isZero();
            return new ObjectMapper().readTree(String.join("\n", process.out()));
        }
    }

    private static void assertClean(JsonNode run) {
        assertThat(run.get("lost").asLong()).as("lost of %s", run).isZero();
        assertThat(run.get("duplicated").asLong()).as("duplicated of %s", run).isZero();
        assertThat(run.get("altered").asLong()).as("altered of %s", run).isZero();
        assertThat(run.get("refused").asLong()).as("refused of %s", run).isZero();
    }

    @Test
    void aRateIsKept_andTheServerStandsBesideTheBaseline() throws JsonProcessingException {
        JsonNode answer = figures(
                "--rate",
                "100",
                "--duration",
                "2s",
                "--warm-up",
                "1s",
                "--webhooks",
                "10",
                "--fan-out",
                "2",
                "--payload-bytes",
                "200",
                "--baseline");

        for (JsonNode run : answer.get("runs")) {
            assertClean(run);
            assertThat(run.get("accepted").asInt()).isEqualTo(200);
            assertThat(run.get("delivered").asInt()).isEqualTo(400);
            assertThat(run.get("latency_p50_ms").asDouble())
                    .isLessThanOrEqualTo(run.get("latency_p99_ms").asDouble());
            assertThat(run.get("start_ms").asInt()).isPositive();
            if (OS.LINUX.isCurrentOs()) {
                assertThat(run.get("compiling_cpu_s_per_10000_events").asDouble())
                        .as("right after the start, of %s", run)
                        .isPositive()
                        .isLessThan(run.get("cpu_s_per_10000_events").asDouble());
            }
        }
        assertThat(StreamSupport.stream(answer.get("runs").spliterator(), false)
                        .map(run -> run.get("name").asText()))
                .containsExactly("longline", "baseline");
        assertThat(answer.get("ratio").asDouble()).isBetween(0.5, 2.0);
        assertThat(folder).as("the temporary store is taken away").isEmptyDirectory();
    }

    @Test
    void roundsCountEveryServerInTurn_andAnotherVersionStandsBeside() throws JsonProcessingException {
        JsonNode answer = figures(
                "--rate",
                "50",
                "--duration",
                "2s",
                "--rounds",
                "2",
                "--warm-up",
                "1s",
                "--webhooks",
                "10",
                "--against",
                System.getProperty("longline.jar"),
                "--baseline");

        assertThat(StreamSupport.stream(answer.get("runs").spliterator(), false)
                        .map(run -> run.get("name").asText()))
                .containsExactly("longline", "against", "baseline");
        for (JsonNode run : answer.get("runs")) {
            assertClean(run);
            assertThat(run.get("accepted").asInt()).isEqualTo(100);
            assertThat(run.get("delivered").asInt()).isEqualTo(100);
            assertThat(run.get("accepted_per_s").asDouble()).isBetween(40.0, 60.0);
        }
        for (String ratio : List.of("ratio", "ratio_against")) {
            List<Double> rounds = StreamSupport.stream(
                            answer.get(ratio + "_rounds").spliterator(), false)
                    .map(JsonNode::asDouble)
                    .toList();
            assertThat(rounds).hasSize(2);
            assertThat(answer.get(ratio).asDouble())
                    .isBetween(Collections.min(rounds) - 0.001, Collections.max(rounds) + 0.001);
        }
    }

    @Test
    void aJarThatIsNotThere_isNamed() {
        try (LonglineProcess process = bench("--against", "no-such.jar")) {
            assertThat(process.exitCode()).isEqualTo(USAGE);
            assertThat(process.err()).singleElement().asString().contains("--against", "no-such.jar");
        }
    }

    @Test
    void whatFailsIsRetried_andWhatHangsIsNotExpected() throws JsonProcessingException {
        JsonNode run = figures(
                        "--rate",
                        "50",
                        "--duration",
                        "2s",
                        "--warm-up",
                        "0s",
                        "--webhooks",
                        "10",
                        "--fail-percent",
                        "20",
                        "--hang-percent",
                        "50",
                        "--timeout",
                        "2s")
                .get("runs")
                .get(0);

        assertClean(run);
        assertThat(run.get("accepted").asInt()).isEqualTo(100);
        assertThat(run.get("delivered").asInt()).isEqualTo(50);
    }

    @Test
    void historyBacklogAndQueries_areMadeFirst_andTold() throws JsonProcessingException {
        JsonNode run = figures(
                        "--rate",
                        "50",
                        "--duration",
                        "2s",
                        "--warm-up",
                        "1s",
                        "--webhooks",
                        "4",
                        "--history",
                        "200",
                        "--backlog",
                        "1500",
                        "--idle-webhooks",
                        "5",
                        "--timeout",
                        "5s",
                        "--queries")
                .get("runs")
                .get(0);

        assertClean(run);
        assertThat(run.get("start_with_backlog_ms").asInt()).isPositive();
        assertThat(StreamSupport.stream(run.get("calls").spliterator(), false)
                        .map(call -> call.get("call").asText()))
                .contains("/api/stats", "/api/deliveries?status=pending");
    }

    @Test
    void aPlanThatCannotBe_isRefusedByName() {
        try (LonglineProcess process = bench("--webhooks", "3", "--fan-out", "2")) {
            assertThat(process.exitCode()).isEqualTo(USAGE);
            assertThat(process.err()).singleElement().asString().contains("--webhooks", "--fan-out", "--help");
        }
    }

    @Test
    void aTargetThatIsNotThere_isNamed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (LonglineProcess process = bench("--target", "http://127.0.0.1:" + port, "--duration", "1s")) {
            assertThat(process.exitCode()).isEqualTo(UNREACHABLE);
            List<String> said = process.err();
            assertThat(said).singleElement().asString().startsWith("longline: ").contains("127.0.0.1:" + port);
        }
    }
}
