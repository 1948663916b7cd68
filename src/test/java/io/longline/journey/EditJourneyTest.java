package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.journey.ScriptedReceiver.Received;
import io.longline.journey.ScriptedReceiver.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A webhook is edited, held, released or deleted while its deliveries are in flight or wait for a retry: F13. */
class EditJourneyTest {
    private static final String HOUR = ",\"retry_schedule\":[3600,3600]";

    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;
    private CompletableFuture<Reply> held;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, Map.of("delivery.sweep_seconds", "1", "delivery.shards", "1"));
        receiver = ScriptedReceiver.always(200);
        held = new CompletableFuture<>();
    }

    @AfterEach
    void close() {
        held.complete(Reply.of(200));
        server.close();
        receiver.close();
    }

    @Test
    void f13_editWhileAnAttemptIsInFlight_isForTheNextOne() {
        String path = orders(",\"retry_schedule\":[0],\"headers\":{\"X-Team\":\"old\",\"X-Gone\":\"1\"}");
        receiver.hold(held);
        String eventId = server.trigger("order.created", "{\"n\":1}");
        Received before = receiver.awaitReceived(1).get(0);
        try (ScriptedReceiver moved = ScriptedReceiver.always(200)) {
            String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
            server.patch(
                    path,
                    "{\"url\":\"" + moved.url() + "\",\"secret\":\"" + secret
                            + "\",\"headers\":{\"X-Team\":\"new\",\"X-Gone\":null}}");

            held.complete(Reply.of(500));

            Received next = moved.awaitReceived(1).get(0);
            await().until(() -> server.statusOf(eventId).equals("succeeded"));
            assertThat(next.header("X-Team")).isEqualTo("new");
            assertThat(next.header("X-Gone")).isNull();
            assertThat(next.attempt()).isEqualTo(2);
            assertThat(next.body()).isEqualTo(before.body());
            assertThat(ReferenceCheck.isSignedBy(secret, next)).isTrue();
            assertThat(ReferenceCheck.isSignedBy(secret, before)).isFalse();
            assertThat(receiver.received()).hasSize(1);
            assertThat(moved.received()).hasSize(1);
        }
    }

    @Test
    void f13_editWhileARetryWaits_isForThatRetry() {
        receiver.answer(request -> Reply.of(500));
        String path = orders(HOUR);
        String eventId = triggerAndFailOnce();
        try (ScriptedReceiver moved = ScriptedReceiver.always(200)) {
            server.patch(path, "{\"url\":\"" + moved.url() + "\",\"headers\":{\"X-Team\":\"new\"}}");

            server.passTime(Duration.ofHours(2));

            Received next = moved.awaitReceived(1).get(0);
            await().until(() -> server.statusOf(eventId).equals("succeeded"));
            assertThat(next.header("X-Team")).isEqualTo("new");
            assertThat(next.attempt()).isEqualTo(2);
            assertThat(receiver.received()).hasSize(1);
        }
    }

    @Test
    void f13_newTimeout_isForTheNextAttemptAndNotForTheOneInFlight() {
        String path = orders(",\"timeout\":60,\"retry_schedule\":[0,3600]");
        receiver.hold(held);
        String eventId = server.trigger("order.created", "{}");
        receiver.awaitReceived(1);

        server.patch(path, "{\"timeout\":1}");

        // More than the new timeout goes by; the attempt that began under the old one lives on.
        receiver.hold(new CompletableFuture<>());
        held.completeOnTimeout(Reply.of(500), 2, TimeUnit.SECONDS);
        await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 2);
        JsonNode attempts = server.deliveryOf(eventId).get("attempts");
        JsonNode first = attempts.get(0).get("attempt_number").asInt() == 1 ? attempts.get(0) : attempts.get(1);
        JsonNode second = first == attempts.get(0) ? attempts.get(1) : attempts.get(0);
        assertThat(first.get("response_code").asInt()).isEqualTo(500);
        assertThat(second.get("response_code").isNull()).isTrue();
        assertThat(second.get("duration_ms").asDouble()).isBetween(950.0, 5_000.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "paused"})
    void f13_heldInFlight_sendsNothingMoreUntilReleased(String field) {
        String hold = field.equals("active") ? "{\"active\":false}" : "{\"paused\":true}";
        String release = field.equals("active") ? "{\"active\":true}" : "{\"paused\":false}";
        String path = orders(",\"max_in_flight\":4,\"retry_schedule\":[60]");
        Witness witness = new Witness();
        receiver.hold(held);
        List<String> eventIds = triggerMany(10);
        receiver.awaitReceived("order.created", 4);
        server.patch(path, hold);

        receiver.answer(request -> Reply.of(200));
        held.complete(Reply.of(500));

        await().untilAsserted(() -> assertThat(inView("retrying")).hasSize(4));
        assertThat(inView("held"))
                .hasSize(10)
                .allMatch(each -> each.get("status").asText().equals("pending"));
        witness.sawALaterRetry();
        assertThat(receiver.received("order.created")).hasSize(4);
        server.patch(path, release);
        awaitAll(eventIds, "succeeded");
        assertThat(receiver.received("order.created")).hasSize(14);
        assertThat(attemptsSent()).doesNotHaveDuplicates().hasSize(14);
        assertNothingWaits();
    }

    @Test
    void f13_pausedWebhook_collectsAndADisabledOneDoesNot() {
        String path = orders("");
        server.patch(path, "{\"paused\":true}");
        List<String> collected = triggerMany(5);
        assertThat(inView("held")).hasSize(5);
        server.patch(path, "{\"active\":false}");
        JsonNode missed = server.post("/api/events/trigger", "{\"event\":\"order.missed\",\"data\":{}}");
        assertThat(missed.get("deliveries").asInt()).isZero();

        server.patch(path, "{\"active\":true}");
        assertThat(inView("held")).hasSize(5);
        server.patch(path, "{\"paused\":false}");

        awaitAll(collected, "succeeded");
        assertThat(receiver.timesByEvent()).hasSize(5).containsOnlyKeys(collected);
        assertThat(receiver.timesByEvent().values()).containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void f13_deletedInFlight_cancelsAllAndKeepsTheAttemptsMade(int answer) {
        String path = orders(",\"max_in_flight\":4,\"retry_schedule\":[60]");
        Witness witness = new Witness();
        receiver.hold(held);
        List<String> eventIds = triggerMany(10);
        List<String> inFlight = receiver.awaitReceived("order.created", 4).stream()
                .map(Received::eventId)
                .toList();

        server.delete(path);

        awaitAll(eventIds, "cancelled");
        receiver.answer(request -> Reply.of(200));
        held.complete(Reply.of(answer));
        await().untilAsserted(() -> assertThat(inFlight)
                .allMatch(id -> server.deliveryOf(id).get("attempts").size() == 1));
        witness.sawALaterRetry();
        assertThat(receiver.received("order.created")).hasSize(4);
        awaitAll(eventIds, "cancelled");
        assertThat(server.call("GET", path, null).statusCode()).isEqualTo(404);
        assertNothingWaits();
    }

    @Test
    void f13_deletedWhileRetriesWait_cancelsThem() {
        receiver.answer(request -> Reply.of(500));
        String path = orders(",\"retry_schedule\":[60]");
        Witness witness = new Witness();
        List<String> eventIds = triggerMany(8);
        await().untilAsserted(() -> assertThat(inView("retrying")).hasSize(8));
        receiver.answer(request -> Reply.of(200));

        server.delete(path);

        awaitAll(eventIds, "cancelled");
        witness.sawALaterRetry();
        assertThat(receiver.received("order.created")).hasSize(8);
        assertNothingWaits();
    }

    @Test
    void f13_webhookChangedAgainAndAgainUnderLoad_losesAndDoublesNothing() {
        AtomicInteger count = new AtomicInteger();
        receiver.hold(request -> new CompletableFuture<Reply>()
                .completeOnTimeout(Reply.of(count.incrementAndGet() % 3 == 0 ? 404 : 200), 3, TimeUnit.MILLISECONDS));
        String path = orders(",\"retry_schedule\":[0,0,0,0,0,0,0,0,0,0]");
        List<String> eventIds = new ArrayList<>();
        List<String> changes = List.of(
                "{\"paused\":true}",
                "{\"paused\":false}",
                "{\"headers\":{\"X-Round\":\"1\"}}",
                "{\"max_in_flight\":2}",
                "{\"active\":false}",
                "{\"active\":true}",
                "{\"max_in_flight\":null,\"timeout\":20}");
        for (int round = 0; round < 6; round++) {
            eventIds.addAll(triggerMany(20));
            for (String change : changes) {
                server.patch(path, change);
            }
        }

        awaitAll(eventIds, "succeeded");

        assertThat(attemptsSent()).doesNotHaveDuplicates();
        assertThat(receiver.timesByEvent()).containsOnlyKeys(eventIds);
        JsonNode stats = server.get(path + "/stats");
        assertThat(stats.get("total_attempts").asInt())
                .isEqualTo(receiver.received().size());
        assertThat(stats.get("successful").asInt()).isEqualTo(120);
        assertNothingWaits();
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

    private List<String> triggerMany(int count) {
        List<String> eventIds = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            eventIds.add(server.trigger("order.created", "{\"n\":" + n + "}"));
        }
        return eventIds;
    }

    private List<JsonNode> inView(String status) {
        List<JsonNode> found = new ArrayList<>();
        server.get("/api/deliveries?event=order.created&status=" + status)
                .get("data")
                .forEach(found::add);
        return found;
    }

    private void awaitAll(List<String> eventIds, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(eventIds).allMatch(id -> server.statusOf(id).equals(status)));
    }

    /** What was sent of orders, as event and number of the attempt. */
    private List<String> attemptsSent() {
        return receiver.received("order.created").stream()
                .map(request -> request.eventId() + " " + request.attempt())
                .toList();
    }

    private void assertNothingWaits() {
        await().until(() -> server.get("/api/stats").at("/queue/pending").asInt() == 0);
    }

    /**
     * Another webhook of the same shard with a retry that waits: once that is sent, the shard has looked for due work in
     * all its lanes, and whatever it wrongly took for due has been sent as well.
     */
    private final class Witness {
        private final AtomicInteger asked = new AtomicInteger();
        private final ScriptedReceiver at =
                new ScriptedReceiver(request -> Reply.of(asked.getAndIncrement() == 0 ? 500 : 200));
        private final String eventId;

        Witness() {
            server.webhook(at.url(), "witness.*", HOUR);
            eventId = server.trigger("witness.first", "{}");
            await().until(() -> server.deliveryOf(eventId).get("attempt_count").asInt() == 1);
        }

        void sawALaterRetry() {
            server.passTime(Duration.ofHours(2));
            at.awaitReceived(2);
            await().until(() -> server.statusOf(eventId).equals("succeeded"));
            String last = server.trigger("witness.last", "{}");
            await().until(() -> server.statusOf(last).equals("succeeded"));
            at.close();
        }
    }
}
