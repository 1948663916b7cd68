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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook's limits hold on the wire, and what one receiver does is not felt by another: E6, F7, F8. */
class LimitsJourneyTest {
    private static final int SLOTS = 16;

    @TempDir
    private Path folder;

    private JourneyServer server;
    private ScriptedReceiver receiver;

    @BeforeEach
    void open() {
        // One shard with few slots and little memory for payloads: all webhooks here share them.
        server = JourneyServer.start(
                folder,
                Map.of(
                        "delivery.shards",
                        "1",
                        "delivery.max_in_flight",
                        Integer.toString(SLOTS),
                        "delivery.payload_memory_bytes",
                        "1048576"));
        receiver = ScriptedReceiver.always(200);
    }

    @AfterEach
    void close() {
        receiver.close();
        server.close();
    }

    @Test
    void f7_maxInFlight_isReachedAndNeverPassedWithTwoHundredWaiting() {
        String path = pausedWebhook(",\"max_in_flight\":3");
        triggerMany("order.created", 200);
        receiver.hold(request -> after(Duration.ofMillis(5)));

        server.patch(path, "{\"paused\":false}");

        receiver.awaitReceived(200);
        assertThat(receiver.mostOpen()).isEqualTo(3);
        awaitAllSucceededOnce(200);
    }

    @Test
    void e6_maxInFlightRaised_isUsedByWhatWaits() {
        String path = pausedWebhook(",\"max_in_flight\":1");
        triggerMany("order.created", 200);
        receiver.hold(request -> after(Duration.ofMillis(5)));
        server.patch(path, "{\"paused\":false}");
        receiver.awaitReceived(10);
        assertThat(receiver.mostOpen()).isEqualTo(1);

        server.patch(path, "{\"max_in_flight\":7}");

        receiver.awaitReceived(200);
        assertThat(receiver.mostOpen()).isEqualTo(7);
    }

    @Test
    void f13_maxInFlightLowered_isKeptToOnceThoseInFlightHaveEnded() {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        String path = pausedWebhook(",\"max_in_flight\":8");
        triggerMany("order.created", 60);
        server.patch(path, "{\"paused\":false}");
        receiver.awaitReceived(60);
        receiver.hold(held);
        triggerMany("order.created", 40);
        receiver.awaitReceived(68);

        try (ScriptedReceiver moved = ScriptedReceiver.always(200)) {
            moved.hold(request -> after(Duration.ofMillis(5)));
            server.patch(path, "{\"max_in_flight\":2,\"url\":\"" + moved.url() + "\"}");
            held.complete(Reply.of(200));

            moved.awaitReceived(32);
            assertThat(moved.mostOpen()).isEqualTo(2);
            assertThat(receiver.received()).hasSize(68);
        }
    }

    @Test
    void e6_oneWebhook_hasNoMoreUnderWayThanTheNodeAllows() {
        server.webhook(receiver.url(), ",\"max_in_flight\":256");
        receiver.hold(request -> after(Duration.ofMillis(5)));

        triggerMany("order.created", 300);

        receiver.awaitReceived(300);
        assertThat(receiver.mostOpen()).isBetween(2, SLOTS);
    }

    @Test
    void rateLimit_holdsOnTheWire() {
        int perSecond = 20;
        String path = pausedWebhook(",\"rate_limit\":" + perSecond);
        triggerMany("order.created", 80);

        server.patch(path, "{\"paused\":false}");

        List<Long> arrivals = arrivals(receiver.awaitReceived(80));
        // The other 79 take four seconds but for one interval; a tenth, and a quarter below, for late arrivals.
        assertThat(arrivals.get(79) - arrivals.get(0)).isGreaterThan(3_600);
        assertThat(mostInOneSecond(arrivals)).isLessThanOrEqualTo(perSecond + perSecond / 4);
        // And it is used: nothing was kept waiting that could go.
        assertThat(arrivals.get(79) - arrivals.get(0)).isLessThan(8_000);
        assertThat(receiver.timesByEvent().values()).containsOnly(1);
    }

    @Test
    void rateLimit_countsFailedAttemptsAndRetriesToo() {
        receiver.answer(request -> Reply.of(404));
        server.webhook(receiver.url(), ",\"rate_limit\":10,\"retry_schedule\":[0,0,0]");

        triggerMany("order.created", 10);

        List<Long> arrivals = arrivals(receiver.awaitReceived(40));
        assertThat(arrivals.get(39) - arrivals.get(0)).isGreaterThan(3_600);
        assertThat(mostInOneSecond(arrivals)).isLessThanOrEqualTo(15);
    }

    @Test
    void rateLimitBelowOneASecond_sendsNoTwoTogether() {
        server.webhook(receiver.url(), ",\"rate_limit\":0.5");

        triggerMany("order.created", 2);

        List<Long> arrivals = arrivals(receiver.awaitReceived(2));
        assertThat(arrivals.get(1) - arrivals.get(0)).isBetween(1_800L, 8_000L);
    }

    @Test
    void f8_moreHangingWebhooksThanSlots_doNotDelayOneThatIsAnswered() {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        List<ScriptedReceiver> hanging = hangingReceivers(SLOTS + 4, held);
        try {
            server.webhook(receiver.url(), "quick.*", "");
            String first = server.trigger("quick.first", "{}");
            await().until(() -> server.statusOf(first).equals("succeeded"));
            triggerMany("order.created", 20);
            await().until(() -> open(hanging) >= SLOTS / 4);

            long start = System.nanoTime();
            triggerMany("quick.created", 100);
            List<Received> requests = receiver.awaitReceived("quick.created", 100);

            assertThat(Duration.ofNanos(requests.get(99).nanos() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(open(hanging)).isLessThanOrEqualTo(SLOTS / 2);
            assertThat(receiver.timesByEvent().values()).containsOnly(1);
        } finally {
            held.complete(Reply.of(200));
            hanging.forEach(ScriptedReceiver::close);
        }
    }

    /** Six of their payloads would fill the memory. */
    @Test
    void e6_hangingWebhooksWithLargePayloads_doNotDelayOneThatIsAnswered() {
        CompletableFuture<Reply> held = new CompletableFuture<>();
        List<ScriptedReceiver> hanging = hangingReceivers(SLOTS, held);
        String large = "{\"text\":\"" + "x".repeat(180_000) + "\"}";
        try {
            server.webhook(receiver.url(), "quick.*", "");
            String first = server.trigger("quick.first", "{}");
            await().until(() -> server.statusOf(first).equals("succeeded"));
            for (int n = 0; n < 8; n++) {
                server.trigger("order.created", large);
            }
            await().until(() -> open(hanging) >= 2);

            long start = System.nanoTime();
            for (int n = 0; n < 20; n++) {
                server.trigger("quick.created", large);
            }
            List<Received> requests = receiver.awaitReceived("quick.created", 20);

            assertThat(Duration.ofNanos(requests.get(19).nanos() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(receiver.timesByEvent().values()).containsOnly(1);
        } finally {
            held.complete(Reply.of(200));
            hanging.forEach(ScriptedReceiver::close);
        }
    }

    /** Each with a webhook of its own, and none of them answers in the time of a test. */
    private List<ScriptedReceiver> hangingReceivers(int count, CompletableFuture<Reply> until) {
        List<ScriptedReceiver> receivers = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            ScriptedReceiver one = ScriptedReceiver.always(200);
            one.hold(until);
            receivers.add(one);
            server.webhook(one.url(), "order.*", ",\"timeout\":300");
        }
        return receivers;
    }

    private static int open(List<ScriptedReceiver> receivers) {
        return receivers.stream().mapToInt(one -> one.received().size()).sum();
    }

    /** A webhook that collects deliveries until it is told to send. */
    private String pausedWebhook(String more) {
        JsonNode webhook = server.webhook(receiver.url(), "order.*", ",\"paused\":true" + more);
        return "/api/webhooks/" + webhook.get("id").asText();
    }

    private void triggerMany(String event, int count) {
        String one = "{\"event\":\"" + event + "\",\"data\":{}}";
        server.post(
                "/api/events/batch",
                "["
                        + String.join(
                                ",",
                                IntStream.range(0, count).mapToObj(n -> one).toList()) + "]");
    }

    private void awaitAllSucceededOnce(int count) {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> server.get("/api/stats").at("/queue/pending").asInt() == 0);
        assertThat(server.get("/api/stats").at("/deliveries_24h/successful").asInt())
                .isEqualTo(count);
        assertThat(receiver.timesByEvent()).hasSize(count);
        assertThat(receiver.timesByEvent().values()).containsOnly(1);
    }

    private static CompletableFuture<Reply> after(Duration delay) {
        return new CompletableFuture<Reply>().completeOnTimeout(Reply.of(200), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<Long> arrivals(List<Received> requests) {
        return requests.stream()
                .map(request -> request.nanos() / 1_000_000)
                .sorted()
                .toList();
    }

    private static long mostInOneSecond(List<Long> arrivals) {
        return arrivals.stream()
                .mapToLong(from -> arrivals.stream()
                        .filter(at -> at >= from && at < from + 1_000)
                        .count())
                .max()
                .orElse(0);
    }
}
