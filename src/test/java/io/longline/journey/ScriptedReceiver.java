package io.longline.journey;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A receiver that answers as the test says and remembers all that came. */
final class ScriptedReceiver implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Function<Received, CompletableFuture<Reply>> script;

    /** What is answered. */
    record Reply(int status, Map<String, String> headers) {
        static Reply of(int status) {
            return new Reply(status, Map.of());
        }
    }

    /** A request; header names as sent, in their order. */
    record Received(String path, List<Map.Entry<String, String>> headers, String body, long nanos) {
        String header(String name) {
            return headers.stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }

        int attempt() {
            return Integer.parseInt(header("X-Webhook-Attempt"));
        }

        String eventId() {
            return header("webhook-id");
        }

        JsonNode json() {
            try {
                return JourneyServer.JSON.readTree(body);
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }
    }

    ScriptedReceiver(Function<Received, Reply> script) {
        this(0, script);
    }

    private ScriptedReceiver(int port, Function<Received, Reply> script) {
        answer(script);
        server = vertx.createHttpServer(new HttpServerOptions())
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(this::handle);
        JourneyServer.await(server.listen(port, "127.0.0.1"));
    }

    /** Takes the place of one that was closed. */
    static ScriptedReceiver on(int port, Function<Received, Reply> script) {
        return new ScriptedReceiver(port, script);
    }

    /** Answers everything with one status. */
    static ScriptedReceiver always(int status) {
        return new ScriptedReceiver(request -> Reply.of(status));
    }

    /** Answers the first requests with these statuses, and all after them with the last. */
    static ScriptedReceiver inTurn(Integer... statuses) {
        AtomicInteger next = new AtomicInteger();
        return new ScriptedReceiver(
                request -> Reply.of(statuses[Math.min(next.getAndIncrement(), statuses.length - 1)]));
    }

    /** Answers so from now on. */
    void answer(Function<Received, Reply> at) {
        script = request -> CompletableFuture.completedFuture(at.apply(request));
    }

    /** Answers nothing until the future is completed. */
    void hold(CompletableFuture<Reply> until) {
        hold(request -> until);
    }

    /** Answers each request when its own future is completed. */
    void hold(Function<Received, CompletableFuture<Reply>> until) {
        script = until;
    }

    private void handle(HttpServerRequest request) {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        request.headers().forEach(header -> headers.add(Map.entry(header.getKey(), header.getValue())));
        request.body().onSuccess(body -> {
            Received one =
                    new Received(request.path(), headers, body.toString(StandardCharsets.UTF_8), System.nanoTime());
            received.add(one);
            script.apply(one)
                    .thenAccept(reply -> vertx.runOnContext(ignored -> {
                        open.decrementAndGet();
                        reply.headers().forEach(request.response()::putHeader);
                        request.response().setStatusCode(reply.status()).end("answer " + reply.status());
                    }));
        });
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    int port() {
        return server.actualPort();
    }

    List<Received> received() {
        return received;
    }

    List<Received> received(String eventType) {
        return received.stream()
                .filter(request -> eventType.equals(request.header("X-Webhook-Event")))
                .toList();
    }

    /** How often each event came. */
    Map<String, Integer> timesByEvent() {
        Map<String, Integer> times = new HashMap<>();
        received.forEach(request -> times.merge(request.eventId(), 1, Integer::sum));
        return times;
    }

    int connections() {
        return connections.get();
    }

    /** The most requests that were waiting for their answer at the same time. */
    int mostOpen() {
        return mostOpen.get();
    }

    List<Received> awaitReceived(int count) {
        await().atMost(Duration.ofSeconds(15)).until(() -> received.size() >= count);
        return received;
    }

    List<Received> awaitReceived(String eventType, int count) {
        await().atMost(Duration.ofSeconds(15)).until(() -> received(eventType).size() >= count);
        return received(eventType);
    }

    @Override
    public void close() {
        JourneyServer.await(vertx.close());
    }
}
