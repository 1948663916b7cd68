package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads, and the warning about a long queue, of a server at work. */
class MetricsJourneyTest {
    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Map<String, Double> scrape(Api api) {
        Answer answer = api.get("/metrics");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
        Map<String, Double> samples = new TreeMap<>();
        answer.text().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return samples;
    }

    @Test
    void whatHappens_isCounted_andNothingNamesWhomItHappenedTo(@TempDir Path directory) {
        RECEIVER.answers("/fails", 500).answers("/gone", 410);
        try (RunningServer server = RunningServer.start(directory, "monitoring.interval_seconds", "1")) {
            Api api = server.api();
            api.register(RECEIVER.url("/works"), "order.*");
            api.register(RECEIVER.url("/fails"), "order.*");
            api.register(RECEIVER.url("/gone"), "order.*");
            for (int count = 0; count < 3; count++) {
                api.trigger("order.created");
            }
            api.post("/api/events/trigger", "{\"evnt\":1}");

            await().untilAsserted(() -> assertThat(scrape(api))
                    .containsEntry("longline_deliveries_total{outcome=\"2xx\",state=\"succeeded\"}", 3.0)
                    .containsEntry("longline_deliveries_retried_total{outcome=\"5xx\"}", 3.0)
                    .containsEntry("longline_events_rejected_total{reason=\"invalid\"}", 1.0)
                    .containsEntry("longline_delivery_duration_seconds_count", 3.0)
                    .containsEntry("longline_attempt_duration_seconds_count{outcome=\"5xx\"}", 3.0)
                    .hasEntrySatisfying(
                            "longline_deliveries_total{outcome=\"4xx\",state=\"failed\"}",
                            gone -> assertThat(gone).isPositive())
                    .hasEntrySatisfying(
                            "longline_queue_depth", depth -> assertThat(depth).isGreaterThanOrEqualTo(3.0))
                    .hasEntrySatisfying(
                            "longline_store_size_bytes",
                            size -> assertThat(size).isPositive())
                    .hasEntrySatisfying(
                            "longline_events_accepted_total",
                            events -> assertThat(events).isGreaterThanOrEqualTo(4.0))
                    .hasEntrySatisfying(
                            "longline_store_commit_duration_seconds_count",
                            commits -> assertThat(commits).isPositive())
                    .containsKeys(
                            "longline_attempts_in_flight",
                            "longline_lanes_circuit_open",
                            "longline_queue_oldest_age_seconds",
                            "jvm_threads_live_threads",
                            "process_uptime_seconds"));
            String text = api.get("/metrics").text();
            assertThat(text).doesNotContain("order.created", "/works", "wh_", "127.0.0.1");
            assertThat(scrape(api)).hasSizeLessThan(500);
        }
    }

    @Test
    void aLongQueue_isToldOfOnce_andAgainWhenItIsBack_notByItsOwnDeliveries(@TempDir Path directory) {
        Receiver.Hold hold = new Receiver.Hold();
        RECEIVER.does("/slow", hold);
        try (RunningServer server =
                RunningServer.start(directory, "monitoring.interval_seconds", "1", "monitoring.queue_warning", "5")) {
            Api api = server.api();
            api.register(RECEIVER.url("/slow"), "order.*");
            api.register(RECEIVER.url("/warned"), "metric.threshold");
            for (int count = 0; count < 5; count++) {
                api.trigger("order.created");
            }

            RECEIVER.await("/warned", 1);
            assertThat(api.get("/api/stats").json().at("/queue/warning_at").asInt())
                    .isEqualTo(5);
            RECEIVER.release("/slow", 200);
            RECEIVER.await("/warned", 2);

            List<JsonNode> told = new TreeSet<>(
                            api.get("/api/events/recent?event=metric.threshold").each("id"))
                    .stream()
                            .map(id -> api.get("/api/events/" + id).json().at("/payload/data"))
                            .toList();
            assertThat(told).extracting(data -> data.path("state").asText()).containsExactly("exceeded", "recovered");
            assertThat(told.get(0).path("value").asInt()).isEqualTo(5);
            assertThat(told.get(0).path("threshold").asInt()).isEqualTo(5);
        }
    }
}
