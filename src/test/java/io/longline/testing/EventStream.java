package io.longline.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Listens to Server-Sent Events as a browser would, and keeps what it hears. Safe for use by several threads. */
public final class EventStream implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpResponse<InputStream> response;
    private final List<Heard> heard = new ArrayList<>();
    private String lastId = "";
    private int comments;
    private boolean ended;

    /** One event, and the identifier that it came with. */
    public record Heard(String id, String event, JsonNode data) {}

    private EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        Thread reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens one, whatever its answer; headers are names and values in turn. */
    public static EventStream open(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        return new EventStream(
                CLIENT.sendAsync(request.build(), BodyHandlers.ofInputStream()).join());
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String event = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (this) {
                    if (line.isEmpty()) {
                        if (!data.isEmpty()) {
                            heard.add(new Heard(lastId, event, Answer.read(data.getBytes(StandardCharsets.UTF_8))));
                        }
                        event = "";
                        data = "";
                    } else if (line.startsWith(":")) {
                        comments++;
                    } else if (line.startsWith("id: ")) {
                        lastId = line.substring("id: ".length());
                    } else if (line.startsWith("event: ")) {
                        event = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        data = line.substring("data: ".length());
                    }
                }
            }
        } catch (IOException cutOff) {
            // As good an end as any.
        } finally {
            synchronized (this) {
                ended = true;
            }
        }
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    /** Signs of life so far. */
    public synchronized int comments() {
        return comments;
    }

    /** What a browser would come back with. */
    public synchronized String lastId() {
        return lastId;
    }

    /** Everything of one kind so far, oldest first. */
    public synchronized List<Heard> all(String event) {
        return heard.stream().filter(each -> each.event.equals(event)).toList();
    }

    /** Waits for an event, which may have come already. */
    public Heard await(String event, Predicate<JsonNode> matching) {
        return Awaitility.await(event)
                .atMost(PATIENCE)
                .until(
                        () -> all(event).stream()
                                .filter(each -> matching.test(each.data))
                                .findFirst(),
                        Optional::isPresent)
                .get();
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException alreadyClosed) {
            // Just as well.
        }
    }
}
