package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Reads what the dashboard reads, one call after the other all the while, and keeps how long each kind takes. */
final class QueryLoad extends VerticleBase {
    private static final long PAUSE_MILLIS = 5;
    private static final long LOOK_MILLIS = 100;
    private static final int OK = 200;

    private final TimeSource time;
    private final Door door;
    private final Map<String, Histogram> micros;
    private final WebClient client;
    private boolean ended;

    /** @param micros of each call, to which this one adds what it sees until it is undeployed; its own until then */
    QueryLoad(Vertx vertx, TimeSource time, Door door, Map<String, Histogram> micros) {
        this.client = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
        this.time = time;
        this.door = door;
        this.micros = micros;
    }

    @Override
    public Future<?> start() {
        lookForDelivery();
        return Future.succeededFuture();
    }

    /** What is asked for names a delivery, and there may be none yet. */
    private void lookForDelivery() {
        if (ended) {
            return;
        }
        get("/api/deliveries?limit=1&status=succeeded").send().onComplete(answered -> {
            JsonArray data = answered.succeeded() && answered.result().statusCode() == OK
                    ? answered.result().bodyAsJsonObject().getJsonArray("data")
                    : new JsonArray();
            if (data.isEmpty()) {
                vertx.setTimer(LOOK_MILLIS, id -> lookForDelivery());
                return;
            }
            var delivery = data.getJsonObject(0);
            read(queries(delivery.getString("webhook_id"), delivery.getString("event_id")), 0);
        });
    }

    /** Each filter by itself, and those that are used together. */
    private static List<String> queries(String webhook, String event) {
        String deliveries = "/api/deliveries";
        return List.of(
                "/api/stats",
                "/api/webhooks",
                "/api/webhooks/" + webhook,
                deliveries,
                deliveries + "?status=pending",
                deliveries + "?status=succeeded",
                deliveries + "?status=failed",
                deliveries + "?status=cancelled",
                deliveries + "?status=held",
                deliveries + "?status=retrying",
                deliveries + "?webhook_id=" + webhook,
                deliveries + "?event=" + Plan.typeOf(0),
                deliveries + "?event=no.such",
                deliveries + "?event_id=" + event,
                deliveries + "?tenant=default",
                deliveries + "?response_code=200",
                deliveries + "?response_code=418",
                deliveries + "?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
                deliveries + "?status=succeeded&webhook_id=" + webhook,
                deliveries + "?status=failed&webhook_id=" + webhook,
                deliveries + "?status=pending&webhook_id=" + webhook,
                deliveries + "?status=succeeded&event=" + Plan.typeOf(0),
                deliveries + "?status=failed&response_code=500&since=2020-01-01T00:00:00Z");
    }

    private void read(List<String> queries, int place) {
        if (ended) {
            return;
        }
        String query = queries.get(place % queries.size());
        long before = time.monotonicNanos().getAsLong();
        get(query).send().onComplete(answered -> {
            if (!ended && answered.succeeded() && answered.result().statusCode() == OK) {
                long took = (time.monotonicNanos().getAsLong() - before) / 1_000;
                // Identifiers vary from run to run.
                String name = query.replaceAll("(wh|evt)_[0-9a-z]{26}", "…");
                micros.computeIfAbsent(name, key -> new Histogram(3)).recordValue(took);
            }
            vertx.setTimer(PAUSE_MILLIS, id -> read(queries, place + 1));
        });
    }

    private HttpRequest<Buffer> get(String call) {
        return client.getAbs(door.address() + call).putHeaders(door.headers());
    }

    @Override
    public Future<?> stop() {
        ended = true;
        client.close();
        return Future.succeededFuture();
    }
}
