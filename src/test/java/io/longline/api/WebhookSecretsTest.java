package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
}
