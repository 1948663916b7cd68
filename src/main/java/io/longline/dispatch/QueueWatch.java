package io.longline.dispatch;

import io.longline.bus.Addresses;
import io.longline.bus.EventDraft;
import io.longline.bus.Request;
import io.longline.config.Settings;
import io.longline.model.BuiltInEventType;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.policy.QueueMark;
import io.longline.store.Queries.SystemStatistics;
import io.longline.store.Store;
import io.longline.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the queue and the store's size every few seconds, for the metrics, and tells subscribers by a
 * {@code metric.threshold} when the queue passes its warning mark, and when it is back. Deliveries of that event are part
 * of the queue; but since it is raised only on the way past the mark, they never raise it again. For the dispatcher's thread.
 */
final class QueueWatch {
    private static final Logger LOG = LoggerFactory.getLogger(QueueWatch.class);

    private final Vertx vertx;
    private final Store store;
    private final TimeSource time;
    private final Metrics metrics;
    private final Duration interval;
    private QueueMark mark;
    private boolean ended;

    QueueWatch(Vertx vertx, Store store, TimeSource time, Metrics metrics, Settings.Monitoring settings) {
        this.vertx = vertx;
        this.store = store;
        this.time = time;
        this.metrics = metrics;
        this.interval = settings.interval();
        this.mark = QueueMark.at(settings.queueWarning());
    }

    /** Begins: the first look is at once, the next one an interval after it has ended. */
    void begin() {
        vertx.runOnContext(ignored -> look());
    }

    void end() {
        ended = true;
    }

    private void look() {
        Instant now = time.now();
        Future<SystemStatistics> figures = store.queries().statistics(null, now).onSuccess(found -> {
            metrics.queue(found, now);
            compare(found, now);
        });
        Future.join(figures, store.size().onSuccess(metrics::store))
                .onFailure(fault -> LOG.debug("the queue cannot be looked at now: {}", fault.getMessage()))
                .onComplete(done -> {
                    if (!ended) {
                        vertx.setTimer(interval.toMillis(), id -> look());
                    }
                });
    }

    private void compare(SystemStatistics figures, Instant now) {
        QueueMark next = mark.seen(figures.pending());
        if (next.isPast() == mark.isPast()) {
            return;
        }
        mark = next;
        if (next.isPast()) {
            LOG.warn("{} deliveries wait, which is past the warning mark of {}", figures.pending(), mark.warningAt());
        } else {
            LOG.info("{} deliveries wait: the queue is back below its warning mark", figures.pending());
        }
        raise(figures, now);
    }

    private void raise(SystemStatistics figures, Instant now) {
        Instant oldest = figures.oldestPendingAt();
        JsonObject data = new JsonObject()
                .put("metric", "queue_depth")
                .put("state", mark.isPast() ? "exceeded" : "recovered")
                .put("value", figures.pending())
                .put("threshold", mark.warningAt())
                .put(
                        "oldest_pending_s",
                        oldest == null
                                ? null
                                : Math.max(0, Duration.between(oldest, now).toMillis()) / 1_000.0);
        EventDraft draft = new EventDraft(
                Webhook.DEFAULT_TENANT,
                BuiltInEventType.METRIC_THRESHOLD.typeName(),
                data.encode().getBytes(StandardCharsets.UTF_8),
                EventDraft.LONGLINE_METADATA,
                null);
        vertx.eventBus().send(Addresses.EVENTS, new Request.Publish(List.of(draft), null));
    }
}
