package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret is shown once unasked, then only to who asks for it, which is noted (S9, S10). */
class WebhookSecretsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static String webhook(String path, String event) {
        return api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url(path) + "\",\"events\":[\"" + event + "\"],\"secret\":\"" + SECRET
                                + "\"}")
                .id();
    }

    private static List<String> audit(String webhookId) throws SQLException {
        List<String> actions = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SERVER.storeFile());
                PreparedStatement query =
                        connection.prepareStatement("SELECT action FROM audit WHERE subject = ? ORDER BY id")) {
            query.setString(1, webhookId);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    actions.add(rows.getString(1));
                }
            }
        }
        return actions;
    }

    @Test
    void secret_isShownOnceAndHintedAtAfterwards() {
        String id = webhook("/once", "once");
        String path = "/api/webhooks/" + id;
        api().trigger("once");
        RECEIVER.await("/once", 1);

        List<Answer> answers = List.of(
                api().get(path),
                api().get("/api/webhooks?limit=500"),
                api().get(path + "/stats"),
                api().patch(path, "{\"description\":\"x\"}"),
                api().get("/api/deliveries?webhook_id=" + id),
                api().get("/api/deliveries/"
                        + api().get("/api/deliveries?webhook_id=" + id)
                                .each("id")
                                .get(0)),
                api().get("/api/events/recent"),
                api().post("/api/webhooks/test", "{\"webhook_id\":\"" + id + "\"}"));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).doesNotContain(SECRET).doesNotContain(SECRET.substring(6));
        });
        assertThat(answers.get(0).json().path("secret_hint").asText()).isEqualTo("LaSw");
        assertThat(answers.get(0).json().has("secret")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"secret\":\"whsec_hush-hush!\",\"url\":\"x\",\"events\":[]}",
                "{\"secret\":\"hush-hush\\u0007\"}",
                "{\"secret\":\"hush-hush\",\"secret\":\"hush-hush\"}",
                "{\"secret\":\"hush-hush\"",
                "{\"secret\":[\"hush-hush\"]}"
            })
    void secret_isNeverRepeatedInAnError(String body) {
        Answer answer = api().post("/api/webhooks", body);

        assertThat(answer.status()).isBetween(400, 422);
        assertThat(answer.text()).doesNotContain("hush-hush");
    }

    @Test
    void reading_isNotedInTheAuditLogBeforeItIsAnswered() throws SQLException {
        String id = webhook("/audit", "audit");

        Answer answer = api().get("/api/webhooks/" + id + "/secret");

        assertThat(answer.json().path("secret").asText()).isEqualTo(SECRET);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(audit(id)).containsExactly("webhook.create", "webhook.secret.read");
    }

    @Test
    void rotation_makesANewSecretAndKeepsTheOldOneForADay() throws SQLException {
        String id = webhook("/rotated", "rotated");
        Instant before = Instant.now();

        Answer answer = api().send("POST", "/api/webhooks/" + id + "/secret/rotate", null);

        JsonNode rotated = answer.json();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(rotated.path("secret").asText()).startsWith("whsec_").isNotEqualTo(SECRET);
        assertThat(Instant.parse(rotated.path("previous_secret_expires_at").asText()))
                .isBetween(
                        before.plus(Duration.ofHours(24)).minusSeconds(1),
                        before.plus(Duration.ofHours(24)).plusSeconds(30));
        assertThat(api().get("/api/webhooks/" + id + "/secret").json()).isEqualTo(rotated);
        assertThat(audit(id)).containsExactly("webhook.create", "webhook.secret.rotate", "webhook.secret.read");
    }

    @Test
    void rotation_signsWithBothUntilTheOldOneEnds() {
        String id = webhook("/both", "both");
        String path = "/api/webhooks/" + id + "/secret/rotate";
        api().post(path, "{\"secret\":\"second\",\"expire_after\":3600}");
        api().trigger("both");
        RECEIVER.await("/both", 1);
        api().post(path, "{\"secret\":\"third\",\"expire_after\":604800}");
        api().trigger("both");
        RECEIVER.await("/both", 2);
        api().post(path, "{\"secret\":\"fourth\",\"expire_after\":0}");
        api().trigger("both");

        List<Receiver.Received> received = RECEIVER.await("/both", 3);

        assertThat(received.get(0).header("webhook-signature").split(" ")).hasSize(2);
        assertThat(received.get(1).header("webhook-signature").split(" ")).hasSize(2);
        assertThat(received.get(2).header("webhook-signature").split(" ")).hasSize(1);
        assertThat(received.get(0).header("X-Webhook-Signature")).matches("sha256=[0-9a-f]{64}");
    }

    @Test
    void rotation_ofAnUnsignedWebhookHasNoOverlap() {
        String id = api().post("/api/webhooks", "{\"url\":\"http://localhost:1\",\"events\":[\"u\"],\"secret\":null}")
                .id();

        JsonNode rotated =
                api().post("/api/webhooks/" + id + "/secret/rotate", "{}").json();

        assertThat(rotated.path("secret").asText()).startsWith("whsec_");
        assertThat(rotated.path("previous_secret_expires_at").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"expire_after\":-1}", "{\"expire_after\":604801}", "{\"secret\":\"whsec_?\"}", "{\"x\":1}"})
    void rotation_refusesWhatIsNotWithinTheBounds(String body) {
        String id = webhook("/bounds", "bounds");

        Answer answer = api().post("/api/webhooks/" + id + "/secret/rotate", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).hasSize(1);
        assertThat(api().get("/api/webhooks/" + id + "/secret")
                        .json()
                        .path("secret")
                        .asText())
                .isEqualTo(SECRET);
    }

    /** The other half of a {@code whsk_} secret is no secret: receivers verify with it, as the documentation shows. */
    @Test
    void publicKey_isShownWhereverTheWebhookIsAndVerifies() throws GeneralSecurityException {
        String secret = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
        String other = "whsk_" + Base64.getEncoder().encodeToString(new byte[32]);
        Answer created = api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/asymmetric") + "\",\"events\":[\"asymmetric\"],\"secret\":\""
                                + secret + "\"}");
        String path = "/api/webhooks/" + created.id();
        api().trigger("asymmetric");
        Receiver.Received received = RECEIVER.await("/asymmetric", 1).get(0);

        String key = created.json().path("public_key").asText();

        assertThat(key).isEqualTo("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        assertThat(verifies(key, received)).isTrue();
        assertThat(api().get(path).json().path("public_key").asText()).isEqualTo(key);
        assertThat(api().get(path + "/secret").json().path("public_key").asText())
                .isEqualTo(key);
        assertThat(api().get("/api/webhooks?q=asymmetric").each("public_key")).containsExactly(key);
        Answer rotated = api().post(path + "/secret/rotate", "{\"secret\":\"" + other + "\"}");
        assertThat(rotated.json().path("public_key").asText())
                .startsWith("whpk_")
                .isNotEqualTo(key);
        assertThat(verifies(rotated.json().path("public_key").asText(), received))
                .isFalse();
        assertThat(api().patch(path, "{\"secret\":null}")
                        .json()
                        .path("public_key")
                        .isNull())
                .isTrue();
        assertThat(api().patch(path, "{\"public_key\":\"" + key + "\"}").status())
                .isEqualTo(422);
    }

    private static boolean verifies(String publicKey, Receiver.Received received) throws GeneralSecurityException {
        byte[] key = Base64.getDecoder().decode(publicKey.substring("whpk_".length()));
        byte[] prefix = HexFormat.of().parseHex("302a300506032b6570032100");
        byte[] encoded = ByteBuffer.allocate(prefix.length + key.length)
                .put(prefix)
                .put(key)
                .array();
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        String signed = received.header("webhook-id") + "." + received.header("webhook-timestamp") + ".";
        verifier.update(signed.getBytes(StandardCharsets.UTF_8));
        verifier.update(received.body());
        String signature = received.header("webhook-signature");
        return verifier.verify(Base64.getDecoder().decode(signature.substring("v1a,".length())));
    }

    /** S9: what is newly given is long enough; what is stored goes on. */
    @Test
    void s9_shortSecret_isRefusedWhereverItIsGivenAndGoesOnWhereItIsStored() throws SQLException {
        String shortOne = "whsec_" + Base64.getEncoder().encodeToString(new byte[23]);
        String body = "{\"secret\":\"" + shortOne + "\"}";
        String id = webhook("/stored", "stored");
        String path = "/api/webhooks/" + id;

        Answer created = api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/short") + "\",\"events\":[\"short\"],\"secret\":\"" + shortOne
                                + "\"}");
        Answer patched = api().patch(path, body);
        Answer rotated = api().post(path + "/secret/rotate", body);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SERVER.storeFile());
                PreparedStatement store = connection.prepareStatement("UPDATE webhooks SET secret = ? WHERE id = ?")) {
            store.setString(1, shortOne);
            store.setString(2, id);
            store.executeUpdate();
        }
        Answer renamed = api().patch(path, "{\"description\":\"as before\"}");

        assertThat(List.of(created, patched, rotated)).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("/secret", "24 to 64 bytes").doesNotContain(shortOne);
        });
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(api().get(path + "/secret").json().path("secret").asText()).isEqualTo(shortOne);
    }
}
