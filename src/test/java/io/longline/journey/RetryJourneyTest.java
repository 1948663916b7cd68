package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failed attempts are made again, when and as often as the webhook and its receiver say. */
class RetryJourneyTest {
    @TempDir
    private Path folder;

    private JourneyServer server;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, Map.of());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void failedDelivery_isTriedAgainByItsScheduleWithTheSameIdAndBody() {
        try (ScriptedReceiver receiver = ScriptedReceiver.inTurn(500, 404, 302, 200)) {
            server.webhook(receiver.url(), ",\"retry_schedule\":[0,1,0,0]");

            String eventId = server.trigger("order.created", "{\"n\":1}");

            List<Received> requests = receiver.awaitReceived(4);
            await().until(() -> server.statusOf(eventId).equals("succeeded"));
            assertThat(requests).extracting(Received::attempt).containsExactly(1, 2, 3, 4);
            assertThat(requests).extracting(Received::eventId).containsOnly(eventId);
            assertThat(requests)
                    .extracting(Received::body)
                    .containsOnly(requests.get(0).body());
            assertThat(millisBetween(requests, 1, 2)).isBetween(950L, 5_000L);
            JsonNode delivery = server.deliveryOf(eventId);
            assertThat(delivery.get("attempts").findValuesAsText("attempt_number"))
                    .hasSize(4);
            assertThat(delivery.get("attempts").findValuesAsText("error_message"))
                    .contains(
                            "The receiver answered 500",
                            "The receiver answered 404",
                            "The receiver answered with a redirect (302), which is never followed");
        }
    }

    @Test
    void attemptsUsedUp_endTheDeliveryAsFailed() {
        try (ScriptedReceiver receiver = ScriptedReceiver.always(500)) {
            server.webhook(receiver.url(), ",\"retry_schedule\":[0,0]");

            String eventId = server.trigger("order.created", "{}");

            await().until(() -> server.statusOf(eventId).equals("failed"));
            assertThat(receiver.received()).hasSize(3);
            assertThat(server.deliveryOf(eventId).get("attempt_count").asInt()).isEqualTo(3);
        }
    }

    @Test
    void e7_retryAfterInSeconds_movesTheNextAttempt() {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedReceiver receiver = new ScriptedReceiver(
                request -> count.getAndIncrement() == 0 ? new Reply(503, Map.of("Retry-After", "2")) : Reply.of(200))) {
            server.webhook(receiver.url(), ",\"retry_schedule\":[0]");

            server.trigger("order.created", "{}");

            assertThat(millisBetween(receiver.awaitReceived(2), 0, 1)).isBetween(1_950L, 10_000L);
        }
    }

    @Test
    void e7_retryAfterAsADate_movesTheNextAttempt() {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedReceiver receiver = new ScriptedReceiver(request -> count.getAndIncrement() == 0
                ? new Reply(429, Map.of("Retry-After", httpDate(server.now().plusSeconds(3))))
                : Reply.of(200))) {
            server.webhook(receiver.url(), ",\"retry_schedule\":[0]");

            server.trigger("order.created", "{}");

            // A date has whole seconds.
            assertThat(millisBetween(receiver.awaitReceived(2), 0, 1)).isBetween(1_900L, 15_000L);
        }
    }

    @Test
    void e7_retryAfterOn503_restsTheWholeLane() {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedReceiver receiver = new ScriptedReceiver(
                request -> count.getAndIncrement() == 0 ? new Reply(503, Map.of("Retry-After", "2")) : Reply.of(200))) {
            server.webhook(receiver.url(), ",\"retry_schedule\":[0]");
            String first = server.trigger("order.created", "{}");
            await().until(() -> server.deliveryOf(first).get("attempt_count").asInt() == 1);

            server.trigger("order.created", "{}");

            assertThat(millisBetween(receiver.awaitReceived(2), 0, 1)).isBetween(1_950L, 10_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void gone_disablesTheWebhookAndRaisesOneAlert(int inFlight) {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        try (ScriptedReceiver receiver = ScriptedReceiver.always(200);
                ScriptedReceiver alerts = ScriptedReceiver.always(200)) {
            server.webhook(alerts.url(), "alert.triggered", "");
            JsonNode webhook = server.webhook(receiver.url(), "order.*", ",\"max_in_flight\":8");
            earnSlots(receiver);
            receiver.hold(held);
            for (int n = 0; n < inFlight; n++) {
                server.trigger("order.created", "{}");
            }
            receiver.awaitReceived("order.created", inFlight);

            held.complete(Reply.of(410));

            String path = "/api/webhooks/" + webhook.get("id").asText();
            await().until(() -> !server.get(path).get("active").asBoolean());
            assertThat(server.get(path).get("disabled_reason").asText()).isEqualTo("gone");
            await().untilAsserted(() -> assertThat(server.deliveriesNamed("order.created"))
                    .extracting(each -> each.get("status").asText())
                    .containsOnly("failed"));
            JsonNode data = alerts.awaitReceived(1).get(0).json().get("data");
            assertThat(data.get("alert").asText()).isEqualTo("webhook_disabled");
            assertThat(data.get("reason").asText()).isEqualTo("gone");
            assertThat(data.get("webhook_id")).isEqualTo(webhook.get("id"));
            assertThat(server.get("/api/events/recent?event=alert.triggered").get("data"))
                    .hasSize(1);
            assertThat(receiver.received("order.created")).hasSize(inFlight);
            assertThat(server.post("/api/events/trigger", "{\"event\":\"order.created\",\"data\":{}}")
                            .get("deliveries")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    void unreachableReceiver_leavesTheDeliveryPendingWithAReason() {
        ScriptedReceiver receiver = ScriptedReceiver.always(200);
        String url = receiver.url();
        receiver.close();
        server.webhook(url, ",\"retry_schedule\":[86400]");

        String eventId = server.trigger("order.created", "{}");

        await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 1);
        JsonNode delivery = server.deliveryOf(eventId);
        assertThat(delivery.get("status").asText()).isEqualTo("pending");
        JsonNode attempt = delivery.get("attempts").get(0);
        assertThat(attempt.get("error_message").asText()).isEqualTo("The receiver refused the connection");
        assertThat(attempt.get("response_code").isNull()).isTrue();
        Instant next = Instant.parse(delivery.get("next_attempt_at").asText());
        assertThat(Duration.between(server.now(), next))
                .isBetween(Duration.ofMinutes(1_439), Duration.ofMinutes(1_441));
    }

    @Test
    void manualRetry_makesAnotherAttemptWithTheNextNumber() {
        try (ScriptedReceiver receiver = ScriptedReceiver.inTurn(500, 200)) {
            server.webhook(receiver.url(), ",\"retry_count\":0");
            String eventId = server.trigger("order.created", "{}");
            await().until(() -> server.statusOf(eventId).equals("failed"));

            server.post(
                    "/api/deliveries/" + server.deliveryOf(eventId).get("id").asText() + "/retry", "");

            await().until(() -> server.statusOf(eventId).equals("succeeded"));
            assertThat(receiver.received()).extracting(Received::attempt).containsExactly(1, 2);
            assertThat(receiver.received()).extracting(Received::eventId).containsOnly(eventId);
        }
    }

    /** Enough successes that eight may be in flight at once: a lane starts with four. */
    private void earnSlots(ScriptedReceiver receiver) {
        for (int n = 0; n < 20; n++) {
            server.trigger("order.warm", "{}");
        }
        receiver.awaitReceived("order.warm", 20);
    }

    private static long millisBetween(List<Received> requests, int first, int second) {
        return (requests.get(second).nanos() - requests.get(first).nanos()) / 1_000_000;
    }

    private static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }
}
