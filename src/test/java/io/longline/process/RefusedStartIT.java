package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot be: one line for each fault that names the thing and says what to do, and an exit code. */
@Timeout(60)
class RefusedStartIT {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("longline.db");
    }

    /** Runs a start with a free port and the folder's own store, which must be refused; answers what it says. */
    private String refusal(int code, String... arguments) {
        String[] all = Arrays.copyOf(new String[] {"--port", "0", "--store", "sqlite:" + file()}, 4 + arguments.length);
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        List<String> lines = refusals(code, Map.of(), all);
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private List<String> refusals(int code, Map<String, String> environment, String... arguments) {
        try (LonglineProcess process = LonglineProcess.start(folder, environment, arguments)) {
            assertThat(process.exitCode()).as("exit code; %s", process.err()).isEqualTo(code);
            assertThat(process.out()).isEmpty();
            List<String> said = process.err().stream()
                    .filter(line -> !line.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS"))
                    .toList();
            assertThat(said)
                    .allMatch(line -> line.startsWith("longline: "), "begins with the program's name")
                    .noneMatch(line -> line.contains("Exception") || line.contains("\tat "), "shows no stack trace");
            return said;
        }
    }

    @Test
    void port_inUse_isNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            List<String> lines = refusals(FAILED, Map.of(), "--port", port, "--store", "sqlite:" + file());

            assertThat(lines).singleElement().asString().contains("127.0.0.1:" + port, "in use", "--port");
        }
    }

    /** The native transport tells of it by an exception of its own, Java's by another: both are read. */
    @Test
    void port_inUse_isNamed_withoutTheNativeTransport() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            List<String> lines = refusals(
                    FAILED,
                    Map.of("JDK_JAVA_OPTIONS", "-Dio.netty.transport.noNative=true"),
                    "--port",
                    port,
                    "--store",
                    "sqlite:" + file());

            assertThat(lines).singleElement().asString().contains("127.0.0.1:" + port, "in use", "--port");
        }
    }

    @Test
    void store_thatIsNoDatabase_isNamed_andLeftAsItIs() throws IOException {
        String content = "Dear diary, this is no database.\n".repeat(100);
        Files.writeString(file(), content);

        String line = refusal(FAILED);

        assertThat(line).contains(file().toString(), "is not a SQLite database", "store.url");
        assertThat(file()).hasContent(content);
    }

    @Test
    void store_thatIsAFolder_isNamed() {
        List<String> lines = refusals(FAILED, Map.of(), "--port", "0", "--store", "sqlite:" + folder);

        assertThat(lines).singleElement().asString().contains(folder.toString(), "is a folder");
    }

    @Test
    void store_inAMissingFolder_isNamed() {
        Path missing = folder.resolve("nowhere").resolve("longline.db");

        List<String> lines = refusals(FAILED, Map.of(), "--port", "0", "--set", "store.url=sqlite:" + missing);

        assertThat(lines).singleElement().asString().contains(missing.toString(), "folder does not exist");
    }

    @Test
    void store_ofAnotherProgram_isNamed() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE theirs (id INTEGER)");
        }

        assertThat(refusal(FAILED)).contains(file().toString(), "another program");
    }

    @Test
    void store_lockedByAnotherProcess_isNamed() throws SQLException {
        makeStore();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");

            String line = refusal(FAILED);

            assertThat(line).contains(file().toString(), "locked by another process");
        }
    }

    @Test
    void store_whoseSchemaPageIsDamaged_isNamed_withWhatToDo() throws IOException {
        makeStore();
        try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
            damaged.seek(100);
            damaged.write("damage ".repeat(500).getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(refusal(FAILED)).contains(file().toString(), "is damaged", "backup");
    }

    private void makeStore() {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void f17_aSecondProcessOnOneStore_isRefused_namingTheFirst() {
        try (LonglineProcess first = LonglineProcess.serve(file())) {
            String line = refusal(FAILED);

            assertThat(line).contains(file().toString(), "in use by process " + first.pid());
            assertThat(new Api(first.address()).trigger("load.a", "1").get("id").asText())
                    .startsWith("evt_");
        }
    }

    @Test
    void f17_theLockOfAKilledProcess_isNoHindrance() {
        try (LonglineProcess killed = LonglineProcess.serve(file())) {
            killed.kill();
        }

        makeStore();
    }

    @Test
    void settings_thatAreBad_areNamedAllAtOnce() {
        String[] bad = {"--port", "abc", "--set", "log.format=xml", "--set", "store.readers=0", "--set", "no.such=1"};

        List<String> lines = refusals(USAGE, Map.of(), bad);

        assertThat(lines).hasSize(4);
        assertThat(lines).anyMatch(line -> line.contains("server.port") && line.contains("abc"));
        assertThat(lines).anyMatch(line -> line.contains("log.format") && line.contains("text, json"));
        assertThat(lines).anyMatch(line -> line.contains("store.readers") && line.contains("from 1 to 64"));
        assertThat(lines).anyMatch(line -> line.contains("no setting no.such"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void setting_thatIsUnknownInAFile_isNamed() throws IOException {
        Path conf = Files.writeString(folder.resolve("my.yaml"), "server:\n  prot: 1\n");

        assertThat(refusal(USAGE, "--config", conf.toString())).contains("server.prot", conf.toString());
    }

    @Test
    void setting_thatIsIllTypedInTheEnvironment_isNamedByItsVariable() {
        List<String> lines = refusals(USAGE, Map.of("LONGLINE_STORE_READERS", "many"));

        assertThat(lines).singleElement().asString().contains("store.readers", "LONGLINE_STORE_READERS", "many");
    }

    @Test
    void file_thatDoesNotExist_isNamed() {
        Path missing = folder.resolve("missing.yaml");

        assertThat(refusal(USAGE, "--config", missing.toString())).contains(missing.toString(), "does not exist");
    }

    @Test
    void file_thatIsNoYaml_isNamedWithItsLine() throws IOException {
        Path conf = Files.writeString(folder.resolve("my.yaml"), "server:\n  host: [1\nport: }\n");

        assertThat(refusal(USAGE, "--config", conf.toString())).contains(conf.toString(), "line 3", "not valid YAML");
    }

    @Test
    void option_thatIsUnknown_isNamed() {
        assertThat(refusal(USAGE, "--prot", "1")).contains("--prot", "--help");
    }

    @Test
    void subcommand_thatIsUnknown_isNamed() {
        assertThat(refusal(USAGE, "triger")).contains("triger", "--help");
    }

    @Test
    void host_thatOthersCanReach_isRefusedWithoutSayingSo() {
        String line = refusal(FAILED, "--host", "0.0.0.0");

        assertThat(line).contains("server.host 0.0.0.0", "keys create", "auth.mode");
        assertThat(folder).as("nothing is made for a start that is refused").isEmptyDirectory();
    }

    /** The line that refuses holds the very command that helps. */
    @Test
    void s13_host_thatOthersCanReach_startsOnceTheCommandNamedMadeAKey() {
        String line = refusal(FAILED, "--host", "0.0.0.0");
        Matcher command =
                Pattern.compile("java -jar longline\\.jar ([^(]+) \\(").matcher(line);
        assertThat(command.find()).as(line).isTrue();
        String[] arguments = command.group(1).replace("'", "").split(" ");

        String key;
        try (LonglineProcess keys = LonglineProcess.start(folder, Map.of(), arguments)) {
            assertThat(keys.exitCode()).as("%s", keys.err()).isZero();
            key = keys.out().get(0);
        }

        assertThat(key).startsWith("llk_");
        try (LonglineProcess server = LonglineProcess.start(
                folder, Map.of(), "--host", "0.0.0.0", "--port", "0", "--store", "sqlite:" + file())) {
            await().until(() -> server.out().size() >= 5);
            assertThat(server.out()).anyMatch(said -> said.contains("Keys") && said.contains("needed"));
            Matcher address = Pattern.compile("http://0\\.0\\.0\\.0:(\\d+)").matcher(String.join("\n", server.out()));
            assertThat(address.find()).isTrue();
            io.longline.testing.Api api = new io.longline.testing.Api(Integer.parseInt(address.group(1)));
            assertThat(api.get("/api/stats").status()).isEqualTo(401);
            assertThat(api.as(key).get("/api/stats").status()).isEqualTo(200);
            assertThat(String.join("\n", server.out()) + server.err()).doesNotContain(key);
        }
    }

    @Test
    void keys_areListedAndRevoked_andAServerInTheWayIsNamed() {
        String store = "sqlite:" + file();
        run("keys", "create", "--name", "first", "--scope", "admin", "--store", store);
        run(
                "keys",
                "create",
                "--name",
                "second",
                "--scope",
                "publish,tenant:acme",
                "--expires",
                "90d",
                "--store",
                store);

        List<String> listed = run("keys", "list", "--store", store);

        assertThat(listed).hasSize(2);
        assertThat(listed.get(0)).contains("publish tenant:acme", "second", "expires");
        run("keys", "revoke", listed.get(0).split(" ")[0], "--store", store);
        assertThat(run("keys", "list", "--store", store)).hasSize(1);
        assertThat(refusals(FAILED, Map.of(), "keys", "revoke", listed.get(0).split(" ")[0], "--store", store))
                .singleElement()
                .asString()
                .contains("no key");
        assertThat(refusals(USAGE, Map.of(), "keys", "create", "--name", "x", "--scope", "root", "--store", store))
                .singleElement()
                .asString()
                .contains("root must be admin, read, publish or tenant:NAME");
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            assertThat(refusals(FAILED, Map.of(), "keys", "list", "--store", store))
                    .singleElement()
                    .asString()
                    .contains("in use by process " + server.pid());
        }
    }

    private List<String> run(String... arguments) {
        try (LonglineProcess process = LonglineProcess.start(folder, Map.of(), arguments)) {
            assertThat(process.exitCode()).as("%s", process.err()).isZero();
            return process.out();
        }
    }

    @Test
    void host_thatIsNoAddressOfThisMachine_isNamed() {
        String line = refusal(FAILED, "--host", "no-such-host.invalid", "--set", "auth.mode=none");

        assertThat(line).contains("no-such-host.invalid", "server.host");
    }
}
