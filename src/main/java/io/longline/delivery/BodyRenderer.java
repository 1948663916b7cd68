package io.longline.delivery;

import io.longline.bus.ForeignWork;
import io.longline.bus.Request.SendTest;
import io.longline.format.Format;
import io.longline.format.Formats;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookFormat;
import io.longline.model.WebhookId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the bodies of webhooks that want another than the payload, on a small pool of the node's: a template is somebody
 * else's work. Keeps each webhook's format ready; for one thread.
 */
final class BodyRenderer {
    private final Map<WebhookId, ReadyFormat> formats = new HashMap<>();
    private final WorkerExecutor pool;
    private final TimeSource time;

    private record ReadyFormat(long version, Format format) {}

    /** A body made. */
    record Body(Payload payload, String contentType) {}

    BodyRenderer(Vertx vertx, TimeSource time) {
        this.time = time;
        this.pool = ForeignWork.pool(vertx);
    }

    /** Whether the webhook's requests hold the payload as it is, so that there is nothing to make. */
    static boolean sendsPayload(Webhook webhook) {
        return webhook.format() == WebhookFormat.STANDARD && webhook.transform() == null;
    }

    /** The body for a webhook; fails with an {@link io.longline.format.UnrenderableException}. */
    Future<Body> render(Webhook webhook, Payload payload) {
        ReadyFormat ready = formats.get(webhook.id());
        if (ready == null || ready.version != webhook.version()) {
            ready = new ReadyFormat(webhook.version(), format(webhook));
            formats.put(webhook.id(), ready);
        }
        return render(ready.format, payload);
    }

    private Format format(Webhook webhook) {
        String transform = webhook.transform();
        return transform == null
                ? Formats.of(webhook.format(), webhook.template(), webhook.headers())
                : Formats.byTransform(transform, webhook.tenant(), time.monotonicNanos());
    }

    /** The body of a test. */
    Future<Body> render(SendTest test, Payload payload) {
        String transform = test.transform();
        Format format = transform == null
                ? Formats.of(test.format(), test.template(), test.headers())
                : Formats.byTransform(transform, test.tenant(), time.monotonicNanos());
        return render(format, payload);
    }

    /** The body in a format. */
    private Future<Body> render(Format format, Payload payload) {
        return pool.executeBlocking(() -> new Body(format.render(payload), format.contentType()), false);
    }

    /** A webhook is gone: its format need not be kept. */
    void forget(WebhookId webhookId) {
        formats.remove(webhookId);
    }

    Future<Void> close() {
        return pool.close();
    }
}
