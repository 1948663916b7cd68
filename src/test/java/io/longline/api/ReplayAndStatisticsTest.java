package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events delivered again, and the figures kept of it all. */
class ReplayAndStatisticsTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static String tenantWebhook(String path, String tenant) {
        return api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url(path) + "\",\"events\":[\"*\"],\"tenant\":\"" + tenant
                                + "\",\"retry_count\":0}")
                .id();
    }

    private static Answer trigger(String tenant) {
        return api().post("/api/events/trigger", "{\"event\":\"e\",\"data\":1.10,\"tenant\":\"" + tenant + "\"}");
    }

    private static JsonNode awaitStats(String tenant, int successful, int failed) {
        return Awaitility.await()
                .until(
                        () -> api().get("/api/stats?tenant=" + tenant).json(),
                        stats -> stats.at("/deliveries_24h/successful").asInt() == successful
                                && stats.at("/deliveries_24h/failed").asInt() == failed);
    }

    @Test
    void replay_sendsTheSameBytesToEveryoneWhoSubscribesNow() {
        tenantWebhook("/replay-old", "replay");
        Answer event = trigger("replay");
        awaitStats("replay", 1, 0);
        tenantWebhook("/replay-new", "replay");

        Answer answer = api().send("POST", "/api/events/" + event.id() + "/replay", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.id()).isEqualTo(event.id());
        assertThat(answer.json().path("deliveries").asInt()).isEqualTo(2);
        var old = RECEIVER.await("/replay-old", 2);
        var added = RECEIVER.await("/replay-new", 1);
        assertThat(old.get(1).body())
                .isEqualTo(old.get(0).body())
                .isEqualTo(added.get(0).body());
        assertThat(old.get(1).header("webhook-id")).isEqualTo(event.id());
        assertThat(old.get(1).header("X-Webhook-Attempt")).isEqualTo("2");
    }

    @Test
    void replay_mayGoToOneWebhookAlone() {
        tenantWebhook("/one-a", "one");
        String other = tenantWebhook("/one-b", "one");
        Answer event = trigger("one");
        awaitStats("one", 2, 0);

        Answer answer = api().post("/api/events/" + event.id() + "/replay", "{\"webhook_id\":\"" + other + "\"}");

        assertThat(answer.json().path("deliveries").asInt()).isEqualTo(1);
        awaitStats("one", 3, 0);
        assertThat(RECEIVER.received("/one-a")).hasSize(1);
        assertThat(RECEIVER.received("/one-b")).hasSize(2);
    }

    @Test
    void replay_neverCrossesTenants() {
        tenantWebhook("/mine", "mine");
        String theirs = tenantWebhook("/theirs", "theirs");
        Answer event = trigger("mine");

        Answer answer = api().post("/api/events/" + event.id() + "/replay", "{\"webhook_id\":\"" + theirs + "\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/webhook_id");
        assertThat(RECEIVER.received("/theirs")).isEmpty();
    }

    @Test
    void replay_refusesWhatItDoesNotKnow() {
        String path = "/api/events/" + trigger("nobody").id() + "/replay";

        assertThat(api().post(path, "{\"webhook\":\"x\"}").pointers()).containsExactly("/webhook");
        assertThat(api().post(path, "{\"webhook_id\":7}").pointers()).containsExactly("/webhook_id");
        assertThat(api().post(path, "[]").status()).isEqualTo(422);
        assertThat(api().post("/api/events/evt_00000000000000000000000000/replay", "{}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void statistics_countAttemptsOfAWebhookAndDeliveriesOfATenant() {
        RECEIVER.answers("/figures", 500, 200);
        String webhook = tenantWebhook("/figures", "figures");
        trigger("figures");
        awaitStats("figures", 0, 1);
        trigger("figures");

        JsonNode stats = awaitStats("figures", 1, 1);
        JsonNode own = api().get("/api/webhooks/" + webhook + "/stats").json();

        assertThat(stats.at("/deliveries_24h/total").asInt()).isEqualTo(2);
        assertThat(stats.at("/deliveries_24h/avg_duration_ms").asDouble()).isPositive();
        assertThat(stats.at("/webhooks/active").asInt()).isEqualTo(1);
        assertThat(stats.at("/webhooks/total").asInt()).isEqualTo(1);
        assertThat(stats.at("/queue/pending").asInt()).isZero();
        assertThat(own.path("total_attempts").asInt()).isEqualTo(2);
        assertThat(own.path("successful").asInt()).isEqualTo(1);
        assertThat(own.path("failed").asInt()).isEqualTo(1);
        assertThat(own.path("avg_duration_ms").asDouble()).isPositive();
        assertThat(own.path("p95_duration_ms").asDouble()).isPositive();
        assertThat(own.path("last_success_at").asText())
                .isGreaterThanOrEqualTo(own.path("last_failure_at").asText());
        assertThat(own.path("circuit").asText()).isEqualTo("closed");
        assertSeries(api().get("/api/stats/series?tenant=figures&window=5m").json(), 2);
        assertSeries(
                api().get("/api/stats/series?window=7d&webhook_id=" + webhook).json(), 2);
    }

    /** The attempts above, one of which failed, somewhere in the last steps; and what lies before anything is no zero. */
    private static void assertSeries(JsonNode series, int accepted) {
        assertThat(sum(series, "accepted")).isEqualTo(accepted);
        assertThat(sum(series, "attempts")).isEqualTo(2);
        assertThat(sum(series, "attempts_failed")).isEqualTo(1);
        assertThat(sum(series, "succeeded")).isEqualTo(1);
        assertThat(sum(series, "failed")).isEqualTo(1);
        assertThat(series.path("data")).allSatisfy(step -> {
            boolean any = step.path("attempts").asInt() > 0;
            for (String quantile :
                    List.of("avg_duration_ms", "p50_duration_ms", "p95_duration_ms", "p99_duration_ms")) {
                assertThat(step.path(quantile).isNumber()).as(quantile).isEqualTo(any);
            }
        });
        JsonNode first = series.at("/data/0");
        assertThat(first.path("at")).isEqualTo(series.path("from"));
        assertThat(first.path("accepted").isNull()).isTrue();
        JsonNode last = series.path("data").path(series.path("data").size() - 1);
        assertThat(Instant.parse(last.path("at").asText())
                        .plusSeconds(series.path("step_s").asLong()))
                .isEqualTo(Instant.parse(series.path("to").asText()))
                .isAfter(Instant.now());
    }

    private static int sum(JsonNode series, String field) {
        int sum = 0;
        for (JsonNode step : series.path("data")) {
            sum += step.path(field).asInt();
        }
        return sum;
    }

    @Test
    void series_haveABoundedNumberOfSteps_thatSuitTheWindow() {
        String[] asked = {"window=15m", "window=1h", "window=24h", "window=7d", "window=90d", "window=1h&step=20m"};
        int[] lengths = {60, 60, 900, 3_600, 86_400, 1_200};
        int[] steps = {15, 60, 96, 168, 90, 3};
        for (int index = 0; index < asked.length; index++) {
            JsonNode series = api().get("/api/stats/series?" + asked[index]).json();
            assertThat(series.path("step_s").asInt()).as(asked[index]).isEqualTo(lengths[index]);
            assertThat(series.path("data")).as(asked[index]).hasSize(steps[index]);
        }
        for (String refused : List.of(
                "window=0m",
                "window=30s",
                "window=1y",
                "window=1h&step=90s",
                "window=3d&step=30m",
                "window=48h&step=1m",
                "window=999999d",
                "webhook_id=mine")) {
            assertThat(api().get("/api/stats/series?" + refused).status())
                    .as(refused)
                    .isEqualTo(400);
        }
    }

    @Test
    void statistics_tellWhatWaits() {
        String webhook = tenantWebhook("/waiting", "waiting");
        api().patch("/api/webhooks/" + webhook, "{\"paused\":true}");
        trigger("waiting");
        trigger("waiting");

        JsonNode stats = api().get("/api/stats?tenant=waiting").json();

        assertThat(stats.at("/queue/pending").asInt()).isEqualTo(2);
        assertThat(stats.at("/queue/retrying").asInt()).isZero();
        assertThat(stats.at("/queue/oldest_pending_s").asDouble()).isGreaterThanOrEqualTo(0);
        assertThat(api().get("/api/stats?tenant=nobody-waits")
                        .json()
                        .at("/queue/oldest_pending_s")
                        .isNull())
                .isTrue();
        assertThat(api().get("/api/stats").json().at("/queue/pending").asInt()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void statistics_forgetADeletedWebhook() {
        String webhook = tenantWebhook("/gone", "gone");
        api().patch("/api/webhooks/" + webhook, "{\"paused\":true}");
        trigger("gone");

        api().delete("/api/webhooks/" + webhook);

        JsonNode stats = Awaitility.await()
                .until(
                        () -> api().get("/api/stats?tenant=gone").json(),
                        found -> found.at("/queue/pending").asInt() == 0);
        assertThat(stats.at("/webhooks/total").asInt()).isZero();
        assertThat(stats.at("/deliveries_24h/total").asInt()).isZero();
    }

    @Test
    void testSend_showsBothSidesAndStoresNothing() {
        RECEIVER.answers("/tried", 418);
        String webhook = tenantWebhook("/tried", "tried");

        Answer answer = api().post(
                        "/api/webhooks/test",
                        "{\"webhook_id\":\"" + webhook
                                + "\",\"event\":\"try.me\",\"data\":{\"n\":1.10},\"headers\":{\"X-T\":\"1\"}}");

        JsonNode result = answer.json();
        assertThat(result.path("success").asBoolean()).isFalse();
        assertThat(result.path("response_code").asInt()).isEqualTo(418);
        assertThat(result.path("response_body").asText()).isEqualTo("answered 418");
        assertThat(result.at("/request/body").asText()).contains("\"data\":{\"n\":1.10}");
        assertThat(result.at("/request/headers/X-T").asText()).isEqualTo("1");
        var received = RECEIVER.await("/tried", 1).get(0);
        assertThat(received.text()).isEqualTo(result.at("/request/body").asText());
        assertThat(received.header("webhook-signature"))
                .isEqualTo(result.at("/request/headers/webhook-signature").asText());
        assertThat(api().get("/api/events/recent?tenant=tried").each("id")).isEmpty();
        assertThat(api().get("/api/deliveries?tenant=tried").each("id")).isEmpty();
        assertThat(api().get("/api/webhooks/" + webhook + "/stats")
                        .json()
                        .path("total_attempts")
                        .asInt())
                .isZero();
    }

    @Test
    void testSend_needsExactlyOneDestination() {
        String url = "\"url\":\"" + RECEIVER.url("/never") + "\"";

        for (String body : new String[] {
            "{}",
            "{\"url\":null}",
            "{\"webhook_id\":null}",
            "{\"url\":null,\"webhook_id\":null}",
            "{" + url + ",\"webhook_id\":\"wh_00000000000000000000000000\"}",
            "{\"webhook_id\":\"wh_00000000000000000000000000\"}",
            "{" + url + ",\"timeout\":0}",
            "{" + url + ",\"headers\":{\"Host\":\"x\"}}",
            "{" + url + ",\"event\":\"*\"}",
            "{" + url + ",\"retries\":1}"
        }) {
            assertThat(api().post("/api/webhooks/test", body).status()).as(body).isEqualTo(422);
        }
        assertThat(RECEIVER.received("/never")).isEmpty();
    }

    private static JsonNode awaitDelivery(String event, String status) {
        return Awaitility.await()
                .until(
                        () -> api().get("/api/deliveries?event_id=" + event)
                                .json()
                                .at("/data/0"),
                        found -> found.path("status").asText().equals(status)
                                && found.path("attempt_count").asInt() > 0);
    }

    @Test
    void aShadow_makesItsRequestsAndSendsNone_untilItIsNoneAnyMore() {
        // Nothing of that name can be looked up, so that only what is really sent fails.
        String webhook = api().post(
                        "/api/webhooks",
                        "{\"url\":\"http://shadow.invalid/\",\"events\":[\"*\"],\"tenant\":\"shadow\",\"shadow\":true,"
                                + "\"transform\":\"{\\\"order\\\": event.data.id}\",\"retry_delay\":3600}")
                .id();
        String one = "/api/webhooks/" + webhook;
        String tenant = "\",\"tenant\":\"shadow\",\"data\":";
        String first = api().post("/api/events/trigger", "{\"event\":\"a" + tenant + "{\"id\":1.0}}")
                .id();
        String second = api().post("/api/events/trigger", "{\"event\":\"b" + tenant + "{\"id\":\"x\"}}")
                .id();
        String bad = api().post("/api/events/trigger", "{\"event\":\"c" + tenant + "{}}")
                .id();

        JsonNode delivery = awaitDelivery(first, "succeeded");
        awaitDelivery(second, "succeeded");
        awaitDelivery(bad, "pending");

        assertThat(delivery.path("reason").asText()).isEqualTo("shadow");
        assertThat(delivery.path("last_response_code").isNull()).isTrue();
        JsonNode attempt = api().get("/api/deliveries/" + delivery.path("id").asText())
                .json()
                .at("/attempts/0");
        assertThat(attempt.path("shadow").asBoolean()).isTrue();
        assertThat(attempt.path("status").asText()).isEqualTo("succeeded");
        assertThat(attempt.at("/request_headers/webhook-signature").asText()).startsWith("v1,");
        assertThat(attempt.path("request_body_sha256").asText()).hasSize(64);
        assertThat(api().get("/api/stats?tenant=shadow")
                        .json()
                        .at("/deliveries_24h/total")
                        .asInt())
                .isZero();
        JsonNode stats = api().get(one + "/stats").json();
        assertThat(stats.path("total_attempts").asInt())
                .as("the one that cannot be made")
                .isEqualTo(1);
        assertThat(stats.path("pending").asInt()).isEqualTo(1);

        JsonNode compared = api().post(
                        one + "/compare?pair_by=/order",
                        "[{\"body\":\"{\\\"order\\\":1.0}\"},{\"body\":{\"order\":\"x\",\"more\":true}},{\"body\":{}}]")
                .json();
        assertThat(compared.path("same_bytes").asInt()).isEqualTo(1);
        assertThat(compared.at("/pairs/0/event_id").asText()).isEqualTo(second);
        assertThat(compared.at("/pairs/0/differences/0/pointer").asText()).isEqualTo("/more");
        assertThat(compared.path("only_there").asInt()).isEqualTo(1);
        assertThat(compared.path("only_here").asInt()).isZero();

        api().patch(one, "{\"shadow\":false,\"transform\":null,\"url\":\"" + RECEIVER.url("/no-shadow") + "\"}");
        for (String event : List.of(bad, first)) {
            String id =
                    api().get("/api/deliveries?event_id=" + event).each("id").get(0);
            assertThat(api().post("/api/deliveries/" + id + "/retry", "{}").status())
                    .isEqualTo(202);
        }

        assertThat(RECEIVER.await("/no-shadow", 2)).hasSize(2);
        awaitStats("shadow", 2, 0);
        assertThat(awaitDelivery(first, "succeeded").path("reason").isNull()).isTrue();
    }
}
