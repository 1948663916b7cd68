package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.longline.journey.ScriptedReceiver.Received;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver gets, at the receiver: headers, body and signatures as the contract says them. */
class WhatAReceiverGetsTest {
    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, Map.of());
        receiver = ScriptedReceiver.always(200);
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
    }

    @Test
    void request_hasExactlyTheHeadersOfTheContract() {
        JsonNode webhook =
                server.webhook(receiver.url(), ",\"headers\":{\"X-Team\":\"blue\",\"Authorization\":\"Bearer t\"}");

        String eventId = server.trigger("order.created", "{\"n\":1}");

        Received request = receiver.awaitReceived(1).get(0);
        String deliveryId = server.deliveryOf(eventId).get("id").asText();
        assertThat(request.headers().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "host",
                        "content-length",
                        "Content-Type",
                        "User-Agent",
                        "X-Team",
                        "Authorization",
                        "X-Webhook-Event",
                        "X-Webhook-Id",
                        "X-Webhook-Delivery",
                        "X-Webhook-Attempt",
                        "webhook-id",
                        "webhook-timestamp",
                        "webhook-signature",
                        "X-Webhook-Signature");
        Map<String, String> expected = new TreeMap<>(Map.of(
                "host", "127.0.0.1:" + receiver.port(),
                "Content-Type", "application/json",
                "X-Team", "blue",
                "Authorization", "Bearer t",
                "X-Webhook-Event", "order.created",
                "X-Webhook-Id", webhook.get("id").asText(),
                "X-Webhook-Delivery", deliveryId,
                "X-Webhook-Attempt", "1",
                "webhook-id", eventId));
        expected.forEach((name, value) -> assertThat(request.header(name)).isEqualTo(value));
        assertThat(request.header("User-Agent")).matches("Longline/[0-9.]+.*");
    }

    @Test
    void body_carriesDataAsItWasSent() {
        server.webhook(receiver.url(), "");
        String data = "{\"z\":1,\"a\":12345678901234567890123,\"d\":1.10,\"e\":1E400,\"u\":\"ä€\\u0041\",\"n\":null}";

        String eventId = server.post(
                        "/api/events/trigger",
                        "{\"event\":\"order.created\",\"data\":" + data + ",\"metadata\":{\"y\":2.50,\"b\":1}}")
                .get("id")
                .asText();

        Received request = receiver.awaitReceived(1).get(0);
        String timestamp = request.json().get("timestamp").asText();
        assertThat(request.body())
                .isEqualTo("{\"id\":\"" + eventId + "\",\"event\":\"order.created\",\"timestamp\":\"" + timestamp
                        + "\",\"data\":" + data + ",\"metadata\":{\"y\":2.50,\"b\":1}}");
        assertThat(timestamp).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void signatures_areVerifiedByTheReferenceLibraryAndByHand() throws Exception {
        String secret = server.webhook(receiver.url(), "").get("secret").asText();

        server.trigger("order.created", "{\"text\":\"ä€😀\"}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThatCode(() -> verify(secret, request)).doesNotThrowAnyException();
        assertThat(request.header("X-Webhook-Signature"))
                .isEqualTo("sha256=" + hmac(secret.getBytes(StandardCharsets.UTF_8), request.body()));
        assertThat(Long.parseLong(request.header("webhook-timestamp")))
                .isBetween(server.now().getEpochSecond() - 10, server.now().getEpochSecond() + 1);
    }

    @Test
    void signature_ofAnotherSecretIsRefused() {
        server.webhook(receiver.url(), "");

        server.trigger("order.created", "{}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThatThrownBy(() -> verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", request))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void secretOfAnotherForm_signsWithItsTextInBothSchemes() throws Exception {
        server.webhook(receiver.url(), ",\"secret\":\"just a phrase ü\"");

        server.trigger("order.created", "{}");

        Received request = receiver.awaitReceived(1).get(0);
        byte[] key = "just a phrase ü".getBytes(StandardCharsets.UTF_8);
        assertThatCode(() -> new Webhook(key).verify(request.body(), headers(request)))
                .doesNotThrowAnyException();
        assertThat(request.header("X-Webhook-Signature")).isEqualTo("sha256=" + hmac(key, request.body()));
    }

    @Test
    void webhookWithoutASecret_isSentUnsigned() {
        server.webhook(receiver.url(), ",\"secret\":null");

        server.trigger("order.created", "{}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(request.header("webhook-signature")).isNull();
        assertThat(request.header("X-Webhook-Signature")).isNull();
        assertThat(request.header("webhook-id")).startsWith("evt_");
    }

    @Test
    void eventNameOutsideAscii_isPercentEncodedInTheHeaderOnly() {
        server.webhook(receiver.url(), "");

        server.trigger("größe.注文", "{}");

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(request.header("X-Webhook-Event")).isEqualTo("gr%C3%B6%C3%9Fe.%E6%B3%A8%E6%96%87");
        assertThat(request.json().get("event").asText()).isEqualTo("größe.注文");
    }

    @Test
    void path_isRequestedAsItStandsInTheUrl() {
        List<String> paths = new ArrayList<>();
        server.webhook("http://127.0.0.1:" + receiver.port() + "/a%2Fb/../c?q=%20x", "");

        server.trigger("order.created", "{}");

        receiver.awaitReceived(1).forEach(request -> paths.add(request.path()));
        assertThat(paths).containsExactly("/a%2Fb/../c");
    }

    private static void verify(String secret, Received request) throws Exception {
        new Webhook(secret).verify(request.body(), headers(request));
    }

    private static HttpHeaders headers(Received request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach(header -> headers.put(header.getKey(), List.of(header.getValue())));
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private static String hmac(byte[] key, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
