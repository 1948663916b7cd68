package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Replays (E15): counted, run behind live work, stopped, and gone on with after a restart. */
class ReplaysTest {
    private static final String EVER = "\"since\":\"2020-01-01T00:00:00Z\",\"until\":\"2100-01-01T00:00:00Z\"";

    @RegisterExtension
    static final RunningServer SERVER =
            RunningServer.with("delivery.replays_per_second", "1000", "circuit.enabled", "false");

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api() {
        return SERVER.api();
    }

    private static String webhook(Api api, String name) {
        return api.post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/" + name) + "\",\"events\":[\"" + name
                                + "\"],\"retry_count\":0}")
                .id();
    }

    private static void trigger(Api api, String name, int times) {
        String one = "{\"event\":\"" + name + "\",\"data\":1}";
        assertThat(api.post("/api/events/batch", "[" + String.join(",", Collections.nCopies(times, one)) + "]")
                        .status())
                .isEqualTo(202);
    }

    /** That many deliveries to a webhook that all have failed. */
    private static String failed(Api api, String name, int times) {
        RECEIVER.answers(
                "/" + name,
                IntStream.rangeClosed(0, times)
                        .map(each -> each < times ? 500 : 200)
                        .toArray());
        String webhook = webhook(api, name);
        trigger(api, name, times);
        awaitCount(api, webhook, "failed", times);
        return webhook;
    }

    private static void awaitCount(Api api, String webhook, String status, int count) {
        Awaitility.await(status).until(() -> deliveries(api, webhook, status).size() == count);
    }

    private static JsonNode deliveries(Api api, String webhook, String status) {
        return api.get("/api/deliveries?limit=500&webhook_id=" + webhook + "&status=" + status)
                .json()
                .path("data");
    }

    private static JsonNode ended(Api api, String id) {
        return Awaitility.await("replay ended")
                .until(
                        () -> api.get("/api/replays/" + id).json(),
                        found -> !found.path("state").asText().equals("running"));
    }

    @Test
    void e15_whatFailed_isDeliveredAgain_andADryRunOnlyCounts() {
        String webhook = failed(api(), "again", 5);
        trigger(api(), "again", 2);
        awaitCount(api(), webhook, "succeeded", 2);
        String filter = "{\"webhook_id\":\"" + webhook + "\",\"status\":\"failed\"," + EVER;

        Answer counted = api().post("/api/replays", filter + ",\"dry_run\":true}");
        Answer started = api().post("/api/replays", filter + "}");

        assertThat(counted.status()).isEqualTo(200);
        assertThat(counted.json().path("matched").asInt()).isEqualTo(5);
        assertThat(started.status()).isEqualTo(202);
        assertThat(started.header("Location")).isEqualTo("/api/replays/" + started.id());
        assertThat(started.json().path("matched").asInt()).isEqualTo(5);
        JsonNode done = ended(api(), started.id());
        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.path("done").asInt()).isEqualTo(5);
        assertThat(done.path("finished_at").isNull()).isFalse();
        awaitCount(api(), webhook, "succeeded", 7);
        assertThat(RECEIVER.received("/again")).hasSize(12);
        assertThat(api().get("/api/replays").each("id")).contains(started.id());
        assertThat(api().get("/api/audit?subject=" + started.id()).each("action"))
                .containsExactly("replay.create");
    }

    @Test
    void e15_eventOfWhatIsReplayed_andTimes_narrowItDown() {
        failed(api(), "narrow", 2);
        String none = "{\"event\":\"narrow.other\",\"dry_run\":true," + EVER + "}";
        String before = "{\"event\":\"narrow\",\"dry_run\":true,\"since\":\"2020-01-01T00:00:00Z\",\"until\":\""
                + Instant.now().minusSeconds(3_600) + "\"}";
        String cancelled = "{\"event\":\"narrow\",\"status\":\"cancelled\",\"dry_run\":true," + EVER + "}";

        for (String nothing : List.of(none, before, cancelled)) {
            assertThat(api().post("/api/replays", nothing)
                            .json()
                            .path("matched")
                            .asInt(-1))
                    .as(nothing)
                    .isZero();
        }
        assertThat(api().post("/api/replays", "{\"event\":\"narrow\",\"dry_run\":true," + EVER + "}")
                        .json()
                        .path("matched")
                        .asInt())
                .isEqualTo(2);
        assertThat(api().post(
                                "/api/replays",
                                "{\"status\":\"pending\",\"since\":\"yesterday\",\"webhook_id\":\"mine\",\"x\":1,\"event\":\" \"}")
                        .pointers())
                .containsExactly("/webhook_id", "/status", "/event", "/since", "/until", "/x");
    }

    @Test
    void e15_missed_makesWhatALaterOrADisabledWebhookWouldHaveHad() {
        trigger(api(), "missed", 3);
        String webhook = webhook(api(), "missed");
        api().patch("/api/webhooks/" + webhook, "{\"active\":false}");
        trigger(api(), "missed", 2);
        api().patch("/api/webhooks/" + webhook, "{\"active\":true}");
        trigger(api(), "missed", 1);
        awaitCount(api(), webhook, "succeeded", 1);
        String filter = "{\"webhook_id\":\"" + webhook + "\",\"status\":\"failed\",\"missed\":true," + EVER;

        int counted = api().post("/api/replays", filter + ",\"dry_run\":true}")
                .json()
                .path("matched")
                .asInt();
        JsonNode done = ended(api(), api().post("/api/replays", filter + "}").id());

        assertThat(counted).isEqualTo(5);
        assertThat(done.path("done").asInt()).isEqualTo(5);
        awaitCount(api(), webhook, "succeeded", 6);
        // Everything is there now: nothing is missed twice.
        assertThat(ended(api(), api().post("/api/replays", filter + "}").id())
                        .path("done")
                        .asInt())
                .isZero();
        assertThat(RECEIVER.received("/missed")).hasSize(6);
    }

    @Test
    void e15_missed_leavesOutWhatAFilterLeavesOut() {
        String events = IntStream.range(0, 70)
                .mapToObj(each -> "{\"event\":\"sifted\",\"data\":{\"even\":" + (each % 2 == 0) + "}}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(api().post("/api/events/batch", events).status()).isEqualTo(202);
        String webhook = api().post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/sifted")
                                + "\",\"events\":[\"sifted\"],\"filter\":\"event.data.even\"}")
                .id();
        String filter = "{\"event\":\"sifted\",\"missed\":true," + EVER;

        int counted = api().post("/api/replays", filter + ",\"dry_run\":true}")
                .json()
                .path("matched")
                .asInt();
        JsonNode done = ended(api(), api().post("/api/replays", filter + "}").id());

        assertThat(counted).isEqualTo(35);
        assertThat(done.path("done").asInt()).isEqualTo(35);
        awaitCount(api(), webhook, "succeeded", 35);
    }

    @Test
    void e15_aRestartInTheMiddle_neitherLosesNorDoublesAnything(@TempDir Path directory) {
        int many = 120;
        String webhook;
        String replay;
        try (RunningServer first =
                RunningServer.start(directory, "delivery.replays_per_second", "40", "circuit.enabled", "false")) {
            webhook = failed(first.api(), "restart", many);
            replay = first.api()
                    .post("/api/replays", "{\"webhook_id\":\"" + webhook + "\"," + EVER + "}")
                    .id();
            Awaitility.await()
                    .until(() -> first.api()
                                    .get("/api/replays/" + replay)
                                    .json()
                                    .path("done")
                                    .asInt()
                            > 10);
        }
        try (RunningServer second = RunningServer.start(directory, "circuit.enabled", "false")) {
            assertThat(second.api()
                            .get("/api/replays/" + replay)
                            .json()
                            .path("done")
                            .asInt())
                    .isLessThan(many);

            JsonNode done = ended(second.api(), replay);

            assertThat(done.path("done").asInt()).isEqualTo(many);
            assertThat(done.path("matched").asInt()).isEqualTo(many);
            awaitCount(second.api(), webhook, "succeeded", many);
            assertThat(deliveries(second.api(), webhook, "succeeded"))
                    .allSatisfy(delivery ->
                            assertThat(delivery.path("attempt_count").asInt()).isEqualTo(2));
        }
    }

    @Test
    void e15_cancelling_stopsTheJobAndNotWhatItMade(@TempDir Path directory) {
        try (RunningServer server =
                RunningServer.start(directory, "delivery.replays_per_second", "5", "circuit.enabled", "false")) {
            Api api = server.api();
            String webhook = failed(api, "stopped", 50);
            String replay = api.post("/api/replays", "{\"webhook_id\":\"" + webhook + "\"," + EVER + "}")
                    .id();
            String path = "/api/replays/" + replay;
            Awaitility.await().until(() -> api.get(path).json().path("done").asInt() > 0);

            assertThat(api.delete(path).status()).isEqualTo(204);

            JsonNode stopped = api.get(path).json();
            assertThat(stopped.path("state").asText()).isEqualTo("cancelled");
            assertThat(api.delete(path).status()).isEqualTo(409);
            int done = stopped.path("done").asInt();
            assertThat(done).isBetween(1, 40);
            awaitCount(api, webhook, "succeeded", done);
            // Another one is not kept from running by it, and the first stays where it is.
            ended(
                    api,
                    api.post("/api/replays", "{\"event\":\"nothing\"," + EVER + "}")
                            .id());
            assertThat(api.get(path).json().path("done").asInt()).isEqualTo(done);
            assertThat(deliveries(api, webhook, "failed")).hasSize(50 - done);
        }
    }
}
