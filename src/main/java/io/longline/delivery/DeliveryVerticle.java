package io.longline.delivery;

import io.longline.bus.Addresses;
import io.longline.bus.LocalMessage;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.ShardCommit;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.store.Operation;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard at work: hears of commits over the event bus, keeps its timers, and does by hand what the API asks. Its
 * context is its lock.
 */
public final class DeliveryVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryVerticle.class);
    private static final long TICK_MILLIS = 250;

    private final DeliveryParts parts;
    private final int index;
    private final List<Webhook> webhooks;
    private @Nullable Worker worker;
    private @Nullable Promise<Void> quiet;
    private long drainDeadline;

    /**
     * @param index of this shard
     * @param webhooks every webhook registered so far; those of other shards are passed over
     */
    public DeliveryVerticle(DeliveryParts parts, int index, List<Webhook> webhooks) {
        this.parts = parts;
        this.index = index;
        this.webhooks = webhooks.stream()
                .filter(webhook -> Addresses.shardOf(webhook.id(), parts.shards()) == index)
                .toList();
    }

    @Override
    public Future<?> start() {
        Worker started = new Worker(parts, vertx, context);
        worker = started;
        started.shard().begin(webhooks);
        new Sweeper(
                        vertx,
                        started.shard()::lanesToSweep,
                        started::sweep,
                        parts.settings().sweepInterval())
                .start();
        tick(started);
        return vertx.eventBus()
                .<LocalMessage>consumer(Addresses.deliveries(index), message -> handle(started, message))
                .completion();
    }

    private void handle(Worker at, Message<LocalMessage> message) {
        LocalMessage body = message.body();
        if (body instanceof ShardCommit commit) {
            at.committed(commit);
        } else if (body instanceof Request.RetryDelivery retry) {
            retry(at, message, retry);
        } else if (body instanceof Request.CancelDelivery cancel) {
            write(at, new Operation.CancelDelivery(cancel.id(), parts.time().wallMillis()))
                    .onSuccess(message::reply);
        } else if (body instanceof Request.HearCommits) {
            // Messages come in order: the commits of before have been heard.
            message.reply(new Reply.Done());
        } else if (body instanceof Request.SendTest test) {
            at.sendTest(test).onSuccess(message::reply);
        } else {
            throw new IllegalArgumentException("a shard cannot handle " + body.getClass());
        }
    }

    /** Only a retry is refused in flight; a delivery called off in flight ends as cancelled, whatever is answered. */
    private void retry(Worker at, Message<LocalMessage> message, Request.RetryDelivery retry) {
        if (!at.shard().beginRetry(retry.webhookId(), retry.id())) {
            message.reply(new Reply.Conflict("an attempt is in flight"));
            return;
        }
        write(at, new Operation.RetryDelivery(retry.id(), parts.time().wallMillis()))
                .andThen(done -> at.shard().endRetry(retry.webhookId(), retry.id()))
                .onSuccess(message::reply);
    }

    /** Has something done by hand; the future never fails. */
    private Future<Reply> write(Worker at, Operation<Operation.Manual> byHand) {
        return parts.store()
                .write(byHand)
                .map(Reply::of)
                .onFailure(at::refusedByHand)
                .otherwise(fault -> new Reply.Unavailable(
                        fault instanceof StoreUnavailableException
                                ? String.valueOf(fault.getMessage())
                                : "the store refused it"));
    }

    private void tick(Worker at) {
        vertx.setTimer(TICK_MILLIS, id -> {
            at.shard().tick();
            parts.metrics().shard(index, at.shard().inFlight(), at.shard().openCircuits());
            endDrain(at);
            tick(at);
        });
    }

    /** Begins no further attempt and lets those in flight end, for at most so long; the future never fails. */
    public Future<Void> drain(Duration longest) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(ignored -> {
            Worker at = worker;
            if (at == null) {
                promise.complete();
                return;
            }
            quiet = promise;
            TimeSource time = parts.time();
            drainDeadline = time.monotonicMillis() + longest.toMillis();
            at.shard().stop();
            endDrain(at);
        });
        return promise.future();
    }

    private void endDrain(Worker at) {
        Promise<Void> waiting = quiet;
        if (waiting == null) {
            return;
        }
        boolean late = parts.time().monotonicMillis() >= drainDeadline;
        if (at.shard().isQuiet() || late) {
            if (!at.shard().isQuiet()) {
                LOG.warn(
                        "stopping with {} attempts in flight: their deliveries are sent again after the next start",
                        at.shard().inFlight());
            }
            quiet = null;
            waiting.complete();
        }
    }

    @Override
    public Future<?> stop() {
        Worker at = worker;
        return at == null ? Future.succeededFuture() : at.close();
    }
}
