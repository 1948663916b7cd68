package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.longline.Longline;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole server in the test's JVM, on a file of the test's, spoken to over HTTP. */
final class JourneyServer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final MovableClock clock = new MovableClock();
    private final Settings settings;
    private Vertx vertx;
    private Longline longline;

    private JourneyServer(Settings settings) {
        this.settings = settings;
        begin();
    }

    /** @param changed settings that differ from the defaults, by key */
    static JourneyServer start(Path folder, Map<String, String> changed) {
        Map<String, String> flags = new HashMap<>(Map.of(
                "server.port", "0", "store.url", "sqlite:" + folder.resolve("journey.db"), "delivery.shards", "2"));
        flags.putAll(changed);
        SettingsLoader.Loaded loaded = SettingsLoader.load(flags, Map.of(), null);
        assertThat(loaded.faults()).isEmpty();
        return new JourneyServer(loaded.settings());
    }

    private void begin() {
        vertx = Vertx.vertx();
        longline = await(Longline.start(vertx, settings, new TimeSource(clock, System::nanoTime)));
    }

    /** Stops in good order. */
    void stop() {
        await(beginToStop());
        // Not chained: what comes after the end of a Vert.x cannot run on its threads.
        await(vertx.close());
    }

    /** Begins to stop; {@link #stop} is to follow, or {@link #closed}. */
    Future<Void> beginToStop() {
        return longline.stop();
    }

    /** Starts again on the same file. */
    void startAgain() {
        begin();
    }

    /** The wall clock jumps ahead. */
    void passTime(Duration duration) {
        clock.offset = clock.offset.plus(duration);
    }

    Instant now() {
        return clock.instant();
    }

    JsonNode get(String path) {
        return ok(call("GET", path, null));
    }

    JsonNode post(String path, String body) {
        return ok(call("POST", path, body));
    }

    JsonNode patch(String path, String body) {
        return ok(call("PATCH", path, body));
    }

    void delete(String path) {
        ok(call("DELETE", path, null));
    }

    /** Registers a webhook for all events; {@code more} are further fields, as JSON text that starts with a comma. */
    JsonNode webhook(String url, String more) {
        return webhook(url, "*", more);
    }

    JsonNode webhook(String url, String pattern, String more) {
        return post("/api/webhooks", "{\"url\":\"" + url + "\",\"events\":[\"" + pattern + "\"]" + more + "}");
    }

    String trigger(String event, String data) {
        String body = "{\"event\":\"" + event + "\",\"data\":" + data + "}";
        return post("/api/events/trigger", body).get("id").asText();
    }

    /** The only delivery of an event. */
    JsonNode deliveryOf(String eventId) {
        JsonNode data = get("/api/deliveries?event_id=" + eventId).get("data");
        assertThat(data).hasSize(1);
        return get("/api/deliveries/" + data.get(0).get("id").asText());
    }

    String statusOf(String eventId) {
        return deliveryOf(eventId).get("status").asText();
    }

    /** Deliveries of an event type, newest first. */
    List<JsonNode> deliveriesNamed(String eventType) {
        List<JsonNode> found = new ArrayList<>();
        get("/api/deliveries?event=" + eventType).get("data").forEach(found::add);
        return found;
    }

    HttpResponse<String> call(String method, String path, String body) {
        HttpRequest.BodyPublisher content =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + longline.port() + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .method(method, content)
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static JsonNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode())
                .as(response.uri() + " " + response.body())
                .isBetween(200, 299);
        try {
            return JSON.readTree(response.body());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception fault) {
            throw new AssertionError(fault);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** The machine's wall clock, and how far the test moved it. */
    private static final class MovableClock extends Clock {
        volatile Duration offset = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(offset);
        }
    }
}
