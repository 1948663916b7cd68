package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A circuit opens, probes and closes; the API shows it, and each move raises one alert: E9, F9. */
class CircuitJourneyTest {
    private static final Map<String, String> SMALL = Map.of(
            "circuit.failures_in_a_row", "3", "circuit.first_wait_seconds", "1", "circuit.longest_wait_seconds", "2");

    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;
    private ScriptedReceiver alerts;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, SMALL);
        receiver = ScriptedReceiver.always(500);
        alerts = ScriptedReceiver.always(200);
    }

    @AfterEach
    void close() {
        server.close();
        receiver.close();
        alerts.close();
    }

    @Test
    void e9_circuit_opensProbesAndClosesWithOneAlertForEach() {
        server.webhook(alerts.url(), "alert.triggered", "");
        String path = webhook(",\"retry_schedule\":[0,0,0,0,0,0,0,0]");

        String eventId = server.trigger("order.created", "{}");

        await().until(() -> circuit(path).equals("open"));
        List<Received> requests = receiver.awaitReceived(4);
        assertThat(millisBetween(requests, 2, 3)).isBetween(950L, 5_000L);
        assertThat(server.deliveryOf(eventId).get("held").asBoolean()).isTrue();
        // After a failed probe the wait is doubled; then the receiver is back.
        receiver.answer(request -> Reply.of(200));
        assertThat(millisBetween(receiver.awaitReceived(5), 3, 4)).isBetween(1_950L, 10_000L);
        await().until(() -> circuit(path).equals("closed"));
        await().until(() -> server.statusOf(eventId).equals("succeeded"));
        assertThat(receiver.received()).extracting(Received::attempt).containsExactly(1, 2, 3, 4, 5);
        alerts.awaitReceived(2);
        assertThat(alerts.received())
                .extracting(alert -> alert.json().get("data").get("alert").asText())
                .containsExactly("circuit_opened", "circuit_closed");
    }

    @Test
    void f9_openCircuit_sendsOneProbeForAllThatWaits() {
        String path = webhook(",\"retry_schedule\":[3600]");
        for (int n = 0; n < 30; n++) {
            server.trigger("order.created", "{\"n\":" + n + "}");
        }
        await().until(() -> circuit(path).equals("open"));
        int before = receiver.received().size();

        List<Received> requests = receiver.awaitReceived(before + 2);

        // Those in flight when it opened may still have come; after that one at a time, a second and more apart.
        assertThat(millisBetween(requests, requests.size() - 2, requests.size() - 1))
                .isGreaterThan(900);
        assertThat(requests.size()).isLessThan(12);
    }

    @Test
    void f9_closedCircuit_letsAllThatWaitedGo() {
        String path = webhook(",\"retry_schedule\":[1,1]");
        for (int n = 0; n < 20; n++) {
            server.trigger("order.created", "{\"n\":" + n + "}");
        }
        await().until(() -> circuit(path).equals("open"));

        receiver.answer(request -> Reply.of(200));

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(server.deliveriesNamed("order.created"))
                        .hasSize(20)
                        .extracting(each -> each.get("status").asText())
                        .containsOnly("succeeded"));
        assertThat(circuit(path)).isEqualTo("closed");
    }

    @Test
    void alertDeliveries_neverRaiseFurtherAlerts() {
        alerts.answer(request -> Reply.of(500));
        String alerting = "/api/webhooks/"
                + server.webhook(alerts.url(), "alert.triggered", ",\"retry_schedule\":[0,0,0,0,0]")
                        .get("id")
                        .asText();
        String path = webhook(",\"retry_schedule\":[0,0,0,0]");

        server.trigger("order.created", "{}");

        await().until(() -> circuit(path).equals("open"));
        await().until(() -> circuit(alerting).equals("open"));
        JsonNode raised = server.get("/api/events/recent?event=alert.triggered").get("data");
        assertThat(raised).hasSize(1);
    }

    @Test
    void e9_refusalsThatShowTheReceiverToBeThere_openNothing() {
        receiver.answer(request -> Reply.of(404));
        String path = webhook(",\"retry_schedule\":[0,0,0,0,0,0]");

        String eventId = server.trigger("order.created", "{}");

        await().until(() -> server.statusOf(eventId).equals("failed"));
        assertThat(receiver.received()).hasSize(7);
        assertThat(circuit(path)).isEqualTo("closed");
    }

    @Test
    void f13_newUrl_closesTheCircuitAtOnce() {
        String path = webhook(",\"retry_schedule\":[0,0,0,0,0,0]");
        String eventId = server.trigger("order.created", "{}");
        await().until(() -> circuit(path).equals("open"));
        try (ScriptedReceiver moved = ScriptedReceiver.always(200)) {
            server.patch(path, "{\"url\":\"" + moved.url() + "\"}");

            await().atMost(Duration.ofSeconds(15))
                    .until(() -> server.statusOf(eventId).equals("succeeded"));
            moved.awaitReceived(1);
            assertThat(circuit(path)).isEqualTo("closed");
        }
    }

    @Test
    void e9_openCircuit_survivesARestart() {
        String path = webhook(",\"retry_schedule\":[0,0,0,0,0,0]");
        String eventId = server.trigger("order.created", "{}");
        await().until(() -> circuit(path).equals("open"));
        server.stop();
        receiver.answer(request -> Reply.of(200));

        server.startAgain();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> server.statusOf(eventId).equals("succeeded"));
        assertThat(circuit(path)).isEqualTo("closed");
    }

    private String webhook(String more) {
        return "/api/webhooks/"
                + server.webhook(receiver.url(), "order.*", more).get("id").asText();
    }

    private String circuit(String path) {
        return server.get(path).get("circuit").asText();
    }

    private static long millisBetween(List<Received> requests, int first, int second) {
        return (requests.get(second).nanos() - requests.get(first).nanos()) / 1_000_000;
    }
}
