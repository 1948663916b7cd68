package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private Path folder;

    @Test
    void flag_comesBeforeTheEnvironmentThatBeforeTheFileThatBeforeTheDefault() throws IOException {
        Path file = file("server:\n  port: 3\n  drain_seconds: 3\nstore:\n  readers: 3\n");
        Map<String, String> environment = Map.of("LONGLINE_SERVER_PORT", "2", "LONGLINE_SERVER_DRAIN_SECONDS", "2");
        Map<String, String> flags = Map.of("server.port", "1");

        Settings settings = SettingsLoader.load(flags, environment, file).settings();

        assertThat(settings.server().port()).isEqualTo(1);
        assertThat(settings.server().drain()).hasSeconds(2);
        assertThat(settings.store().readers()).isEqualTo(3);
        assertThat(settings.delivery().window()).isEqualTo(256);
    }

    @Test
    void unknownSetting_inTheFileIsAFaultThatNamesItAndTheFile() throws IOException {
        Path file = file("server:\n  prot: 9000\nsevrer:\n  port: 1\n");

        Loaded loaded = SettingsLoader.load(NONE, NONE, file);

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults())
                .containsExactlyInAnyOrder(
                        "there is no setting server.prot (" + file + ")",
                        "there is no setting sevrer.port (" + file + ")");
    }

    @Test
    void unknownSetting_onTheCommandLineIsAFaultThatNamesIt() {
        Loaded loaded = SettingsLoader.load(Map.of("server.prot", "9000"), NONE, null);

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults()).containsExactly("there is no setting server.prot (the command line)");
    }

    /** Container platforms inject variables of their own, so one that is unknown cannot stop the start. */
    @Test
    void unknownVariable_isOneWarning() {
        Loaded loaded = SettingsLoader.load(NONE, Map.of("LONGLINE_SERVICE_HOST", "10.0.0.1", "PATH", "/bin"), null);

        assertThat(loaded.settings()).isNotNull();
        assertThat(loaded.warnings())
                .containsExactly("the environment variable LONGLINE_SERVICE_HOST names no setting and is ignored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LONGLINE_SERVER", "LONGLINE_KEY"})
    void variablesOfTheCommandLine_areNotWarnedAbout(String variable) {
        Loaded loaded = SettingsLoader.load(NONE, Map.of(variable, "http://localhost:8000"), null);

        assertThat(loaded.settings()).isNotNull();
        assertThat(loaded.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "server.port, eighty",
        "server.port, -1",
        "server.port, 65536",
        "server.port, 80.5",
        "server.port, ''",
        "server.port, 99999999999999999999",
        "server.host, ' '",
        "circuit.enabled, yes",
        "circuit.enabled, 1",
        "log.level, loud",
        "auth.mode, open",
        "store.synchronous, off",
        "retention.events_days, 0",
        "circuit.window, 65",
        "delivery.window, 7"
    })
    void illTypedValue_isAFaultWhereverItComesFrom(String key, String value) throws IOException {
        String variable = "LONGLINE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
        Path file = file(key.replace(".", ":\n  ") + ": \"" + value + "\"\n");

        Loaded byFlag = SettingsLoader.load(Map.of(key, value), NONE, null);
        Loaded byVariable = SettingsLoader.load(NONE, Map.of(variable, value), null);
        Loaded byFile = SettingsLoader.load(NONE, NONE, file);

        assertThat(byFlag.faults()).singleElement().asString().startsWith(key + " (the command line) must");
        assertThat(byVariable.faults()).singleElement().asString().startsWith(key + " (" + variable + ") must");
        assertThat(byFile.faults()).singleElement().asString().startsWith(key + " (" + file + ") must");
        assertThat(byFile.faults().get(0)).endsWith("not \"" + value + "\"");
        assertThat(byFile.settings()).isNull();
    }

    /** What a higher place says is what counts; a wrong value that nobody would read is not held against the start. */
    @Test
    void illTypedValue_thatIsOverriddenIsNoFault() {
        Loaded loaded =
                SettingsLoader.load(Map.of("server.port", "9000"), Map.of("LONGLINE_SERVER_PORT", "eighty"), null);

        assertThat(loaded.faults()).isEmpty();
        assertThat(loaded.settings().server().port()).isEqualTo(9_000);
    }

    @Test
    void allFaults_areToldAtOnce() throws IOException {
        Path file = file("server:\n  port: eighty\n  prot: 1\n");
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("no.such", "x");
        flags.put("store.url", "postgresql://db/longline");
        flags.put("delivery.allow_private_networks", "10.0.0.0/8,everything");
        flags.put("circuit.first_wait_seconds", "601");
        flags.put("delivery.response_bytes_kept", "65537");

        Loaded loaded = SettingsLoader.load(flags, Map.of("LONGLINE_LOG_LEVEL", "loud"), file);

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults())
                .hasSize(8)
                .anyMatch(fault -> fault.startsWith("server.port (" + file + ") must"))
                .anyMatch(fault -> fault.startsWith("there is no setting server.prot"))
                .anyMatch(fault -> fault.startsWith("there is no setting no.such"))
                .anyMatch(fault -> fault.startsWith("store.url must") && fault.contains("postgresql://db/longline"))
                .anyMatch(fault ->
                        fault.startsWith("delivery.allow_private_networks must") && fault.contains("everything"))
                .anyMatch(fault -> fault.startsWith("circuit.first_wait_seconds must"))
                .anyMatch(fault -> fault.startsWith("delivery.response_bytes_kept must"))
                .anyMatch(fault -> fault.startsWith("log.level (LONGLINE_LOG_LEVEL) must"));
    }

    /** The default stands in for the ill-typed one, and must not be blamed on whoever set the other. */
    @Test
    void illTypedValue_isNotComparedWithAnother() {
        Loaded loaded = SettingsLoader.load(
                Map.of("circuit.first_wait_seconds", "1000", "circuit.longest_wait_seconds", "long"), NONE, null);

        assertThat(loaded.faults()).singleElement().asString().startsWith("circuit.longest_wait_seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite:", "longline.db", "postgresql://db/longline", "jdbc:sqlite:x.db", "SQLITE:x.db"})
    void storeUrl_isSqliteAndAPath(String url) {
        Loaded loaded = SettingsLoader.load(Map.of("store.url", url), NONE, null);

        assertThat(loaded.faults()).singleElement().asString().contains("store.url", url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "10", "10.0.0.0/33", "10.0.0.0/8,", "true", "010.0.0.0/8", "10.0.0.0/8;::/0"})
    void allowedNetworks_areRangesInTheirUsualForm(String networks) {
        Loaded loaded = SettingsLoader.load(Map.of("delivery.allow_private_networks", networks), NONE, null);

        if (networks.endsWith(",")) {
            assertThat(loaded.faults()).isEmpty();
        } else {
            assertThat(loaded.faults()).singleElement().asString().startsWith("delivery.allow_private_networks must");
        }
    }

    @Test
    void list_inTheFileIsReadAsIfItWereSeparatedByCommas() throws IOException {
        Path file = file("server:\n  host: 0.0.0.0\ndelivery:\n  allow_private_networks: [10.0.0.0/8, 'fd00::/8']\n");

        Settings settings = SettingsLoader.load(NONE, NONE, file).settings();

        assertThat(settings.delivery().allowedNetworks()).containsExactly("10.0.0.0/8", "fd00::/8");
    }

    /** What is said about a value must not be able to look like several lines of a log. */
    @Test
    void fault_isOneLineWhateverTheValue() {
        Loaded loaded = SettingsLoader.load(
                Map.of("log.level", "loud\nINFO all is well", "no\nsuch", "x", "store.url", "x\r\ny\u2028z"),
                Map.of("LONGLINE_SERVER_PORT", "8\n0"),
                null);

        assertThat(loaded.faults())
                .hasSize(4)
                .allSatisfy(fault -> assertThat(fault.lines()).hasSize(1));
        assertThat(loaded.faults()).noneMatch(fault -> fault.contains("\u2028"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "# only a comment\n", "server:\n", "server:\n  # port: 9000\nlog:\n  level: info\n"})
    void settingsLeftOut_keepTheirDefaults(String text) throws IOException {
        Loaded loaded = SettingsLoader.load(NONE, NONE, file(text));

        assertThat(loaded.faults()).isEmpty();
        assertThat(loaded.settings())
                .usingRecursiveComparison()
                .ignoringFields("effective")
                .isEqualTo(SettingsLoader.load(NONE, NONE, null).settings());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.host", "server.port", "store.url", "log.level", "circuit.enabled"})
    void settingWithoutAValue_isAFault(String key) throws IOException {
        Path file = file(key.replace(".", ":\n  ") + ":\n");

        Loaded loaded = SettingsLoader.load(NONE, NONE, file);

        assertThat(loaded.faults()).singleElement().asString().startsWith(key + " (" + file + ") must");
    }

    /** The second half would silently undo the first. */
    @Test
    void sectionWrittenTwice_isAFault() throws IOException {
        Path file = file("server:\n  port: 9000\nlog:\n  level: warn\nserver:\n  host: 0.0.0.0\n");

        Loaded loaded = SettingsLoader.load(NONE, NONE, file);

        assertThat(loaded.faults()).singleElement().asString().contains(file.toString(), "line 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server: [", "server:\n\tport: 1\n", "a: b: c\n", "{\"server\": {\"port\": 1}"})
    void fileThatIsNotYaml_isAFaultThatNamesTheFileAndTheLine(String text) throws IOException {
        Path file = file(text);

        Loaded loaded = SettingsLoader.load(NONE, NONE, file);

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults())
                .singleElement()
                .asString()
                .matches(Pattern.quote(file + ", line ") + "\\d+ is not valid YAML");
    }

    @ParameterizedTest
    @ValueSource(strings = {"just a text\n", "- server\n- port\n", "server: 5\n", "server:\n  port: {a: 1}\n"})
    void fileOfAnotherShape_isAFault(String text) throws IOException {
        Loaded loaded = SettingsLoader.load(NONE, NONE, file(text));

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults()).hasSize(1);
    }

    @Test
    void fileThatDoesNotExist_isAFaultThatNamesIt() {
        Path missing = folder.resolve("missing.yaml");

        Loaded loaded = SettingsLoader.load(NONE, NONE, missing);

        assertThat(loaded.settings()).isNull();
        assertThat(loaded.faults()).containsExactly("--config names a file that does not exist: " + missing);
    }

    @Test
    void folderInPlaceOfAFile_isAFaultThatNamesIt() {
        Loaded loaded = SettingsLoader.load(NONE, NONE, folder);

        assertThat(loaded.faults()).singleElement().asString().startsWith(folder + " cannot be read");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("longline.yaml"), text);
    }
}
