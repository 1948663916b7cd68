package io.longline.delivery;

import io.longline.model.WebhookId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for forgotten work again and again, a number of lanes at a time. Lanes that could not be looked at keep no others
 * from it, and are soon tried again: after a start nothing is sent to a webhook before the first look. For the thread of
 * one verticle.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int SWEPT_AT_ONCE = 500;
    private static final long AGAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Supplier<List<WebhookId>> lanes;
    private final Function<List<WebhookId>, Future<Void>> look;
    private final Duration interval;

    /**
     * @param lanes to be looked at now
     * @param look looks at some of them
     * @param interval from the end of a sweep to the next
     */
    Sweeper(
            Vertx vertx,
            Supplier<List<WebhookId>> lanes,
            Function<List<WebhookId>, Future<Void>> look,
            Duration interval) {
        this.vertx = vertx;
        this.lanes = lanes;
        this.look = look;
        this.interval = interval;
    }

    void start() {
        sweep(lanes.get());
    }

    private void sweep(List<WebhookId> ids) {
        Set<WebhookId> missed = new HashSet<>();
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < ids.size(); from += SWEPT_AT_ONCE) {
            List<WebhookId> some = ids.subList(from, Math.min(ids.size(), from + SWEPT_AT_ONCE));
            done = done.compose(ignored -> look.apply(some).recover(fault -> {
                LOG.warn(
                        "{} webhooks could not be looked at for forgotten deliveries, and are again in a second: {}",
                        some.size(),
                        fault.getMessage());
                missed.addAll(some);
                return Future.succeededFuture();
            }));
        }
        done.onComplete(ignored -> sweepLater(missed));
    }

    private void sweepLater(Set<WebhookId> missed) {
        if (missed.isEmpty()) {
            vertx.setTimer(interval.toMillis(), id -> start());
        } else {
            vertx.setTimer(
                    AGAIN_MILLIS,
                    id -> sweep(lanes.get().stream().filter(missed::contains).toList()));
        }
    }
}
