package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The built-in receiver of a server that only this machine reaches, and the settings in force. */
class ReceiverAndSettingsTest {
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "secrets.master_key", MASTER_KEY, "delivery.max_age_seconds", "3600", "delivery.https_only", "false");

    private static Api api() {
        return SERVER.api();
    }

    private static String url(String rest) {
        return "http://localhost:" + SERVER.port() + "/_receiver" + rest;
    }

    private static JsonNode received(String path) {
        return Awaitility.await().until(() -> find(path), found -> !found.isMissingNode());
    }

    private static JsonNode find(String path) {
        for (JsonNode each : api().get("/_receiver").json().path("data")) {
            if (each.path("path").asText().equals(path)) {
                return each;
            }
        }
        return api().get("/_receiver").json().path("nothing");
    }

    @Test
    void receiver_keepsWhatArrives_andTellsWhetherItIsSigned() {
        String webhook = api().register(url("/first"), "first").id();
        String event = api().trigger("first").id();

        JsonNode request = received("/_receiver/first");

        assertThat(request.path("signature").asText()).isEqualTo("valid");
        assertThat(request.at("/headers/X-Webhook-Id").asText()).isEqualTo(webhook);
        assertThat(request.path("body").asText()).contains(event);
        assertThat(request.path("answered").asInt()).isEqualTo(200);
        api().post("/_receiver/forged", "{}", "X-Webhook-Id", webhook, "X-Webhook-Signature", "sha256=00");
        assertThat(received("/_receiver/forged").path("signature").asText()).isEqualTo("invalid");
        api().post("/_receiver/plain", "{}", "X-Webhook-Id", webhook);
        assertThat(received("/_receiver/plain").path("signature").asText()).isEqualTo("missing");
        api().send("POST", "/_receiver", "text".getBytes(StandardCharsets.UTF_8), "Content-Type", "text/plain");
        assertThat(received("/_receiver").path("signature").asText()).isEqualTo("unknown");
    }

    @Test
    void receiver_failsWhenItsUrlSaysSo() {
        api().register(url("/failing?status=503"), "failing");
        String event = api().trigger("failing").id();

        JsonNode delivery = Awaitility.await()
                .until(
                        () -> api().get("/api/deliveries?event_id=" + event)
                                .json()
                                .at("/data/0"),
                        found -> found.path("attempt_count").asInt() > 0);
        assertThat(delivery.path("last_response_code").asInt()).isEqualTo(503);
        assertThat(received("/_receiver/failing").path("query").asText()).isEqualTo("status=503");
    }

    @Test
    void receiver_keepsALimitedNumber_ofALimitedSize() {
        String large = "\"" + "x".repeat(900_000) + "\"";
        for (int count = 0; count < 5; count++) {
            assertThat(api().post("/_receiver/large", large).status()).isEqualTo(200);
        }
        assertThat(api().get("/_receiver").json().path("data")).hasSizeLessThanOrEqualTo(2);
        for (int count = 0; count < 120; count++) {
            api().post("/_receiver/" + count, "{}");
        }
        JsonNode kept = api().get("/_receiver").json().path("data");
        assertThat(kept).hasSizeLessThanOrEqualTo(100);
        assertThat(kept.at("/0/path").asText()).isEqualTo("/_receiver/119");
    }

    @Test
    void settings_tellWhatIsInForceAndWhoSaidSo_butNoSecret() {
        Answer answer = api().get("/api/settings");

        assertThat(answer.text()).doesNotContain(MASTER_KEY);
        assertThat(setting(answer, "secrets.master_key").path("value").asText()).isEqualTo("********");
        JsonNode age = setting(answer, "delivery.max_age_seconds");
        assertThat(age.path("value").asInt()).isEqualTo(3_600);
        assertThat(age.path("default").asInt()).isEqualTo(604_800);
        assertThat(age.path("origin").asText()).isEqualTo("the command line");
        JsonNode readers = setting(answer, "store.readers");
        assertThat(readers.path("value")).isEqualTo(readers.path("default"));
        assertThat(readers.path("origin").asText()).isEqualTo("the default");
        assertThat(setting(answer, "circuit.enabled").path("value").isBoolean()).isTrue();
    }

    private static JsonNode setting(Answer answer, String key) {
        for (JsonNode each : answer.json().path("data")) {
            if (each.path("key").asText().equals(key)) {
                return each;
            }
        }
        throw new AssertionError("no setting " + key);
    }
}
