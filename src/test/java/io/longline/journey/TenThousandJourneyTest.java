package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand events, each triggered by a call of its own: none missing, none twice, none altered. */
class TenThousandJourneyTest {
    private static final int EVENTS = 10_000;
    private static final int CALLERS = 8;
    /** Numbers and text that a parser in between would write anew in another form. */
    private static final List<String> ODDITIES = List.of(
            "1e400",
            "0.10",
            "-0.0",
            "1E+2",
            "12345678901234567890123456789",
            "0.1000000000000000055511151231257827",
            "\"ä€😀\"",
            "\"\\u00e4\\ud83d\\ude00\"",
            "\"\\u0000\\/\\n\"",
            "\"\u2028 \u200d e\u0301\"",
            "{ \"b\" : 1 ,\"a\":[ ] }");

    @TempDir
    private Path folder;

    private final Map<String, Queue<Arrived>> arrived = new ConcurrentHashMap<>();
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();
    private Vertx vertx;
    private HttpServer receiver;
    private JourneyServer server;

    private record Arrived(String body, String timestamp, String signature, String attempt) {}

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        receiver = JourneyServer.await(
                vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
        server = JourneyServer.start(folder, Map.of());
    }

    @AfterEach
    void close() {
        server.close();
        JourneyServer.await(vertx.close());
    }

    @Test
    void f1_f16_tenThousandEvents_arriveOnceAndUnaltered() {
        String url = "http://127.0.0.1:" + receiver.actualPort() + "/";
        String secret = server.webhook(url, "order.*", "").get("secret").asText();

        together(number -> sent.put(server.trigger("order.created", data(number)), number));

        assertThat(sent).hasSize(EVENTS);
        await().atMost(Duration.ofSeconds(60)).until(() -> arrived.size() == EVENTS);
        await().until(() -> server.get("/api/stats").at("/queue/pending").asInt() == 0);
        assertThat(arrived.keySet()).isEqualTo(sent.keySet());
        assertThat(arrived.values()).allMatch(requests -> requests.size() == 1);
        List<String> eventIds = List.copyOf(sent.keySet());
        together(number -> assertUnaltered(eventIds.get(number), secret));
        assertThat(server.get("/api/stats").at("/deliveries_24h/successful").asInt())
                .isEqualTo(EVENTS);
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            arrived.computeIfAbsent(request.getHeader("webhook-id"), id -> new ConcurrentLinkedQueue<>())
                    .add(new Arrived(
                            body.toString(StandardCharsets.UTF_8),
                            request.getHeader("webhook-timestamp"),
                            request.getHeader("webhook-signature"),
                            request.getHeader("X-Webhook-Attempt")));
            request.response().end();
        });
    }

    private static String data(int number) {
        return "{\"z\":" + number + ",\"odd\": " + ODDITIES.get(number % ODDITIES.size()) + ",\"a\":\""
                + Character.toString(0x4E00 + number) + "\"}";
    }

    /** What came is what was sent, signed, and what the API says of the event. */
    private void assertUnaltered(String eventId, String secret) {
        Arrived one = arrived.get(eventId).element();
        String data = data(sent.get(eventId));
        assertThat(one.body())
                .startsWith("{\"id\":\"" + eventId + "\",\"event\":\"order.created\",\"timestamp\":\"")
                .contains("\",\"data\":" + data + ",\"metadata\":{");
        assertThat(one.attempt()).isEqualTo("1");
        assertThat(ReferenceCheck.isSignedBy(secret, one.body(), eventId, one.timestamp(), one.signature()))
                .as("signature of " + eventId)
                .isTrue();
        String shown = server.call("GET", "/api/events/" + eventId, null).body();
        assertThat(shown).contains("\"payload\":" + one.body() + ",");
    }

    /** Does something for every number, by several callers at the same time. */
    private static void together(IntConsumer action) {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Void>> shares = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int from = caller;
                shares.add(() -> {
                    for (int number = from; number < EVENTS; number += CALLERS) {
                        action.accept(number);
                    }
                    return null;
                });
            }
            for (Future<Void> share : callers.invokeAll(shares)) {
                share.get();
            }
        } catch (Exception fault) {
            throw new AssertionError(fault);
        } finally {
            callers.shutdownNow();
        }
    }
}
