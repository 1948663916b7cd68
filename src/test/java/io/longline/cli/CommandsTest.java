package io.longline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.security.KeySecret;
import io.longline.security.SignatureCheck;
import io.longline.testing.CuttingProxy;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command that talks to a server, over one real server, in this process: what is printed, and the exit codes. */
class CommandsTest {
    private static final String KEY = "llk_of-the-commands";

    @RegisterExtension
    static final RunningServer SERVER =
            RunningServer.with("auth.mode", "keys", "auth.keys", KeySecret.hashText(KEY), "circuit.enabled", "false");

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private record Ran(int code, String out, String err) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (JsonProcessingException notJson) {
                throw new AssertionError(out + err, notJson);
            }
        }
    }

    private static Ran run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            int code = LonglineCommand.run(arguments);
            return new Ran(code, printed.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** With the server and the key. */
    private static Ran call(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", "http://localhost:" + SERVER.port(), "--key", KEY));
        return run(all.toArray(String[]::new));
    }

    private static Ran done(Ran ran) {
        assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
        assertThat(ran.err()).isEmpty();
        return ran;
    }

    @Test
    void eventTypes_arePutReadListedAndArchived() {
        done(call("event-types", "put", "cli.order", "--schema", "{\"type\":\"object\"}", "--example", "{\"a\":1.10}"));
        Ran read = done(call("event-types", "get", "cli.order", "--json"));
        Ran list = done(call("event-types", "list", "--limit", "500"));
        Ran refused = call("event-types", "put", "cli.order", "--validate");
        Ran misused = call("event-types", "put", "cli.order", "--schema", "{");
        Ran archived = done(call("event-types", "archive", "cli.order"));
        Ran rest = done(call("event-types", "list", "--limit", "500", "--json"));
        Ran all = done(call("event-types", "list", "--limit", "500", "--archived", "--tenant", "default"));

        assertThat(read.out()).contains("\"example\":{\"a\":1.10}");
        assertThat(list.out()).contains("cli.order", "REGISTERED");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("/validate must be false without a schema");
        assertThat(misused.code()).isEqualTo(2);
        assertThat(misused.err()).contains("--schema");
        assertThat(archived.out()).contains("cli.order is archived");
        assertThat(rest.out()).doesNotContain("cli.order");
        assertThat(all.out()).contains("cli.order");
    }

    @Test
    void subcommands_areCalledWhatAStartTellsThemBy() {
        assertThat(LonglineCommand.whole(new LonglineCommand()).getSubcommands().keySet())
                .containsExactlyInAnyOrderElementsOf(LonglineCommand.SUBCOMMANDS);
    }

    /** A subcommand is never taken for the value that an option lacks: no server starts. */
    @Test
    void anOptionWithoutItsValue_isMisused() {
        assertThat(LonglineCommand.run("--config", "config")).isEqualTo(LonglineCommand.USAGE);
        assertThat(LonglineCommand.run("--host", "export")).isEqualTo(LonglineCommand.USAGE);
        assertThat(LonglineCommand.run("--port")).isEqualTo(LonglineCommand.USAGE);
    }

    @Test
    void helpOfEveryCommand_opensWithAnExampleOfIt() {
        CommandLine root = LonglineCommand.whole(new LonglineCommand());
        List<List<String>> paths = new ArrayList<>();
        collect(root, List.of(), paths);

        assertThat(paths).hasSizeGreaterThan(25);
        for (List<String> path : paths) {
            List<String> arguments = new ArrayList<>(path);
            arguments.add("--help");
            Ran help = done(run(arguments.toArray(String[]::new)));
            String example = help.out().lines().findFirst().orElse("");
            assertThat(example).as(path.toString()).startsWith("Example: ").contains(String.join(" ", path));
        }
    }

    private static void collect(CommandLine line, List<String> path, List<List<String>> into) {
        if (!line.getCommandSpec().usageMessage().hidden()) {
            into.add(path);
        }
        line.getSubcommands().forEach((name, sub) -> {
            if (!sub.getCommandSpec().usageMessage().hidden()) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(name);
                collect(sub, deeper, into);
            }
        });
    }

    @Test
    void webhooks_areMadeShownChangedTriedAndDeleted() {
        String url = RECEIVER.url("/commands");
        JsonNode made = done(call(
                        "webhooks",
                        "create",
                        url,
                        "--events",
                        "cli.*,other",
                        "--description",
                        "of the test",
                        "--header",
                        "X-A=b",
                        "--field",
                        "retry_count=0",
                        "--json"))
                .json();
        String id = made.path("id").asText();

        assertThat(made.path("secret").asText()).startsWith("whsec_");
        assertThat(made.path("retry_count").asInt()).isZero();
        assertThat(done(call("webhooks", "list", "--find", "commands", "--event", "cli.x"))
                        .out())
                .contains("ID", "EVENTS", id, "cli.*,other", url)
                .doesNotContain("\u001b");
        assertThat(done(call("webhooks", "get", id)).out())
                .contains("description", "of the test")
                .doesNotContain(made.path("secret").asText());
        assertThat(done(call("webhooks", "update", id, "--field", "timeout=7", "--json"))
                        .json()
                        .path("timeout")
                        .asInt())
                .isEqualTo(7);
        assertThat(done(call("webhooks", "disable", id)).out()).contains(id + " is disabled");
        assertThat(done(call("webhooks", "list", "--active", "false", "--json"))
                        .json()
                        .at("/data/0/id")
                        .asText())
                .isEqualTo(id);
        assertThat(done(call("webhooks", "enable", id)).out()).contains(id + " is active");
        assertThat(done(call("webhooks", "rotate-secret", id, "--expire-after", "60"))
                        .out())
                .contains("whsec_");
        assertThat(done(call("webhooks", "test", id)).out()).contains("The receiver answered 200");
        RECEIVER.answers("/commands", 500);
        assertThat(call("webhooks", "test", id).code()).isEqualTo(LonglineCommand.FAILED);
        RECEIVER.forgets("/commands");
        assertThat(done(call("webhooks", "delete", id)).out()).contains(id + " is deleted");
        assertThat(call("webhooks", "get", id).code()).isEqualTo(LonglineCommand.REFUSED);
    }

    @Test
    void eventsAndDeliveries_areListedShownRetriedAndCancelled() {
        RECEIVER.answers("/fails", 500);
        String webhook = done(call("webhooks", "create", RECEIVER.url("/fails"), "--events", "made.*", "--json"))
                .json()
                .path("id")
                .asText();
        String event = done(call("trigger", "made.here", "--data", "{\"n\":1.10}", "--json"))
                .json()
                .path("id")
                .asText();

        JsonNode delivery = Awaitility.await()
                .until(
                        () -> call("deliveries", "list", "--webhook", webhook, "--status", "retrying", "--json")
                                .json()
                                .at("/data/0"),
                        found -> found.path("attempt_count").asInt() == 1);
        String id = delivery.path("id").asText();
        assertThat(done(call("deliveries", "list", "--event-id", event)).out()).contains(id, "pending", "500");
        assertThat(done(call("deliveries", "get", id)).out()).contains("attempts", "1.10");
        assertThat(done(call("deliveries", "cancel", id)).out()).contains(id + " is cancelled");
        assertThat(call("deliveries", "cancel", id).err()).contains("(409)");
        RECEIVER.forgets("/fails");
        assertThat(done(call("deliveries", "retry", id)).out()).contains(id + " is sent again");
        assertThat(done(call("events", "recent", "--event", "made.here")).out()).contains(event, "made.here");
        assertThat(done(call("events", "get", event, "--json")).out()).contains("1.10");
        assertThat(done(call("events", "types", "--limit", "100")).out()).contains("made.here", "system.startup");
        done(call("trigger", "made.here"));
        JsonNode pages =
                done(call("events", "recent", "--limit", "2", "--json")).json();
        assertThat(pages.path("data")).hasSize(2);
        assertThat(pages.path("next_cursor").isTextual()).isTrue();
    }

    @Test
    void liveDeliveries_areForwardedSigned_andReplayed() throws InterruptedException {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String webhook = done(call("webhooks", "create", RECEIVER.url("/live"), "--events", "live.*", "--json"))
                .json()
                .path("id")
                .asText();
        Thread listening = new Thread(
                () -> LonglineCommand.whole(new LonglineCommand())
                        .execute(
                                "listen",
                                "--forward-to",
                                RECEIVER.url("/forwarded"),
                                "--webhook",
                                webhook,
                                "--secret",
                                secret,
                                "--count",
                                "1",
                                "--server",
                                "http://localhost:" + SERVER.port(),
                                "--key",
                                KEY),
                "listen");
        listening.start();

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            call("trigger", "live.one", "--data", "{\"n\":1.10}");
            return !RECEIVER.received("/forwarded").isEmpty();
        });
        listening.join(30_000);

        assertThat(listening.isAlive()).isFalse();
        Receiver.Received forwarded = RECEIVER.received("/forwarded").get(0);
        assertThat(forwarded.text()).contains("\"n\":1.10", "live.one");
        assertThat(new SignatureCheck(secret).check(forwarded::header, forwarded.body()))
                .isEqualTo(SignatureCheck.Result.VALID);

        String[] filter = {
            "replay", "--webhook", webhook, "--since", "2020-01-01T00:00:00Z", "--until", "2100-01-01T00:00:00Z"
        };
        Awaitility.await()
                .until(() -> call("deliveries", "list", "--webhook", webhook, "--status", "pending", "--json")
                        .json()
                        .path("data")
                        .isEmpty());
        int made = call("deliveries", "list", "--webhook", webhook, "--json")
                .json()
                .path("data")
                .size();
        List<String> counting = new ArrayList<>(List.of(filter));
        counting.add("--dry-run");
        assertThat(done(call(counting.toArray(String[]::new))).out())
                .contains(made + " deliveries would be made or opened again");
        assertThat(done(call(filter)).out()).contains("rpl_", made + " deliveries made or opened again");
    }

    private static String triggered(String event) {
        return done(call("trigger", event, "--json")).json().path("id").asText();
    }

    private static void awaitForwarded(String path, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> RECEIVER.received(path).size() >= count);
    }

    /** The command at work on a thread of its own: what it printed, and what it complained of. */
    private record Listening(Thread thread, StringWriter printed, StringWriter complained) {
        /** Begins to listen through a proxy, and waits until it does. */
        static Listening through(CuttingProxy proxy, String... arguments) {
            StringWriter printed = new StringWriter();
            StringWriter complained = new StringWriter();
            CommandLine command = LonglineCommand.whole(new LonglineCommand())
                    .setOut(new PrintWriter(printed, true))
                    .setErr(new PrintWriter(complained, true));
            List<String> all = new ArrayList<>(List.of("listen"));
            all.addAll(List.of(arguments));
            all.addAll(List.of("--server", "http://localhost:" + proxy.port(), "--key", KEY));
            Thread thread = new Thread(() -> command.execute(all.toArray(String[]::new)), "listen");
            thread.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> printed.toString().contains("Listening"));
            return new Listening(thread, printed, complained);
        }

        void awaitEnd() throws InterruptedException {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void listening_survivesCutConnections_andShowsNothingTwice() throws InterruptedException {
        done(call("webhooks", "create", RECEIVER.url("/cut-live"), "--events", "cut.*"));
        List<String> events = new ArrayList<>();
        try (CuttingProxy proxy = new CuttingProxy(SERVER.vertx(), SERVER.port())) {
            Listening listening = Listening.through(
                    proxy, "--forward-to", RECEIVER.url("/cut"), "--event", "cut.one", "--count", "5");
            events.add(triggered("cut.one"));
            awaitForwarded("/cut", 1);

            proxy.cut();
            events.add(triggered("cut.one"));
            events.add(triggered("cut.one"));
            proxy.mend();
            awaitForwarded("/cut", 3);

            // As after a restart: the stream knows nothing of what was before.
            proxy.cut();
            events.add(triggered("cut.one"));
            proxy.replaces("Last-Event-ID: ", "Last-Event-ID: unknown-");
            proxy.mend();
            awaitForwarded("/cut", 4);
            events.add(triggered("cut.one"));
            listening.awaitEnd();
        }

        assertThat(RECEIVER.received("/cut").stream().map(each -> each.header("webhook-id")))
                .containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void listening_endsASilentConnection_andMissesNothing() throws InterruptedException {
        done(call("webhooks", "create", RECEIVER.url("/silent-live"), "--events", "silent.*"));
        List<String> events = new ArrayList<>();
        try (CuttingProxy proxy = new CuttingProxy(SERVER.vertx(), SERVER.port())) {
            Listening listening = Listening.through(
                    proxy,
                    "--forward-to",
                    RECEIVER.url("/silent"),
                    "--event",
                    "silent.one",
                    "--count",
                    "2",
                    "--silence",
                    "2");
            events.add(triggered("silent.one"));
            awaitForwarded("/silent", 1);

            proxy.mute();
            events.add(triggered("silent.one"));
            listening.awaitEnd();
            assertThat(listening.complained().toString()).contains("the stream fell silent; trying again in 1 s");
        }

        assertThat(RECEIVER.received("/silent").stream().map(each -> each.header("webhook-id")))
                .containsExactlyElementsOf(events);
    }

    @Test
    void listening_toAServerThatSaysNothing_ends() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Ran ran = run(
                    "listen",
                    "--forward-to",
                    RECEIVER.url("/never"),
                    "--silence",
                    "1",
                    "--server",
                    "http://localhost:" + mute.getLocalPort());

            assertThat(ran.code()).isEqualTo(LonglineCommand.UNREACHABLE);
            assertThat(ran.err()).contains("cannot be reached");
        }
        assertThat(run("listen", "--forward-to", RECEIVER.url("/never"), "--silence", "0")
                        .err())
                .contains("--silence must be a whole number from 1 up");
    }

    @Test
    void compare_tellsWhatDiffers(@TempDir Path folder) throws IOException {
        String webhook = done(call(
                        "webhooks",
                        "create",
                        RECEIVER.url("/shadow"),
                        "--events",
                        "same.*",
                        "--field",
                        "shadow=true",
                        "--json"))
                .json()
                .path("id")
                .asText();
        for (int order = 1; order <= 2; order++) {
            done(call("trigger", "same.one", "--data", "{\"order\":" + order + ",\"total\":1.50}"));
        }
        Awaitility.await()
                .until(() -> call("deliveries", "list", "--webhook", webhook, "--status", "succeeded", "--json")
                                .json()
                                .path("data")
                                .size()
                        == 2);
        done(call("webhooks", "update", webhook, "--field", "format=\"raw\""));
        Path sent = folder.resolve("sent.ndjson");
        Files.writeString(
                sent, "{\"body\":\"{\\\"order\\\":2,\\\"total\\\":1.50}\"}\n{\"body\":{\"total\":2,\"order\":1}}\n");

        Ran differs = call("compare", webhook, sent.toString(), "--pair-by", "/order");
        Files.writeString(sent, "[{\"body\":{\"total\":1.5,\"order\":1}},{\"body\":{\"total\":1.5,\"order\":2}}]");
        Ran same = call("compare", webhook, sent.toString(), "--pair-by", "/order");

        assertThat(differs.code()).isEqualTo(LonglineCommand.FAILED);
        assertThat(differs.out())
                .contains("1 the same (1 of them byte for byte), 1 different, 0 only here, 0 only there")
                .contains("same.one  1", "/total  here 1.50, there 2");
        assertThat(done(same).out()).contains("2 the same (0 of them byte for byte)");
        assertThat(RECEIVER.received("/shadow")).isEmpty();
        assertThat(call("compare", webhook, folder.resolve("none").toString()).code())
                .isEqualTo(LonglineCommand.USAGE);
    }

    @Test
    void whatIsWrong_isOneLine_withACodeForEachKind() {
        Ran noKey = run("webhooks", "list", "--server", "http://localhost:" + SERVER.port(), "--key", "llk_no");
        Ran noServer = run("events", "recent", "--server", "http://localhost:1", "--key", KEY);
        Ran invalid = call("webhooks", "create", "ftp://x", "--events", "a", "--field", "retry_count=99");

        assertThat(noKey.code()).isEqualTo(LonglineCommand.REFUSED);
        assertThat(noServer.code()).isEqualTo(LonglineCommand.UNREACHABLE);
        assertThat(noServer.err().lines())
                .singleElement()
                .asString()
                .contains("http://localhost:1", "cannot be reached");
        assertThat(invalid.code()).isEqualTo(LonglineCommand.REFUSED);
        assertThat(invalid.err().lines()).singleElement().asString().contains("/url", "/retry_count");
        for (String[] misused : List.of(
                new String[] {"webhooks"},
                new String[] {"webhooks", "create", "http://x"},
                new String[] {"webhooks", "update", "wh_1"},
                new String[] {"webhooks", "update", "wh_1", "--field", "a={"},
                new String[] {"deliveries", "get"},
                new String[] {"verify", "--secret", "a"},
                new String[] {"nothing"})) {
            Ran ran = run(misused);
            assertThat(ran.code()).as(String.join(" ", misused)).isEqualTo(LonglineCommand.USAGE);
            assertThat(ran.err().lines()).as(String.join(" ", misused)).hasSize(1);
        }
    }

    @Test
    void config_showsWhatIsInForce_andNoSecret() {
        Ran changed = run(
                "config",
                "--changed",
                "--port",
                "9",
                "--set",
                "secrets.master_key=" + "A".repeat(43) + "=",
                "--set",
                "delivery.proxy=http://u:secret@p:1");

        assertThat(done(changed).out())
                .contains("server.port", "the command line", "********")
                .doesNotContain("AAAA", "u:secret", "store.url");
        assertThat(run("config", "--json").json().path("data")).hasSizeGreaterThan(40);
        Ran faulty = run("config", "--set", "server.port=x");
        assertThat(faulty.code()).isEqualTo(LonglineCommand.USAGE);
        assertThat(faulty.err()).contains("server.port");
    }

    @Test
    void completion_knowsEveryCommand() {
        String script = done(run("completion")).out();

        for (String command : List.of("webhooks", "deliveries", "verify", "backup", "rotate-secret")) {
            assertThat(script).contains(command);
        }
        assertThat(script).contains("complete -F", "bashcompinit");
    }

    @Test
    void aTable_alignsItsColumns_andTellsOfMore() {
        JsonNode answer = new ObjectMapper()
                .valueToTree(Map.of(
                        "data",
                        List.of(Map.of("a", "long value", "b", 1), Map.of("a", "x\u001b[2J\n", "b", List.of("p", "q"))),
                        "next_cursor",
                        "c"));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintWriter out = new PrintWriter(printed, true, StandardCharsets.UTF_8);

        new Table().column("A", "/a").column("B", "/b").column("C", "/c").print(out, answer, false);

        out.flush();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("A           B    C", "long value  1    -", "x [2J       p,q  -", "(more: --limit N)");
    }

    @Test
    void aProgressBar_tellsRateAndTimeLeft() {
        long[] nanos = {0};
        StringWriter drawn = new StringWriter();
        ProgressBar bar = new ProgressBar(new PrintWriter(drawn), true, "rows", () -> nanos[0]);

        assertThat(bar.line(250, 1_000, 2))
                .isEqualTo("[########......................]  25 %  250 of 1,000 rows, 125/s, 6 s left");
        bar.at(1, 10);
        bar.at(2, 10);
        bar.end();
        assertThat(drawn.toString())
                .contains("1 of 10")
                .doesNotContain("2 of 10")
                .endsWith("\r\u001b[K");
    }

    @Test
    void importAndExport_takeFilesInAndWriteThem(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("hooks.csv"), "url,events,secret\nhttp://localhost:1/in,a,s3cret-of-it\n");
        Path bad = Files.writeString(folder.resolve("bad.csv"), "url,events,retry_count\nhttp://localhost:1/,a,99\n");
        Path out = folder.resolve("out.json");

        Ran dry = call("import", file.toString(), "--dry-run", "--tenant", "imported");
        Ran made = call("import", file.toString(), "--tenant", "imported");
        Ran again = call("import", file.toString(), "--tenant", "imported", "--json");
        Ran refused = call("import", bad.toString());
        Ran written = call("export", "--with-secrets", "-o", out.toString(), "--tenant", "imported");
        Ran kept = call("export", "-o", out.toString());
        Ran printed = call("export", "--tenant", "imported");

        assertThat(dry.out).contains("+ webhook", "http://localhost:1/in", "1 would be created");
        assertThat(made.out).contains("webhooks: 1 created, 0 unchanged");
        assertThat(again.json().at("/webhooks/unchanged").asInt()).isEqualTo(1);
        assertThat(refused.code).isEqualTo(3);
        assertThat(refused.err)
                .contains(bad + ": ", "row 2, retry_count must be")
                .doesNotContain("\n\n");
        assertThat(refused.err.lines()).hasSize(1);
        assertThat(written.code).as(written.err).isZero();
        assertThat(Files.readString(out)).contains("s3cret-of-it");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        assertThat(kept.code).isEqualTo(1);
        assertThat(kept.err).contains("--force");
        assertThat(printed.out).contains("http://localhost:1/in").doesNotContain("s3cret-of-it");
    }

    @Test
    void apply_makesTheServerMatchAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("webhooks.yaml");
        Files.writeString(folder.resolve("token"), "from-a-file\n");
        String head = "name: billing\ntenant: billed\nwebhooks:\n";
        String one = "  - {key: one, url: 'http://localhost:1/one', events: [a], secret: {file: token}}\n";
        String two = "  - key: two\n    url: http://localhost:1/two\n    events: [b]\n    description: a\n";

        Files.writeString(file, head + one + two);
        Ran dry = call("apply", "-f", file.toString(), "--dry-run");
        Ran unasked = call("apply", "-f", file.toString());
        Ran made = call("apply", "-f", file.toString(), "--yes");
        Ran same = call("apply", "-f", file.toString(), "--dry-run");
        Files.writeString(file, head + two.replace("description: a", "description: b"));
        Ran changed = call("apply", "-f", file.toString(), "--prune", "--yes");
        Files.writeString(file, head + one.replace("file: token", "env: LONGLINE_NO_SUCH"));
        Ran missing = call("apply", "-f", file.toString(), "--yes");
        Files.writeString(file, "a: &a [x, x]\nwebhooks: [*a, *a]\n");
        Ran bomb = call("apply", "-f", file.toString(), "--yes");
        Files.writeString(file, "webhooks: " + "[".repeat(500) + "]".repeat(500));
        Ran deep = call("apply", "-f", file.toString(), "--yes");

        assertThat(dry.code).as(dry.err).isEqualTo(5);
        assertThat(dry.out).contains("+ webhook billing/one".replace("billing/", ""), "http://localhost:1/two");
        assertThat(unasked.code).isEqualTo(2);
        assertThat(made.code).isZero();
        assertThat(made.out).contains("2 created", "whsec_").doesNotContain("from-a-file");
        assertThat(same.code).isZero();
        assertThat(changed.out).contains("~ webhook two", "description: a -> b", "- webhook", "1 changed, 1 deleted");
        assertThat(missing.err).contains("webhooks[0] secret: the environment has no LONGLINE_NO_SUCH");
        assertThat(bomb.err).contains("alias (line ");
        assertThat(deep.err).contains("not valid YAML");
        assertThat(List.of(missing.code, bomb.code, deep.code)).containsOnly(1);
    }

    /** A database of the original system, with the times that it writes. */
    private static Path original(Path file, int deliveries) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE webhooks (id TEXT PRIMARY KEY, url TEXT, events TEXT, secret TEXT, active BOOLEAN,"
                            + " retry_count INTEGER, retry_delay INTEGER, timeout INTEGER, headers TEXT, metadata TEXT,"
                            + " created_at TEXT, updated_at TEXT)");
            statement.execute("CREATE TABLE delivery_attempts (id TEXT PRIMARY KEY, webhook_id TEXT, payload_id TEXT,"
                    + " attempt_number INTEGER, status TEXT, response_code INTEGER, response_body TEXT, error_message TEXT,"
                    + " timestamp TEXT, duration_ms REAL)");
            statement.execute(
                    "INSERT INTO webhooks VALUES ('w-1', 'http://localhost:1/original', '[\"order.*\"]',"
                            + " 'your-secret-key', 1, 3, 5, 30, '{\"X-A\": \"b\"}', NULL, '2024-01-01T00:00:00', '2024-01-01T00:00:00')");
            String yesterday = LocalDateTime.now(ZoneOffset.UTC)
                    .minusDays(1)
                    .withNano(123_456_000)
                    .toString();
            for (int index = 0; index < deliveries; index++) {
                statement.execute("INSERT INTO delivery_attempts VALUES ('a" + index + "-1', 'w-1', 'p" + index
                        + "', 1, 'failed', 500, 'no', 'HTTP 500', '" + yesterday + "', 12.5)");
                statement.execute("INSERT INTO delivery_attempts VALUES ('a" + index + "-2', 'w-1', 'p" + index
                        + "', 2, 'success', 200, 'yes', NULL, '" + yesterday + "', 7.5)");
            }
            statement.execute(
                    "INSERT INTO delivery_attempts VALUES ('old', 'w-1', 'p-old', 1, 'success', 200, '', NULL,"
                            + " '2020-01-01T00:00:00.000001', 1)");
        }
        return file;
    }

    @Test
    void import_bringsADatabaseOfTheOriginalSystem_withItsHistory_once(@TempDir Path folder) throws Exception {
        String file = original(folder.resolve("webhooks.db"), 700).toString();

        Ran dry = call("import", file, "--tenant", "original", "--dry-run");
        JsonNode made =
                done(call("import", file, "--tenant", "original", "--json")).json();
        JsonNode again =
                done(call("import", file, "--tenant", "original", "--json")).json();
        String id = made.at("/items/0/id").asText();
        JsonNode list = done(call("deliveries", "list", "--webhook", id, "--limit", "2000", "--json"))
                .json();
        JsonNode one = done(call("deliveries", "get", list.at("/data/0/id").asText(), "--json"))
                .json();
        JsonNode webhook = done(call("webhooks", "get", id, "--json")).json();

        assertThat(dry.out).contains("1 would be created", "1401 attempts would be looked through");
        assertThat(made.at("/history").toString())
                .isEqualTo("{\"found\":1401,\"deliveries\":700,\"attempts\":1400,\"too_old\":1}");
        assertThat(again.at("/history/deliveries").asInt()
                        + again.at("/history/attempts").asInt())
                .isZero();
        assertThat(again.at("/webhooks/unchanged").asInt()).isEqualTo(1);
        assertThat(list.path("data"))
                .hasSize(700)
                .allMatch(delivery -> delivery.path("status").asText().equals("succeeded")
                        && delivery.path("attempt_count").asInt() == 2);
        assertThat(one.at("/attempts/0/error_message").asText()).isEqualTo("HTTP 500");
        assertThat(one.at("/attempts/1/response_body").asText()).isEqualTo("yes");
        assertThat(one.at("/payload/metadata/payload_id").asText()).startsWith("p");
        assertThat(webhook.at("/stats/total_attempts").asInt()).isEqualTo(1_400);
        assertThat(webhook.at("/stats/successful").asInt()).isEqualTo(700);
        assertThat(webhook.at("/headers/X-A").asText()).isEqualTo("b");
    }
}
