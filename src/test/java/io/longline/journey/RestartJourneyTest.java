package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is stopped and started again: what waited goes on waiting, and is sent at its time, once. */
class RestartJourneyTest {
    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;

    @BeforeEach
    void open() {
        // No sweep but the one at the start: what is sent later was armed by it.
        server = JourneyServer.start(
                folder, Map.of("server.drain_seconds", "1", "delivery.sweep_seconds", "3600", "delivery.shards", "1"));
        receiver = ScriptedReceiver.always(200);
    }

    @AfterEach
    void close() {
        receiver.close();
        server.close();
    }

    @Test
    void e5_waitingRetry_isSentAfterARestartAtItsTimeAndNotBefore() {
        receiver.answer(request -> Reply.of(500));
        orders(",\"retry_schedule\":[3600]");
        String eventId = triggerAndFailOnce();
        Instant dueAt = dueAt(eventId);
        receiver.answer(request -> Reply.of(200));
        server.stop();
        server.passTime(Duration.between(server.now(), dueAt).minusSeconds(3));

        server.startAgain();

        String later = server.trigger("order.later", "{}");
        await().until(() -> server.statusOf(later).equals("succeeded"));
        assertThat(receiver.received("order.created")).hasSize(1);
        assertThat(server.statusOf(eventId)).isEqualTo("pending");
        Received retry = receiver.awaitReceived("order.created", 2).get(1);
        Instant sentAt = Instant.ofEpochSecond(Long.parseLong(retry.header("webhook-timestamp")));
        // The timestamp is cut to seconds.
        assertThat(Duration.between(dueAt, sentAt)).isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(5));
        assertThat(server.now()).isAfterOrEqualTo(dueAt);
        assertThat(retry.attempt()).isEqualTo(2);
        assertThat(retry.eventId()).isEqualTo(eventId);
        await().until(() -> server.statusOf(eventId).equals("succeeded"));
        assertThat(receiver.timesByEvent()).containsEntry(eventId, 2);
    }

    @Test
    void e5_retryDueWhileTheServerWasDown_isSentAtTheStart() {
        receiver.answer(request -> Reply.of(500));
        orders(",\"retry_schedule\":[3600]");
        List<String> eventIds = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            eventIds.add(triggerAndFailOnce());
        }
        receiver.answer(request -> Reply.of(200));
        server.stop();
        server.passTime(Duration.ofHours(2));

        server.startAgain();

        await().untilAsserted(() ->
                assertThat(eventIds).allMatch(id -> server.statusOf(id).equals("succeeded")));
        assertThat(receiver.timesByEvent().values()).containsOnly(2);
    }

    @Test
    void e8_retryOfAPausedWebhook_isSentAsSoonAsItIsReleasedAfterARestart() {
        receiver.answer(request -> Reply.of(500));
        String path = orders(",\"retry_schedule\":[3600]");
        String eventId = triggerAndFailOnce();
        server.patch(path, "{\"paused\":true}");
        receiver.answer(request -> Reply.of(200));
        server.stop();
        server.passTime(Duration.ofHours(2));
        server.startAgain();
        JsonNode delivery = server.deliveryOf(eventId);
        assertThat(delivery.get("held").asBoolean()).isTrue();

        server.patch(path, "{\"paused\":false}");

        await().until(() -> server.statusOf(eventId).equals("succeeded"));
        assertThat(receiver.timesByEvent()).containsEntry(eventId, 2);
    }

    @Test
    void attemptCutOffByAStop_isMadeAgainAsTheFirstAndThoseBehindItGoOnce() {
        CompletableFuture<Reply> never = new CompletableFuture<>();
        receiver.hold(never);
        orders(",\"max_in_flight\":1");
        List<String> eventIds = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            eventIds.add(server.trigger("order.created", "{\"n\":" + n + "}"));
        }
        receiver.awaitReceived(1);
        server.stop();
        assertThat(receiver.received()).hasSize(1);
        receiver.answer(request -> Reply.of(200));

        server.startAgain();

        await().untilAsserted(() ->
                assertThat(eventIds).allMatch(id -> server.statusOf(id).equals("succeeded")));
        assertThat(receiver.received())
                .hasSize(21)
                .extracting(Received::attempt)
                .containsOnly(1);
        assertThat(receiver.timesByEvent()).hasSize(20).containsEntry(eventIds.get(0), 2);
        // What was cut off is not the receiver's failure, and not recorded as one.
        assertThat(server.deliveryOf(eventIds.get(0)).get("attempts")).hasSize(1);
    }

    @Test
    void firstAttemptToAReceiverThatWasDown_isFollowedByTheNextAfterARestart() {
        int port = receiver.port();
        receiver.close();
        orders(",\"retry_schedule\":[3600]");
        String eventId = triggerAndFailOnce();
        server.stop();
        server.passTime(Duration.ofHours(2));
        receiver = ScriptedReceiver.on(port, request -> Reply.of(200));

        server.startAgain();

        Received request = receiver.awaitReceived(1).get(0);
        assertThat(request.attempt()).isEqualTo(2);
        assertThat(request.eventId()).isEqualTo(eventId);
        await().until(() -> server.statusOf(eventId).equals("succeeded"));
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void shutdownAndStartup_areToldInTheirOrder() {
        server.webhook(receiver.url(), "system.*", "");
        server.stop();
        // Sent while the server drains, not after the next start.
        assertThat(receiver.received())
                .extracting(request -> request.header("X-Webhook-Event"))
                .containsExactly("system.shutdown");

        server.startAgain();

        List<Received> requests = receiver.awaitReceived(2);
        assertThat(requests)
                .extracting(request -> request.json().get("event").asText())
                .containsExactly("system.shutdown", "system.startup");
        assertThat(requests.get(1).eventId()).isGreaterThan(requests.get(0).eventId());
        for (Received request : requests) {
            assertThat(request.attempt()).isEqualTo(1);
            assertThat(request.json().get("data").get("version").asText()).isNotEmpty();
            await().until(() -> server.statusOf(request.eventId()).equals("succeeded"));
        }
        assertThat(receiver.received()).hasSize(2);
    }

    @Test
    void shutdownThatCouldNotBeToldInTime_isToldAfterTheNextStart() {
        receiver.hold(new CompletableFuture<>());
        server.webhook(receiver.url(), "system.*", "");
        server.stop();
        List<Received> cutOff = List.copyOf(receiver.received("system.shutdown"));
        assertThat(cutOff).hasSize(1);
        receiver.answer(request -> Reply.of(200));

        server.startAgain();

        List<Received> shutdowns = receiver.awaitReceived("system.shutdown", 2);
        Received startup = receiver.awaitReceived("system.startup", 1).get(0);
        assertThat(shutdowns)
                .extracting(Received::eventId)
                .containsOnly(cutOff.get(0).eventId());
        assertThat(startup.eventId()).isGreaterThan(cutOff.get(0).eventId());
        await().until(() -> server.statusOf(cutOff.get(0).eventId()).equals("succeeded"));
        await().until(() -> server.statusOf(startup.eventId()).equals("succeeded"));
        assertThat(receiver.received()).hasSize(3);
    }

    @Test
    void shutdown_isCommittedBeforeTheServerSaysThatItIsNotReady() {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        receiver.hold(held);
        server.webhook(receiver.url(), "system.*", "");

        Future<Void> stopping = server.beginToStop();

        await().until(() -> server.call("GET", "/health/ready", null).statusCode() == 503);
        assertThat(server.get("/api/events/recent?event=system.shutdown").get("data"))
                .hasSize(1);
        held.complete(Reply.of(200));
        JourneyServer.await(stopping);
        assertThat(receiver.received("system.shutdown")).hasSize(1);
    }

    /** A webhook for orders; answers its path. */
    private String orders(String more) {
        return "/api/webhooks/"
                + server.webhook(receiver.url(), "order.*", more).get("id").asText();
    }

    private String triggerAndFailOnce() {
        String eventId = server.trigger("order.created", "{}");
        await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 1);
        return eventId;
    }

    private Instant dueAt(String eventId) {
        return Instant.parse(server.deliveryOf(eventId).get("next_attempt_at").asText());
    }
}
