package io.longline.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;

/** Registers what a run needs, through the API. */
final class Setup {
    /** The secret of every webhook: 32 bytes, all the same. */
    static final String SECRET = "whsec_" + "QUFB".repeat(10) + "QUE=";

    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int AT_ONCE = 32;
    private static final int BATCH_BYTES = 4 * 1_048_576;
    private static final int MOST_IN_BATCH = 1_000;

    private final WebClient client;
    private final Door door;
    private final Plan plan;

    Setup(Vertx vertx, Door door, Plan plan) {
        this.client = WebClient.create(vertx, new WebClientOptions().setFollowRedirects(false));
        this.door = door;
        this.plan = plan;
    }

    /** Registers the webhooks that events go to, and those that no event goes to. */
    Future<Void> webhooks(Receivers receivers) {
        List<JsonObject> webhooks = new ArrayList<>();
        for (int webhook = 0; webhook < plan.webhooks(); webhook++) {
            webhooks.add(webhook(receivers.urlOf(webhook), Plan.typeOf(webhook / plan.fanOut())));
        }
        for (int idle = 0; idle < plan.idleWebhooks(); idle++) {
            webhooks.add(webhook(receivers.urlOf(0), "idle.type" + idle));
        }
        return all(webhooks);
    }

    /** Registers the webhooks that the backlog waits for, and makes it. */
    Future<Void> backlog(Receivers receivers) {
        List<JsonObject> webhooks = new ArrayList<>();
        for (int index = 0; index < Plan.BACKLOG_WEBHOOKS; index++) {
            webhooks.add(webhook(receivers.backlogUrl(index), "backlog.type" + index));
        }
        return all(webhooks).compose(done -> batches(0));
    }

    private JsonObject webhook(String url, String type) {
        return new JsonObject()
                .put("url", url)
                .put("events", new JsonArray().add(type))
                .put("secret", SECRET)
                .put("retry_delay", 1)
                .put("timeout", plan.timeout().toSeconds());
    }

    private Future<Void> all(List<JsonObject> webhooks) {
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < webhooks.size(); from += AT_ONCE) {
            List<JsonObject> some = webhooks.subList(from, Math.min(webhooks.size(), from + AT_ONCE));
            done = done.compose(ignored ->
                    Future.all(some.stream().map(this::register).toList()).mapEmpty());
        }
        return done;
    }

    private Future<Void> register(JsonObject webhook) {
        return client.postAbs(door.address() + "/api/webhooks")
                .putHeaders(door.headers())
                .sendJsonObject(webhook)
                .compose(answer -> {
                    return expect(CREATED, answer);
                });
    }

    private Future<Void> batches(int from) {
        if (from >= plan.backlog()) {
            return Future.succeededFuture();
        }
        int most = Math.max(1, Math.min(MOST_IN_BATCH, BATCH_BYTES / plan.payloadBytes()));
        int to = Math.min(plan.backlog(), from + most);
        EventBody body = new EventBody(plan.payloadBytes());
        Buffer lines = Buffer.buffer();
        for (int number = from; number < to; number++) {
            lines.appendBuffer(body.trigger("backlog.type" + number % Plan.BACKLOG_WEBHOOKS, number, 0))
                    .appendByte((byte) '\n');
        }
        return client.postAbs(door.address() + "/api/events/batch")
                .putHeaders(door.headers())
                .putHeader("Content-Type", "application/x-ndjson")
                .sendBuffer(lines)
                .compose(answer -> expect(ACCEPTED, answer))
                .compose(done -> batches(to));
    }

    private static Future<Void> expect(int status, HttpResponse<Buffer> answer) {
        return answer.statusCode() == status
                ? Future.succeededFuture()
                : Future.failedFuture("the server answered " + answer.statusCode() + ": " + answer.bodyAsString());
    }

    void close() {
        client.close();
    }
}
