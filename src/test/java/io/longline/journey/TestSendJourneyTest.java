package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test send reaches the receiver like a delivery, and leaves no trace in what is stored or counted. */
class TestSendJourneyTest {
    private static final String PATH = "/api/webhooks/test";

    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;

    @BeforeEach
    void open() {
        server = JourneyServer.start(
                folder, Map.of("circuit.failures_in_a_row", "2", "circuit.first_wait_seconds", "600"));
        receiver = ScriptedReceiver.always(200);
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    @Test
    void testOfAWebhook_isSentWithItsHeadersAndSecret() {
        JsonNode webhook = server.webhook(receiver.url(), ",\"headers\":{\"X-Team\":\"blue\"}");
        String id = webhook.get("id").asText();

        JsonNode answer = server.post(
                PATH,
                "{\"webhook_id\":\"" + id + "\",\"event\":\"order.created\",\"data\":{\"n\":0.10,\"u\":\"ä😀\"}}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(request.header("X-Team")).isEqualTo("blue");
        assertThat(request.header("X-Webhook-Id")).isEqualTo(id);
        assertThat(request.header("X-Webhook-Event")).isEqualTo("order.created");
        assertThat(request.body()).contains("\"data\":{\"n\":0.10,\"u\":\"ä😀\"}");
        assertThat(ReferenceCheck.isSignedBy(webhook.get("secret").asText(), request))
                .isTrue();
        assertThat(request.header("X-Webhook-Signature"))
                .isEqualTo(ReferenceCheck.bodySignature(webhook.get("secret").asText(), request.body()));
        assertThat(answer.get("success").asBoolean()).isTrue();
        assertThat(answer.get("response_code").asInt()).isEqualTo(200);
        assertThat(answer.get("response_body").asText()).isEqualTo("answer 200");
        assertThat(answer.get("request").get("body").asText()).isEqualTo(request.body());
        assertThat(answer.get("request").get("headers").get("webhook-signature").asText())
                .isEqualTo(request.header("webhook-signature"));
    }

    /** Tests take none of the slots of deliveries; what hangs must not pile up without bound. */
    @Test
    void e6_testsBeyondAFewAtATime_areRefusedAndTakeNoConnection() {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        receiver.hold(answer);
        String body = "{\"url\":\"" + receiver.url() + "\"}";
        List<CompletableFuture<Integer>> tests = new ArrayList<>();
        ExecutorService callers = Executors.newFixedThreadPool(40);
        for (int count = 0; count < 40; count++) {
            tests.add(CompletableFuture.supplyAsync(
                    () -> server.call("POST", PATH, body).statusCode(), callers));
        }
        receiver.awaitReceived(32);
        await().until(() -> tests.stream().filter(CompletableFuture::isDone).count() == 8);

        answer.complete(Reply.of(200));

        List<Integer> statuses = tests.stream().map(CompletableFuture::join).toList();
        callers.shutdown();
        assertThat(statuses.stream().filter(status -> status == 503)).hasSize(8);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(32);
    }

    @Test
    void testOfAUrl_isSignedWithTheSecretGiven() {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

        server.post(PATH, "{\"url\":\"" + receiver.url() + "\",\"secret\":\"" + secret + "\"}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(ReferenceCheck.isSignedBy(secret, request)).isTrue();
        assertThat(request.header("X-Webhook-Id")).isNull();
        assertThat(request.header("X-Webhook-Attempt")).isEqualTo("1");
        assertThat(request.json().get("event").asText()).isEqualTo("test.ping");
    }

    @Test
    void testOfAUrlWithoutASecret_isUnsigned() {
        server.post(PATH, "{\"url\":\"" + receiver.url() + "\"}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(request.header("webhook-signature")).isNull();
        assertThat(request.header("X-Webhook-Signature")).isNull();
    }

    @Test
    void testDuringARotation_isSignedByBothSecrets() {
        JsonNode webhook = server.webhook(receiver.url(), "");
        String id = webhook.get("id").asText();
        JsonNode rotated = server.post("/api/webhooks/" + id + "/secret/rotate", "");

        server.post(PATH, "{\"webhook_id\":\"" + id + "\"}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(ReferenceCheck.isSignedBy(rotated.get("secret").asText(), request))
                .isTrue();
        assertThat(ReferenceCheck.isSignedBy(webhook.get("secret").asText(), request))
                .isTrue();
    }

    @Test
    void tests_areSentOnceAndShownInNoStatistics() {
        String id = server.webhook(receiver.url(), "").get("id").asText();
        JsonNode webhookBefore = server.get("/api/webhooks/" + id);
        JsonNode figuresBefore = figures();
        receiver.answer(request -> Reply.of(500));

        for (int n = 0; n < 3; n++) {
            JsonNode answer = server.post(PATH, "{\"webhook_id\":\"" + id + "\"}");
            assertThat(answer.get("success").asBoolean()).isFalse();
            assertThat(answer.get("response_code").asInt()).isEqualTo(500);
        }

        // The stats are in the webhook; the circuit, which two failures would open, is too.
        assertThat(server.get("/api/webhooks/" + id)).isEqualTo(webhookBefore);
        assertThat(webhookBefore.get("stats").get("total_attempts").asInt()).isZero();
        assertThat(figures()).isEqualTo(figuresBefore);
        assertThat(server.get("/api/deliveries").get("data")).isEmpty();
        assertThat(server.get("/api/events/recent?event=test.ping").get("data")).isEmpty();
        // A delivery is sent all the same, and is the first to count; a retry of a test would have come before it.
        receiver.answer(request -> Reply.of(200));
        server.trigger("order.created", "{}");
        assertThat(receiver.awaitReceived(4)).hasSize(4);
        assertThat(receiver.received().get(3).header("X-Webhook-Event")).isEqualTo("order.created");
    }

    private JsonNode figures() {
        JsonNode all = server.get("/api/stats");
        ObjectNode counted = JourneyServer.JSON.createObjectNode();
        counted.set("deliveries_24h", all.get("deliveries_24h"));
        counted.set("queue", all.get("queue"));
        return counted;
    }
}
