package io.longline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** S9: with a master key no secret stands in the store's file, and only that key, or a later one that knows it, opens it. */
class SecretsAtRestTest {
    private static final String ONE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String TWO = "IAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String TOKEN = "Bearer very-own-token-of-the-receiver";
    private static final String PLAIN = "value-of-a-header-with-a-plain-name";
    private static final TimeSource TIME = new TimeSource(Clock.systemUTC(), System::nanoTime);

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    @TempDir
    Path folder;

    private String register(RunningServer server) {
        return server.api()
                .post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/sealed") + "\",\"events\":[\"*\"],\"secret\":\"" + SECRET
                                + "\",\"headers\":{\"Authorization\":\"" + TOKEN + "\",\"X-Shop\":\"" + PLAIN + "\"}}")
                .id();
    }

    private void assertOpen(RunningServer server, String id) {
        assertThat(server.api()
                        .get("/api/webhooks/" + id + "/secret")
                        .json()
                        .path("secret")
                        .asText())
                .isEqualTo(SECRET);
        assertThat(server.api()
                        .get("/api/webhooks/" + id)
                        .json()
                        .at("/headers/Authorization")
                        .asText())
                .isEqualTo(TOKEN);
    }

    private boolean fileHolds(String text) throws IOException {
        boolean found = false;
        for (String suffix : new String[] {"", "-wal"}) {
            Path file = folder.resolve("longline.db" + suffix);
            found |= Files.exists(file)
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        }
        return found;
    }

    private void change(String sql) throws SQLException {
        try (Connection plain = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("longline.db"));
                Statement statement = plain.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private int rekey(String... keysAndValues) {
        Map<String, String> flags = new HashMap<>();
        flags.put("store.url", "sqlite:" + folder.resolve("longline.db"));
        for (int index = 0; index < keysAndValues.length; index += 2) {
            flags.put(keysAndValues[index], keysAndValues[index + 1]);
        }
        Settings settings = SettingsLoader.load(flags, Map.of(), null).settings();
        Vertx vertx = Vertx.vertx();
        try {
            return RunningServer.await(new SealDesk(vertx, settings, TIME).rekey());
        } finally {
            RunningServer.await(vertx.close());
        }
    }

    @Test
    void s9_sealedSecrets_standNowhereInTheFile_andSignAndOpenAllTheSame() throws Exception {
        String id;
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            id = register(server);
            server.api().trigger("sealed.a");
            Receiver.Received received = RECEIVER.await("/sealed", 1).get(0);

            assertThat(received.header("Authorization")).isEqualTo(TOKEN);
            assertThat(received.header("webhook-signature")).startsWith("v1,");
            assertOpen(server, id);
            assertThat(received.header("X-Shop")).isEqualTo(PLAIN);
            Awaitility.await()
                    .until(() -> server.api()
                                    .get("/api/deliveries?status=succeeded&webhook_id=" + id)
                                    .each("id")
                                    .size()
                            == 1);
            assertThat(fileHolds(SECRET) || fileHolds(TOKEN) || fileHolds(PLAIN))
                    .isFalse();
        }
        assertThat(fileHolds(SECRET) || fileHolds(TOKEN) || fileHolds(PLAIN)).isFalse();
        assertThat(fileHolds("sealed:1:")).isTrue();
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            assertOpen(server, id);
        }
    }

    @Test
    void s9_withoutItsKey_theServerDoesNotStart_andSaysWhichKeyIsMissing() {
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            register(server);
        }

        assertThatThrownBy(() -> RunningServer.start(folder).close())
                .hasMessageContaining("secrets.previous_master_keys");
        assertThatThrownBy(() ->
                        RunningServer.start(folder, "secrets.master_key", TWO).close())
                .hasMessageContaining("secrets.previous_master_keys");
    }

    @Test
    void s9_rekey_sealsAnewWithTheCurrentKey_afterWhichTheEarlierOneIsOfNoUse() throws Exception {
        String id;
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            id = register(server);
        }

        int count = rekey("secrets.master_key", TWO, "secrets.previous_master_keys", ONE);

        assertThat(count).isEqualTo(1);
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", TWO)) {
            assertOpen(server, id);
        }
    }

    @Test
    void s9_rekey_ofAStoreThatWasNeverSealed_leavesNoTraceOfWhatWasThere() throws Exception {
        String id;
        try (RunningServer server = RunningServer.start(folder)) {
            id = register(server);
            server.api().delete("/api/webhooks/" + register(server));
            server.api().post("/api/sources", "{\"name\":\"s\",\"kind\":\"standard\",\"secret\":\"" + SECRET + "\"}");
        }
        assertThat(fileHolds(SECRET)).isTrue();

        Path file = Files.writeString(folder.resolve("master.key"), ONE + "\n");
        rekey("secrets.master_key_file", file.toString());

        assertThat(fileHolds(SECRET) || fileHolds(TOKEN)).isFalse();
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            assertOpen(server, id);
        }
    }

    @Test
    void s9_aSealedSecretCopiedToAnotherWebhook_doesNotOpenThere() throws Exception {
        String one;
        String other;
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", ONE)) {
            one = register(server);
            other = register(server);
        }

        change("UPDATE webhooks SET secret = (SELECT secret FROM webhooks WHERE id = '" + one + "') WHERE id = '"
                + other + "'");

        assertThatThrownBy(() ->
                        RunningServer.start(folder, "secrets.master_key", ONE).close())
                .hasMessageContaining(other)
                .hasMessageContaining("seal is broken");
    }

    @Test
    void rekeyWithoutAKey_isRefused() {
        assertThatThrownBy(this::rekey).hasMessageContaining("secrets.master_key");
    }
}
