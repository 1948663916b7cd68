package io.longline.testing;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real HTTP server on a port of its own that keeps what it gets and answers as a script says: path by path, {@code 200}
 * where nothing is said. Safe for use by several threads.
 */
public final class Receiver implements AutoCloseable, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<Received> received = new ArrayList<>();
    private final Map<String, Deque<Reply>> scripts = new HashMap<>();
    private final Map<String, List<HttpServerResponse>> held = new HashMap<>();
    private final HttpServer server;

    /** What to do with one request. */
    public sealed interface Reply {}

    /** Answers it. */
    public record Status(int code, Map<String, String> headers, String body) implements Reply {}

    /** Says nothing until {@link #release}. */
    public record Hold() implements Reply {}

    /** Hangs up. */
    public record HangUp() implements Reply {}

    /** One request, as it came. */
    public record Received(String method, String path, Map<String, String> headers, byte[] body) {
        /** A header's value by its name in any case; empty when it is absent. */
        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public Receiver() {
        server = RunningServer.await(
                vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    /** The URL of a path, which starts with a slash. */
    public String url(String path) {
        return "http://localhost:" + server.actualPort() + path;
    }

    /** Answers the path's next requests with these statuses, one each, and all later ones with the last. */
    public Receiver answers(String path, int... statuses) {
        for (int status : statuses) {
            does(path, new Status(status, Map.of(), "answered " + status));
        }
        return this;
    }

    /** Adds to the path's script; its last reply is for all later requests too. */
    public synchronized Receiver does(String path, Reply reply) {
        scripts.computeIfAbsent(path, key -> new ArrayDeque<>()).add(reply);
        return this;
    }

    /** Forgets the path's script. */
    public synchronized void forgets(String path) {
        scripts.remove(path);
    }

    /** Answers what is held at a path, and holds no more there. */
    public synchronized void release(String path, int status) {
        scripts.remove(path);
        held.getOrDefault(path, List.of())
                .forEach(response -> response.setStatusCode(status).end());
        held.remove(path);
    }

    /** What came to a path so far. */
    public synchronized List<Received> received(String path) {
        return received.stream().filter(each -> each.path().equals(path)).toList();
    }

    /** Waits until so many requests came to a path. */
    public List<Received> await(String path, int count) {
        return Awaitility.await("requests to " + path)
                .atMost(PATIENCE)
                .until(() -> received(path), found -> found.size() >= count);
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> reply(request, body));
    }

    private synchronized void reply(HttpServerRequest request, Buffer body) {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach(header -> headers.merge(header.getKey(), header.getValue(), (a, b) -> a + ", " + b));
        received.add(new Received(request.method().name(), request.path(), headers, body.getBytes()));
        Deque<Reply> script = scripts.getOrDefault(request.path(), new ArrayDeque<>());
        Reply reply = script.size() > 1 ? script.poll() : script.peek();
        if (reply instanceof Status status) {
            status.headers().forEach(request.response()::putHeader);
            request.response().setStatusCode(status.code()).end(status.body());
        } else if (reply instanceof Hold) {
            held.computeIfAbsent(request.path(), key -> new ArrayList<>()).add(request.response());
        } else if (reply instanceof HangUp) {
            request.connection().close();
        } else {
            request.response().end("ok");
        }
    }

    @Override
    public void close() {
        RunningServer.await(vertx.close());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
