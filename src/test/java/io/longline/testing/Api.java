package io.longline.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Calls a server on this machine as any client would. Safe for use by several threads. */
public final class Api {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port;
    private final List<String> always;

    public Api(int port) {
        this(port, List.of());
    }

    private Api(int port, List<String> always) {
        this.port = port;
        this.always = always;
    }

    /** The same server, called with an API key. */
    public Api as(String key) {
        return new Api(port, List.of("Authorization", "Bearer " + key));
    }

    /** The same server, called with these headers each time; names and values in turn. */
    public Api always(String... headers) {
        return new Api(port, List.of(headers));
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** Posts JSON. */
    public Answer post(String path, String json, String... headers) {
        return postAsync(path, json, headers).join();
    }

    public CompletableFuture<Answer> postAsync(String path, String json, String... headers) {
        return sendAsync("POST", path, json.getBytes(StandardCharsets.UTF_8), asJson(headers));
    }

    /** Patches with JSON. */
    public Answer patch(String path, String json) {
        return send("PATCH", path, json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    /** Sends any request; headers are names and values in turn. */
    public Answer send(String method, String path, byte[] body, String... headers) {
        return sendAsync(method, path, body, headers).join();
    }

    public CompletableFuture<Answer> sendAsync(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        for (int index = 0; index < always.size(); index += 2) {
            request.header(always.get(index), always.get(index + 1));
        }
        return CLIENT.sendAsync(request.build(), Api::body).thenApply(Api::answer);
    }

    /** A stream never ends: of one there is the head, and it is hung up on. */
    private static BodySubscriber<byte[]> body(HttpResponse.ResponseInfo head) {
        boolean stream = head.headers()
                .firstValue("Content-Type")
                .filter("text/event-stream"::equals)
                .isPresent();
        return stream ? new HungUp() : BodySubscribers.ofByteArray();
    }

    private static final class HungUp implements BodySubscriber<byte[]> {
        @Override
        public CompletionStage<byte[]> getBody() {
            return CompletableFuture.completedFuture(new byte[0]);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> bytes) {}

        @Override
        public void onError(Throwable fault) {}

        @Override
        public void onComplete() {}
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    private static String[] asJson(String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = "application/json";
        return all;
    }

    /** Registers a webhook for all events, or fails. */
    public Answer register(String url, String... events) {
        String patterns = events.length == 0 ? "*" : String.join("\",\"", events);
        return created(post("/api/webhooks", "{\"url\":\"" + url + "\",\"events\":[\"" + patterns + "\"]}"));
    }

    /** Triggers an event without much to say, or fails. */
    public Answer trigger(String event) {
        return created(post("/api/events/trigger", "{\"event\":\"" + event + "\",\"data\":{\"n\":1}}"));
    }

    private static Answer created(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new AssertionError(answer.toString());
        }
        return answer;
    }
}
