package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.security.KeySecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line beside the server: what it prints, and how it exits. */
@Timeout(60)
class CommandLineIT {
    private static final int USAGE = 2;
    private static final int REFUSED = 3;
    private static final int UNREACHABLE = 4;
    private static final int DIFFERENT = 5;
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?ms)^```sh$(.*?)^```$");

    @TempDir
    Path folder;

    private LonglineProcess run(String... arguments) {
        return LonglineProcess.start(folder, Map.of(), arguments);
    }

    private LonglineProcess server() {
        return LonglineProcess.serve(folder.resolve("longline.db"));
    }

    private static String only(List<String> lines) {
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "serve", "receive", "trigger", "outbox", "outbox ddl"})
    void help_opensWithAnExample(String subcommand) {
        String[] arguments = subcommand.isEmpty() ? new String[] {"--help"} : (subcommand + " --help").split(" ");
        try (LonglineProcess process = run(arguments)) {
            assertThat(process.exitCode()).isZero();
            assertThat(process.out()).first().asString().startsWith("Example: java -jar longline.jar " + subcommand);
            assertThat(process.err()).isEmpty();
        }
    }

    @Test
    void version_isOneLine() {
        try (LonglineProcess process = run("--version")) {
            assertThat(process.exitCode()).isZero();
            assertThat(only(process.out())).matches("longline \\d+\\.\\d+\\.\\d+.*");
        }
    }

    @Test
    void trigger_thatIsAccepted_printsTheIdAndTheDeliveries() {
        try (LonglineProcess server = server();
                LonglineProcess trigger =
                        run("trigger", "order.created", "--data", "{\"id\": 1}", "--server", server.address())) {
            assertThat(trigger.exitCode()).as("exit code; %s", trigger.err()).isZero();
            assertThat(only(trigger.out())).matches("evt_[0-9a-z]{26}  0 deliveries");
        }
    }

    @Test
    void trigger_asJson_printsTheAnswer_andSendsWhatItWasGivenAsItIs() throws JsonProcessingException {
        String data = "{\"z\": 1.10, \"a\": 12345678901234567890}";
        try (LonglineProcess server = server();
                LonglineProcess trigger = LonglineProcess.start(
                        folder,
                        Map.of("LONGLINE_SERVER", server.address() + "/"),
                        "trigger",
                        "order.created",
                        "--data",
                        data,
                        "--metadata",
                        "{\"from\":\"here\"}",
                        "--idempotency-key",
                        "once",
                        "--json")) {
            assertThat(trigger.exitCode()).as("exit code; %s", trigger.err()).isZero();
            JsonNode answer = new ObjectMapper().readTree(only(trigger.out()));
            assertThat(answer.get("event").asText()).isEqualTo("order.created");
            assertThat(new Api(server.address())
                            .get("/api/events/" + answer.get("id").asText())
                            .text())
                    .contains(data, "\"from\":\"here\"");
        }
    }

    @Test
    void eventTypes_areImportedFromAFile_andJudgeWhatIsTriggered() throws IOException {
        Path document = Files.writeString(folder.resolve("openapi.yaml"), """
                openapi: 3.1.0
                webhooks:
                  order.created: {post: {summary: Made., requestBody: {content: {application/json: {schema: {type: object}}}}}}
                """);
        try (LonglineProcess server = server();
                LonglineProcess load =
                        run("event-types", "import", document.toString(), "--server", server.address())) {
            assertThat(load.exitCode()).as("exit code; %s", load.err()).isZero();
            assertThat(load.out()).contains("order.created  created", "1 created, 0 changed, 0 unchanged");
            try (LonglineProcess put = run(
                            "event-types",
                            "put",
                            "order.created",
                            "--schema",
                            "{\"type\":\"object\"}",
                            "--validate",
                            "--json",
                            "--server",
                            server.address());
                    LonglineProcess unread = run("event-types", "import", "no.yaml", "--server", server.address())) {
                assertThat(put.exitCode()).as("exit code; %s", put.err()).isZero();
                assertThat(new ObjectMapper()
                                .readTree(only(put.out()))
                                .path("validate")
                                .asBoolean())
                        .isTrue();
                assertThat(unread.exitCode()).isEqualTo(USAGE);
                assertThat(only(unread.err())).contains("no.yaml");
            }
            assertThat(new Api(server.address())
                            .post("/api/events/trigger", "{\"event\":\"order.created\",\"data\":1}")
                            .text())
                    .contains("/data", "object expected");
        }
    }

    /** What each of them answers is tested beside the server; here, that it starts, reaches it and ends as it should. */
    @Test
    void everydayCommands_reachTheServer() throws IOException {
        Path sent = Files.writeString(folder.resolve("sent.ndjson"), "{\"body\": {\"a\": 1}}\n");
        Path request = Files.writeString(folder.resolve("request.txt"), "webhook-id: evt_1\n\n{}");
        try (LonglineProcess server = server()) {
            Api api = new Api(server.address());
            String shadow = api.post(
                            "/api/webhooks", "{\"url\":\"http://localhost:1/\",\"events\":[\"a\"],\"shadow\":true}")
                    .body()
                    .path("id")
                    .asText();
            String to = "--server=" + server.address();
            ends(0, shadow, "webhooks", "list", to);
            ends(0, "", "deliveries", "list", "--json", to);
            ends(0, "", "events", "recent", "--json", to);
            ends(0, "", "replay", "--since=2026-01-31T00:00:00Z", "--until=2026-02-01T00:00:00Z", "--dry-run", to);
            ends(1, "", "compare", shadow, sent.toString(), to);
            ends(1, "", "verify", request.toString(), "--secret=a-secret");
            ends(0, "server.port", "config");
            try (LonglineProcess listen =
                    run("listen", "--forward-to=" + server.address() + "/_receiver", "--count=1", to)) {
                await().pollInterval(Duration.ofMillis(100)).until(() -> {
                    api.post("/api/events/trigger", "{\"event\":\"a\",\"data\":1}");
                    return !listen.isAlive();
                });
                assertThat(listen.exitCode()).as(String.valueOf(listen.err())).isZero();
            }
        }
    }

    private void ends(int code, String saying, String... arguments) {
        try (LonglineProcess process = run(arguments)) {
            assertThat(process.exitCode())
                    .as("%s: %s", List.of(arguments), process.err())
                    .isEqualTo(code);
            assertThat(String.join("\n", process.out()))
                    .as(arguments[0])
                    .isNotBlank()
                    .contains(saying);
        }
    }

    @Test
    void importExportAndApply_areAllOrNothing_andSayWhy() throws IOException {
        Path good = Files.writeString(folder.resolve("good.csv"), "url,events\nhttp://localhost:1/,a\n");
        Path bad = Files.writeString(folder.resolve("bad.csv"), "url,events\nhttp://localhost:1/,a\nnowhere,a\n");
        Path yaml = Files.writeString(
                folder.resolve("hooks.yaml"), "webhooks: [{key: a, url: 'http://localhost:1/', events: [a]}]");
        try (LonglineProcess server = server();
                LonglineProcess refused = run("import", bad.toString(), "--server", server.address());
                LonglineProcess differs =
                        run("apply", "-f", yaml.toString(), "--dry-run", "--server", server.address())) {
            assertThat(refused.exitCode()).isEqualTo(REFUSED);
            assertThat(only(refused.err())).contains(bad + ": ", "row 3, url ", "nothing was made");
            assertThat(differs.exitCode()).isEqualTo(DIFFERENT);
            assertThat(new Api(server.address()).get("/api/webhooks").text()).contains("\"data\":[]");
            try (LonglineProcess made = run("import", good.toString(), "--server", server.address());
                    LonglineProcess applied =
                            run("apply", "-f", yaml.toString(), "--yes", "--server", server.address())) {
                assertThat(made.exitCode()).as("exit code; %s", made.err()).isZero();
                assertThat(applied.exitCode())
                        .as("exit code; %s", applied.err())
                        .isZero();
            }
            try (LonglineProcess export = run("export", "--server", server.address())) {
                assertThat(export.exitCode()).isZero();
                assertThat(String.join("", export.out())).contains("longline_export", "apply:default/a");
            }
        }
    }

    @Test
    void trigger_thatIsRefused_saysWhy() {
        try (LonglineProcess server = server();
                LonglineProcess trigger =
                        run("trigger", "order.created", "--data", "{\"id\": ", "--server", server.address())) {
            assertThat(trigger.exitCode()).isEqualTo(REFUSED);
            assertThat(only(trigger.err())).contains("refused", "400");
            assertThat(trigger.out()).isEmpty();
        }
    }

    @Test
    void trigger_withAnInvalidField_pointsAtIt() {
        try (LonglineProcess server = server();
                LonglineProcess trigger =
                        run("trigger", "order.created", "--metadata", "[1]", "--server", server.address())) {
            assertThat(trigger.exitCode()).isEqualTo(REFUSED);
            assertThat(only(trigger.err())).contains("422", "/metadata", "must be an object");
        }
    }

    @Test
    void trigger_withoutAServer_namesIt() throws IOException {
        int closed = closedPort();
        try (LonglineProcess trigger = run("trigger", "order.created", "--server", "http://localhost:" + closed)) {
            assertThat(trigger.exitCode()).isEqualTo(UNREACHABLE);
            assertThat(only(trigger.err())).contains("http://localhost:" + closed, "cannot be reached");
        }
    }

    @Test
    void trigger_showsItsKey_asAnOptionOrFromTheEnvironment() {
        String keys = "publish=" + KeySecret.hashText("llk_of-the-command-line");
        try (LonglineProcess server =
                        LonglineProcess.serve(folder.resolve("longline.db"), "auth.mode=keys", "auth.keys=" + keys);
                LonglineProcess none = run("trigger", "a", "--server", server.address());
                LonglineProcess option =
                        run("trigger", "a", "--server", server.address(), "--key", "llk_of-the-command-line");
                LonglineProcess environment = LonglineProcess.start(
                        folder,
                        Map.of("LONGLINE_KEY", "llk_of-the-command-line"),
                        "trigger",
                        "a",
                        "--server",
                        server.address())) {
            assertThat(none.exitCode()).isEqualTo(REFUSED);
            assertThat(only(none.err())).contains("401", "key");
            assertThat(option.exitCode()).as("exit code; %s", option.err()).isZero();
            assertThat(environment.exitCode())
                    .as("exit code; %s", environment.err())
                    .isZero();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Test
    void trigger_withoutAnEvent_isMisused() {
        try (LonglineProcess trigger = run("trigger")) {
            assertThat(trigger.exitCode()).isEqualTo(USAGE);
            assertThat(only(trigger.err())).contains("EVENT", "--help");
        }
    }

    @Test
    void receive_saysOfEachRequestWhetherItsSignatureHolds() {
        try (LonglineProcess server = server();
                LonglineProcess receive = run("receive", "--port", "0", "--secret", "right")) {
            Api api = new Api(server.address());
            for (String secret : List.of("\"right\"", "\"wrong\"", "null")) {
                api.register("{\"url\":\"" + receive.address() + "/" + secret.charAt(1)
                        + "\",\"events\":[\"order.*\"],\"secret\":" + secret + "}");
            }

            api.trigger("order.created", "{\"id\":1}");

            await().atMost(LonglineProcess.PATIENCE).until(() -> receive.out().size() >= 7);
            assertThat(receive.out())
                    .anyMatch(line -> line.startsWith("POST /r ") && line.contains("signature=valid"))
                    .anyMatch(line -> line.startsWith("POST /w ") && line.contains("signature=INVALID"))
                    .anyMatch(line -> line.startsWith("POST /u ") && line.contains("signature=MISSING"))
                    .anyMatch(line -> line.contains("\"data\":{\"id\":1}"));
        }
    }

    @Test
    void receive_asToldTo_fails() {
        try (LonglineProcess receive = run("receive", "--port", "0", "--fail", "100%")) {
            Api.Answer answer = new Api(receive.address()).post("/", "{}");

            assertThat(answer.status()).isEqualTo(500);
            await().atMost(LonglineProcess.PATIENCE)
                    .until(() -> receive.out().stream().anyMatch(line -> line.contains("answered 500")));
        }
    }

    @Test
    void receive_asToldTo_takesItsTime() {
        try (LonglineProcess receive = run("receive", "--port", "0", "--delay", "700ms")) {
            Api api = new Api(receive.address());
            long began = System.nanoTime();

            Api.Answer answer = api.post("/", "{}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(System.nanoTime() - began).isGreaterThan(650_000_000);
        }
    }

    @Test
    void receive_showsControlCharactersAsSpaces() {
        try (LonglineProcess receive = run("receive", "--port", "0")) {
            new Api(receive.address()).post("/", "one\r\nPOST /forged\u001b[2J");

            await().atMost(LonglineProcess.PATIENCE).until(() -> receive.out().size() >= 3);
            assertThat(receive.out()).last().asString().isEqualTo("  one  POST /forged [2J");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fail=120%", "--delay=soon", "--secret=whsk_AAAA"})
    void receive_withABadOption_isMisused(String option) {
        try (LonglineProcess receive = run("receive", "--port", "0", option)) {
            assertThat(receive.exitCode()).isEqualTo(USAGE);
            assertThat(only(receive.err())).contains(option.substring(0, option.indexOf('=')));
        }
    }

    @Test
    void receive_onAPortInUse_namesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LonglineProcess receive = run("receive", "--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(receive.exitCode()).isEqualTo(1);
            assertThat(only(receive.err())).contains(Integer.toString(taken.getLocalPort()), "in use", "--port");
        }
    }

    /** A reader pastes these; only the ports are others here, so that nothing else on the machine is in the way. */
    @Test
    void readme_itsFirstScreenWorksAsPasted() throws IOException, InterruptedException {
        List<String> lines = linesOfReadme();
        assumeThat(Files.isExecutable(Path.of("/usr/bin/curl")))
                .as("curl is here")
                .isTrue();
        try (LonglineProcess server = server();
                LonglineProcess receive = run(receiveArguments(lines))) {
            List<String> answers = new ArrayList<>();
            for (String line :
                    lines.stream().filter(line -> line.startsWith("curl ")).toList()) {
                String here = line.replace("localhost:8000", "localhost:" + server.port())
                        .replace("localhost:9000", "localhost:" + receive.port());
                answers.add(shell(here));
            }

            assertThat(answers).isNotEmpty().noneMatch(answer -> answer.contains("\"status\":4"));
            await("the delivery, signed")
                    .atMost(LonglineProcess.PATIENCE)
                    .until(() -> receive.out().stream()
                            .anyMatch(line -> line.contains("signature=valid") && line.contains("answered 200")));
        }
    }

    private static List<String> linesOfReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        List<String> lines = new ArrayList<>();
        Matcher blocks = SHELL_BLOCK.matcher(readme.substring(0, readme.indexOf("\n## ")));
        while (blocks.find()) {
            blocks.group(1).lines().filter(line -> !line.isBlank()).forEach(lines::add);
        }
        return lines;
    }

    private static String[] receiveArguments(List<String> lines) {
        String start = "java -jar target/longline.jar ";
        String line = lines.stream()
                .filter(each -> each.startsWith(start + "receive"))
                .findFirst()
                .orElseThrow();
        return (line.substring(start.length()) + " --port 0").split(" ");
    }

    private String shell(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line + " -sS --fail-with-body")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(line + "\n" + output).isZero();
        return output;
    }
}
