package io.longline.bench;

import io.longline.bus.EventPayload;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.model.TimeSource;
import io.longline.security.Signer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a machine can do at all: takes events in, signs them and sends them on, keeping nothing. Speaks as much of the API
 * as the benchmark needs, and accepts no more than it can send. Several share one port, each on an event loop of its own.
 */
public final class Relay extends VerticleBase {
    private static final int MOST_UNDER_WAY = 512;
    private static final int ACCEPTED = 202;
    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = ",\"data\":".getBytes(StandardCharsets.US_ASCII);
    private static final String EVENT = "{\"event\":\"";

    private final TimeSource time;
    private final IdGenerator ids;
    private final Map<String, List<RequestOptions>> subscribers;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Signer signer;
    private final HttpClient client;
    private int underWay;
    private int port;

    /** @param subscribers of each event type, shared by all that listen on the port */
    public Relay(Vertx vertx, TimeSource time, IdGenerator ids, Map<String, List<RequestOptions>> subscribers) {
        this.time = time;
        this.ids = ids;
        this.subscribers = subscribers;
        this.client = vertx.createHttpClient(
                new HttpClientOptions(),
                new PoolOptions().setHttp1MaxSize(MOST_UNDER_WAY).setMaxWaitQueueSize(-1));
        this.signer = Signer.of(SigningSecrets.of(Setup.SECRET), time.now());
    }

    /** The table that relays on one port share. */
    public static Map<String, List<RequestOptions>> noSubscribers() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(-1, "127.0.0.1")
                .onSuccess(server -> port = server.actualPort());
    }

    /** The port that is listened on, once started. */
    public int port() {
        return port;
    }

    private void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (request.path().equals("/api/webhooks")) {
                register(request, new JsonObject(body));
            } else if (underWay < MOST_UNDER_WAY) {
                relay(request, body);
            } else {
                waiting.add(() -> relay(request, body));
            }
        });
    }

    private void register(HttpServerRequest request, JsonObject webhook) {
        RequestOptions target =
                new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(webhook.getString("url"));
        webhook.getJsonArray("events")
                .forEach(type -> subscribers
                        .computeIfAbsent((String) type, key -> new CopyOnWriteArrayList<>())
                        .add(target));
        request.response().setStatusCode(201).end("{\"id\":\"" + ids.webhook() + "\"}");
    }

    /** The call is of the benchmark's own making, so that its two fields stand where they stand. */
    private void relay(HttpServerRequest request, Buffer call) {
        byte[] bytes = call.getBytes();
        int typeEnd = EVENT.length();
        while (bytes[typeEnd] != '"') {
            typeEnd++;
        }
        String type = new String(bytes, EVENT.length(), typeEnd - EVENT.length(), StandardCharsets.US_ASCII);
        byte[] data = Arrays.copyOfRange(bytes, typeEnd + 1 + DATA.length, bytes.length - 1);
        String id = ids.event().value();
        Payload payload = EventPayload.of(id, type, time.now(), data, NO_METADATA);
        List<RequestOptions> targets = subscribers.getOrDefault(type, List.of());
        targets.forEach(target -> send(target, id, payload));
        request.response()
                .setStatusCode(ACCEPTED)
                .putHeader("Content-Type", "application/json")
                .end("{\"id\":\"" + id + "\",\"deliveries\":" + targets.size() + "}");
    }

    private void send(RequestOptions target, String id, Payload payload) {
        underWay++;
        client.request(target)
                .compose(request -> {
                    request.putHeader("Content-Type", "application/json");
                    request.putHeader("webhook-id", id);
                    request.putHeader(
                            "webhook-timestamp", Long.toString(time.now().getEpochSecond()));
                    request.putHeader("webhook-signature", signer.standardSignature(id, time.now(), payload));
                    request.putHeader("X-Webhook-Signature", signer.bodySignature(payload));
                    return request.send(Buffer.buffer(payload.bytes()));
                })
                .compose(response -> response.end())
                .onComplete(done -> {
                    underWay--;
                    if (underWay < MOST_UNDER_WAY && !waiting.isEmpty()) {
                        waiting.remove().run();
                    }
                });
    }
}
