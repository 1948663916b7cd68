package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.delivery.RawReceiver.Script;
import io.longline.model.Outcome;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of receivers that answer in good order are used again, and requests go out as they were rendered. */
@ExtendWith(VertxExtension.class)
class SenderConnectionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private Wire wire;

    @BeforeEach
    void open(Vertx vertx) {
        wire = new Wire(
                vertx,
                Map.of(),
                name -> name.equals("receiver.test")
                        ? new InetAddress[] {InetAddress.getByName("127.0.0.1")}
                        : InetAddress.getAllByName(name));
    }

    @AfterEach
    void close(VertxTestContext ending) {
        wire.end().onComplete(ending.succeedingThenComplete());
    }

    @Test
    void connection_isUsedAgainForOneRequestAfterAnother() {
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            for (int n = 0; n < 200; n++) {
                assertThat(wire.send(receiver.url(), TIMEOUT).status()).isEqualTo(200);
            }

            assertThat(receiver.requests()).hasSize(200);
            assertThat(receiver.accepted()).isEqualTo(1);
        }
    }

    @Test
    void connections_areNoMoreThanWereInFlightAtOnce() {
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            for (int round = 0; round < 25; round++) {
                List<Answer> answers = wire.sendAtOnce(receiver.url(), 8, TIMEOUT);
                assertThat(answers).allMatch(answer -> Integer.valueOf(200).equals(answer.status()));
            }

            assertThat(receiver.requests()).hasSize(200);
            assertThat(receiver.accepted()).isBetween(1, 8);
        }
    }

    @Test
    void connection_isUsedAgainAfterAnAnswerThatFailsTheDelivery() {
        Script failing = conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nno!\r\n0\r\n\r\n");
            }
        };
        try (RawReceiver receiver = new RawReceiver(failing)) {
            for (int n = 0; n < 20; n++) {
                assertThat(wire.send(receiver.url(), TIMEOUT).body()).isEqualTo("no!");
            }

            assertThat(receiver.accepted()).isEqualTo(1);
        }
    }

    @Test
    void answerWithoutABody_leavesItsConnectionInUse() {
        Script noContent = conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 204 No Content\r\n\r\n");
            }
        };
        try (RawReceiver receiver = new RawReceiver(noContent)) {
            for (int n = 0; n < 20; n++) {
                assertThat(wire.send(receiver.url(), TIMEOUT).status()).isEqualTo(204);
            }

            assertThat(receiver.accepted()).isEqualTo(1);
        }
    }

    @Test
    void connectionThatTheReceiverCloses_isNotUsedAgain() {
        Script once = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            conversation.end();
        };
        try (RawReceiver receiver = new RawReceiver(once)) {
            for (int n = 0; n < 20; n++) {
                assertThat(wire.send(receiver.url(), TIMEOUT).status()).isEqualTo(200);
            }

            assertThat(receiver.accepted()).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "103 Early Hints"})
    void interimAnswerThatOnlyAnnounces_isPassedOver(String interim) {
        Script announcing = conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 " + interim + "\r\nLink: </style.css>\r\n\r\n");
                conversation.pause(100);
                conversation.write(RawReceiver.OK);
            }
        };
        try (RawReceiver receiver = new RawReceiver(announcing)) {
            Answer first = wire.send(receiver.url(), TIMEOUT);
            Answer second = wire.send(receiver.url(), TIMEOUT);

            assertThat(first.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(second.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(receiver.accepted()).isEqualTo(1);
        }
    }

    @Test
    void interimAnswer_isNeverTakenForTheAnswerOfALaterRequest() {
        Script processing = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 102 Processing\r\n\r\n");
            conversation.pause(100);
            conversation.write(RawReceiver.OK);
        };
        Script failing = conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
            }
        };
        try (RawReceiver receiver = new RawReceiver(processing, failing)) {
            Answer first = wire.send(receiver.url(), TIMEOUT);
            Answer second = wire.send(receiver.url(), TIMEOUT);

            assertThat(first.outcome())
                    .isEqualTo(new Outcome.Malformed("The receiver answered only for the time being (102)"));
            assertThat(second.status()).isEqualTo(500);
        }
    }

    @Test
    void request_isSentAsItWasRendered() {
        String body = "{\"big\":12345678901234567890.000,\"ü\":\"€\"}";
        Map<String, String> headers = new java.util.LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("X-Latin", "caf\u00e9");
        headers.put("webhook-id", "evt_1");
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            String url = "http://receiver.test:" + receiver.port() + "/a%20b/c?x=1&y=%2F";

            Wire.await(wire.begin(url, headers, body, TIMEOUT));

            String request = receiver.requests().get(0);
            assertThat(request)
                    .startsWith("POST /a%20b/c?x=1&y=%2F HTTP/1.1\r\n")
                    .endsWith("\r\n\r\n" + body);
            assertThat(request.substring(0, request.indexOf("\r\n\r\n")).lines().skip(1))
                    .containsExactlyInAnyOrder(
                            "host: receiver.test:" + receiver.port(),
                            "Content-Type: application/json",
                            "X-Latin: caf\u00e9",
                            "webhook-id: evt_1",
                            "content-length: " + body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
            assertThat(request.indexOf("Content-Type")).isLessThan(request.indexOf("X-Latin"));
            assertThat(request.indexOf("X-Latin")).isLessThan(request.indexOf("webhook-id"));
        }
    }

    @Test
    void largestPayload_arrivesWhole() {
        String body = "\"" + "0123456789abcdef".repeat(16 * 1_024) + "\"";
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            Answer answer = Wire.await(wire.begin(receiver.url(), Map.of(), body, TIMEOUT));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(receiver.requests().get(0)).endsWith("\r\n\r\n" + body);
        }
    }
}
