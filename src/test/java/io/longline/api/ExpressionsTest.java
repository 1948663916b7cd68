package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters and transforms of webhooks, from their registration to what a receiver gets. */
class ExpressionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static String webhook(String url, String more) {
        return "{\"url\":\"" + url + "\",\"events\":[\"order.*\"],\"retry_count\":0" + more + "}";
    }

    private static JsonNode triggered(Api api, String data) {
        Answer answer = api.post("/api/events/trigger", "{\"event\":\"order.created\",\"data\":" + data + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return api.get("/api/events/" + answer.id()).json();
    }

    @Test
    void filterAndTransform_holdFromTheAnswerOn_throughChangesAndARestart() {
        try (Receiver receiver = new Receiver()) {
            String url = receiver.url("/filtered");
            String filter = ",\"filter\":\"event.data.total > 100\",\"transform\":\"{'t': event.data.total}\"";
            String id;
            try (RunningServer server = RunningServer.start(folder)) {
                Api api = server.api();
                Answer made = api.post("/api/webhooks", webhook(url, filter));
                assertThat(made.status()).as(made.text()).isEqualTo(201);
                id = made.id();
                api.post("/api/webhooks", webhook(receiver.url("/all"), ""));

                JsonNode small = triggered(api, "{\"total\":99}");
                assertThat(small.path("filtered").asInt()).isEqualTo(1);
                assertThat(small.path("deliveries")).hasSize(1);
                JsonNode absent = triggered(api, "{\"Total\":199}");
                assertThat(absent.path("filtered").asInt()).isEqualTo(1);
                JsonNode large = triggered(api, "{\"total\":100.10000000000000000001}");
                assertThat(large.path("filtered").asInt()).isZero();
                await().atMost(PATIENCE)
                        .until(() -> receiver.received("/filtered").size() == 1
                                && receiver.received("/all").size() == 3);
                assertThat(receiver.received("/filtered").get(0).text()).isEqualTo("{\"t\":100.10000000000000000001}");

                assertThat(api.get("/api/webhooks/" + id + "/stats")
                                .json()
                                .path("filtered")
                                .asInt())
                        .isEqualTo(2);
                Answer again = api.post("/api/events/" + small.path("id").asText() + "/replay", "{}");
                assertThat(again.json().path("deliveries").asInt()).isEqualTo(1);
            }
            try (RunningServer server = RunningServer.start(folder)) {
                Api api = server.api();
                assertThat(triggered(api, "{\"total\":1}").path("filtered").asInt())
                        .isEqualTo(1);
                assertThat(api.get("/api/webhooks/" + id).json().path("filter").asText())
                        .isEqualTo("event.data.total > 100");

                assertThat(api.patch("/api/webhooks/" + id, "{\"filter\":null,\"transform\":\"event.data.lines\"}")
                                .status())
                        .isEqualTo(200);

                JsonNode unfiltered = triggered(api, "{\"total\":1}");
                assertThat(unfiltered.path("filtered").asInt()).isZero();
                await().atMost(PATIENCE)
                        .until(() -> api.get("/api/deliveries?status=failed&webhook_id=" + id)
                                        .each("id")
                                        .size()
                                == 1);
                String failed = api.get("/api/deliveries?status=failed&webhook_id=" + id)
                        .each("id")
                        .get(0);
                assertThat(api.get("/api/deliveries/" + failed).text())
                        .contains("The transform: line 1, column 11: key 'lines' is not present in map.");
            }
        }
    }

    @Test
    void faults_arePointedAt_andAPreviewShowsWhatWouldBeSent() {
        try (Receiver receiver = new Receiver();
                RunningServer server = RunningServer.start(folder)) {
            Api api = server.api();
            Answer refused = api.post(
                    "/api/webhooks",
                    webhook(receiver.url("/"), ",\"filter\":\"event.data.n >\\n fifty\",\"transform\":\"{\""));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.pointers()).containsExactlyInAnyOrder("/filter", "/transform");
            assertThat(refused.text()).contains("does not compile (line 2, column 2): undeclared reference to 'fifty'");
            assertThat(api.post(
                                    "/api/webhooks",
                                    webhook(receiver.url("/"), ",\"format\":\"slack\",\"transform\":\"event.data\""))
                            .pointers())
                    .containsExactly("/transform");

            Answer made =
                    api.post("/api/webhooks", webhook(receiver.url("/"), ",\"filter\":\"event.tenant == 'default'\""));
            Answer event = api.post("/api/events/trigger", "{\"event\":\"other\",\"data\":{\"n\":1.50}}");
            JsonNode stored =
                    preview(api, "{\"webhook_id\":\"" + made.id() + "\",\"event_id\":\"" + event.id() + "\"}");
            assertThat(stored.path("filtered").asBoolean()).isFalse();
            assertThat(stored.path("body").asText()).contains("\"data\":{\"n\":1.50}");

            JsonNode kept = preview(
                    api,
                    "{\"event\":\"a\",\"data\":{\"n\":1e2},\"filter\":\"event.data.m == 1\","
                            + "\"transform\":\"[event.data.n, event.event]\"}");
            assertThat(kept.path("filtered").asBoolean()).isTrue();
            assertThat(kept.path("filter_error").asText())
                    .isEqualTo("The filter: line 1, column 11: key 'm' is not present in map.");
            assertThat(kept.path("body").asText()).isEqualTo("[1e2,\"a\"]");
            JsonNode slack = preview(api, "{\"event\":\"a\",\"data\":{\"n\":1},\"format\":\"slack\"}");
            assertThat(slack.path("body").asText()).contains("attachments");
            assertThat(preview(api, "{\"event\":\"a\",\"format\":\"template\",\"template\":\"{{#data}}\"}", 422)
                            .path("errors")
                            .findValuesAsText("pointer"))
                    .containsExactly("/template");
            assertThat(preview(api, "{\"filter\":\"1\"}", 422).path("errors").findValuesAsText("pointer"))
                    .containsExactlyInAnyOrder("/filter", "/event");
            assertThat(receiver.received("/")).isEmpty();
        }
    }

    private static JsonNode preview(Api api, String body) {
        return preview(api, body, 200);
    }

    private static JsonNode preview(Api api, String body, int status) {
        Answer answer = api.post("/api/webhooks/preview", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.json();
    }
}
