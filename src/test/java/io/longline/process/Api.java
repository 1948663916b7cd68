package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls a server's API over real HTTP. */
final class Api {
    static final String JSON = "application/json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;

    Api(String address) {
        this.address = address;
    }

    /** An answer; its body is missing where it is not JSON. */
    record Answer(int status, HttpHeaders headers, String text, JsonNode body) {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    Answer get(String path) {
        return unchecked(request(path).GET());
    }

    Answer post(String path, String body) {
        return unchecked(request(path).header("Content-Type", JSON).POST(BodyPublishers.ofString(body)));
    }

    /** Sends a body with a key, which may be {@code null}; a connection that fails is the caller's to handle. */
    Answer post(String path, String mediaType, String body, String key) throws IOException {
        HttpRequest.Builder request =
                request(path).header("Content-Type", mediaType).POST(BodyPublishers.ofString(body));
        return send(key == null ? request : request.header("Idempotency-Key", key));
    }

    /** Registers a webhook from its JSON; answers it with its id and secret. */
    JsonNode register(String webhook) {
        Answer answer = post("/api/webhooks", webhook);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.body();
    }

    /** Triggers an event, which must be accepted; answers its receipt. */
    JsonNode trigger(String event, String data) {
        Answer answer = post("/api/events/trigger", event(event, data));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.body();
    }

    static String event(String event, String data) {
        return "{\"event\":\"" + event + "\",\"data\":" + data + "}";
    }

    long pending() {
        return get("/api/stats").body().at("/queue/pending").asLong(-1);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(20));
    }

    private Answer unchecked(HttpRequest.Builder request) {
        try {
            return send(request);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            boolean json = response.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.contains("json"))
                    .isPresent();
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    response.body(),
                    json ? MAPPER.readTree(response.body()) : MissingNode.getInstance());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
