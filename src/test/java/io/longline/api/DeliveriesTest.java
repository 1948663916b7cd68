package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What became of events: lists and their filters, details, and what is done by hand (E10, E11). */
class DeliveriesTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    /** A webhook at a path of the receiver, for events of that name alone, whose retries take an hour. */
    private static String webhook(String name, String more) {
        return api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/" + name) + "\",\"events\":[\"" + name
                                + "\"],\"retry_delay\":3600" + more + "}")
                .id();
    }

    private static JsonNode delivery(String eventId) {
        Answer found = api().get("/api/deliveries?event_id=" + eventId);
        assertThat(found.status()).isEqualTo(200);
        return found.json().at("/data/0");
    }

    private static JsonNode await(String eventId, String status, int attempts) {
        return Awaitility.await("delivery " + status)
                .until(
                        () -> delivery(eventId),
                        found -> found.path("status").asText().equals(status)
                                && found.path("attempt_count").asInt() == attempts);
    }

    private static List<String> list(String query) {
        return api().get("/api/deliveries?" + query).each("event_id");
    }

    @Test
    void delivery_showsEveryAttemptWithItsAnswer() {
        RECEIVER.answers("/story", 503, 200);
        webhook("story", ",\"retry_schedule\":[0],\"headers\":{\"X-Api-Key\":\"hush\",\"X-Plain\":\"seen\"}");
        Answer event = api().trigger("story");
        String id = await(event.id(), "succeeded", 2).path("id").asText();

        JsonNode details = api().get("/api/deliveries/" + id).json();

        assertThat(details.path("last_response_code").asInt()).isEqualTo(200);
        assertThat(details.path("payload").path("id").asText()).isEqualTo(event.id());
        assertThat(details.path("finished_at").isNull()).isFalse();
        assertThat(details.path("next_attempt_at").isNull()).isTrue();
        assertThat(details.path("request_headers").path("X-Plain").asText()).isEqualTo("seen");
        assertThat(details.toString()).doesNotContain("hush");
        JsonNode first = details.at("/attempts/0");
        assertThat(first.path("attempt_number").asInt()).isEqualTo(1);
        assertThat(first.path("status").asText()).isEqualTo("failed");
        assertThat(first.path("response_code").asInt()).isEqualTo(503);
        assertThat(first.path("response_body").asText()).isEqualTo("answered 503");
        assertThat(first.path("error_message").asText()).contains("503");
        JsonNode second = details.at("/attempts/1");
        assertThat(second.path("attempt_number").asInt()).isEqualTo(2);
        assertThat(second.path("error_message").isNull()).isTrue();
        assertThat(second.path("duration_ms").asDouble()).isPositive();
        assertThat(second.path("request_body_sha256")).isEqualTo(first.path("request_body_sha256"));
    }

    @Test
    void deliveries_areFilteredByEachOfTheirFilters() {
        RECEIVER.answers("/list-bad", 500).answers("/list-gone", 410);
        String good = webhook("list-good", "");
        String bad = webhook("list-bad", "");
        webhook("list-gone", ",\"tenant\":\"lists\"");
        webhook("list-paused", ",\"paused\":true");
        String succeeded = api().trigger("list-good").id();
        String retrying = api().trigger("list-bad").id();
        String failed = api().post("/api/events/trigger", "{\"event\":\"list-gone\",\"data\":1,\"tenant\":\"lists\"}")
                .id();
        String held = api().trigger("list-paused").id();
        await(succeeded, "succeeded", 1);
        await(retrying, "pending", 1);
        await(failed, "failed", 1);

        assertThat(list("webhook_id=" + good)).containsExactly(succeeded);
        assertThat(list("webhook_id=" + bad + "&status=retrying")).containsExactly(retrying);
        assertThat(list("event=list-bad")).containsExactly(retrying);
        assertThat(list("event=list-bad&status=succeeded")).isEmpty();
        assertThat(list("tenant=lists")).containsExactly(failed);
        assertThat(list("tenant=lists&status=failed&response_code=410")).containsExactly(failed);
        assertThat(list("response_code=500")).contains(retrying).doesNotContain(succeeded, failed, held);
        assertThat(list("status=succeeded")).contains(succeeded).doesNotContain(retrying, failed, held);
        assertThat(list("status=failed")).contains(failed).doesNotContain(retrying, succeeded, held);
        assertThat(list("status=pending")).contains(retrying, held).doesNotContain(succeeded, failed);
        assertThat(list("status=retrying")).contains(retrying).doesNotContain(succeeded, failed, held);
        assertThat(list("status=held")).contains(held).doesNotContain(succeeded, failed, retrying);
        assertThat(list("since=2999-01-01T00:00:00Z")).isEmpty();
        assertThat(list("until=2000-01-01T00:00:00Z")).isEmpty();
        assertThat(list("event_id=" + held + "&webhook_id=" + bad)).isEmpty();
        assertThat(delivery(held).path("held").asBoolean()).isTrue();
        assertThat(delivery(failed).path("reason").asText()).isEqualTo("gone");
    }

    @Test
    void deliveries_arePagedNewestFirst() {
        webhook("pages", "");
        List<String> events = List.of(
                api().trigger("pages").id(),
                api().trigger("pages").id(),
                api().trigger("pages").id());

        Answer first = api().get("/api/deliveries?event=pages&limit=2");
        Answer second = api().get("/api/deliveries?event=pages&limit=2&cursor="
                + first.json().path("next_cursor").asText());

        assertThat(first.each("event_id")).containsExactly(events.get(2), events.get(1));
        assertThat(second.each("event_id")).containsExactly(events.get(0));
        assertThat(second.json().path("next_cursor").isNull()).isTrue();
    }

    @Test
    void e11_aRetryByHandGoesAtOnceAndKeepsTheHistory() {
        RECEIVER.answers("/retry", 500, 200);
        webhook("retry", "");
        String event = api().trigger("retry").id();
        String path = "/api/deliveries/" + await(event, "pending", 1).path("id").asText();

        Answer answer = api().send("POST", path + "/retry", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("status").asText()).isIn("pending", "succeeded");
        await(event, "succeeded", 2);
        assertThat(api().get(path).json().path("attempts")).hasSize(2);
        assertThat(RECEIVER.received("/retry").get(1).header("X-Webhook-Attempt"))
                .isEqualTo("2");
        assertThat(RECEIVER.received("/retry").get(1).body())
                .isEqualTo(RECEIVER.received("/retry").get(0).body());
    }

    @Test
    void e11_aRetryOfAFinalDeliveryOpensItAgain() {
        webhook("again", "");
        String event = api().trigger("again").id();
        String id = await(event, "succeeded", 1).path("id").asText();

        Answer answer = api().send("POST", "/api/deliveries/" + id + "/retry", null);

        assertThat(answer.status()).isEqualTo(202);
        await(event, "succeeded", 2);
        assertThat(RECEIVER.await("/again", 2)).hasSize(2);
    }

    @Test
    void e11_aRetryInFlightIsAConflict() {
        RECEIVER.does("/flight", new Receiver.Hold());
        webhook("flight", "");
        String event = api().trigger("flight").id();
        RECEIVER.await("/flight", 1);
        String id = delivery(event).path("id").asText();

        Answer answer = api().send("POST", "/api/deliveries/" + id + "/retry", null);

        assertThat(answer.status()).isEqualTo(409);
        RECEIVER.release("/flight", 200);
        await(event, "succeeded", 1);
        assertThat(RECEIVER.received("/flight")).hasSize(1);
    }

    @Test
    void e11_aResultNeverOverridesACancelButItsAttemptIsKept() {
        RECEIVER.does("/called-off", new Receiver.Hold());
        webhook("called-off", "");
        String event = api().trigger("called-off").id();
        RECEIVER.await("/called-off", 1);
        String path = "/api/deliveries/" + delivery(event).path("id").asText();

        Answer cancelled = api().send("POST", path + "/cancel", null);
        RECEIVER.release("/called-off", 200);

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().path("status").asText()).isEqualTo("cancelled");
        Awaitility.await().until(() -> api().get(path).json().path("attempts").size() == 1);
        assertThat(delivery(event).path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void e11_aCancelOfAFinalDeliveryIsAConflict() {
        webhook("final", "");
        String event = api().trigger("final").id();
        String path =
                "/api/deliveries/" + await(event, "succeeded", 1).path("id").asText();

        Answer answer = api().send("POST", path + "/cancel", null);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(delivery(event).path("status").asText()).isEqualTo("succeeded");
    }

    @Test
    void e11_aCancelledDeliveryCanBeRetried() {
        String webhook = webhook("revived", ",\"paused\":true");
        String event = api().trigger("revived").id();
        String path = "/api/deliveries/" + delivery(event).path("id").asText();
        api().send("POST", path + "/cancel", null);

        Answer answer = api().send("POST", path + "/retry", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("held").asBoolean()).isTrue();
        assertThat(RECEIVER.received("/revived")).isEmpty();
        api().patch("/api/webhooks/" + webhook, "{\"paused\":false}");
        await(event, "succeeded", 1);
    }

    @Test
    void e10_deletingAWebhookShowsItsWaitingDeliveriesAsCancelledAtOnce() {
        String webhook = webhook("deleted", ",\"paused\":true");
        List<String> events =
                List.of(api().trigger("deleted").id(), api().trigger("deleted").id());
        JsonNode before = api().get("/api/webhooks/" + webhook + "?pending").json();

        Answer answer = api().delete("/api/webhooks/" + webhook);

        assertThat(before.path("pending").asInt()).isEqualTo(2);
        assertThat(answer.status()).isEqualTo(204);
        Answer after = api().get("/api/deliveries?webhook_id=" + webhook);
        assertThat(after.each("event_id")).containsExactlyInAnyOrderElementsOf(events);
        assertThat(after.each("status")).containsOnly("cancelled");
        assertThat(list("status=pending&event=deleted")).isEmpty();
        assertThat(list("status=cancelled&event=deleted")).hasSize(2);
        String path = "/api/deliveries/" + after.each("id").get(0);
        assertThat(api().send("POST", path + "/retry", null).status()).isEqualTo(409);
        assertThat(api().get(path).json().path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void pending_isToldOnlyWhenAskedFor() {
        String path = "/api/webhooks/" + webhook("asked", ",\"paused\":true");
        api().trigger("asked");

        assertThat(api().get(path).json().has("pending")).isFalse();
        assertThat(api().get(path + "?pending=false").json().has("pending")).isFalse();
        assertThat(api().get(path + "?pending").json().path("pending").asInt()).isEqualTo(1);
        assertThat(api().get(path + "?pending=true").json().at("/stats/pending").asInt())
                .isEqualTo(1);
    }
}
