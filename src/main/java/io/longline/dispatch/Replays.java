package io.longline.dispatch;

import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.dispatch.ReplayWalk.Part;
import io.longline.model.IdGenerator;
import io.longline.model.Replay;
import io.longline.model.Replay.Place;
import io.longline.model.TimeSource;
import io.longline.store.Operation.AdvanceReplay;
import io.longline.store.Operation.CreateReplay;
import io.longline.store.Operation.ReplayTarget;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs replays, a step of one after a step of another, at a bounded rate for all of them together. A step writes what it
 * delivers again and how far the replay has come in one commit, so that a restart neither loses nor doubles anything. For
 * the dispatcher's thread.
 */
final class Replays {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final int MOST_RUNNING = 100;
    private static final int MOST_A_STEP = 100;
    private static final int STEPS_A_SECOND = 10;
    private static final long AGAIN_AFTER_FAULT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Store store;
    private final TimeSource time;
    private final IdGenerator ids;
    private final ReplayWalk walk;
    private final int perSecond;
    private final int mostAStep;
    private final ArrayDeque<Replay> running = new ArrayDeque<>();
    private boolean stepping;
    private boolean ended;

    /** @param perSecond deliveries that may be made or opened again */
    Replays(Vertx vertx, Store store, SubscriptionIndex index, IdGenerator ids, TimeSource time, int perSecond) {
        this.vertx = vertx;
        this.store = store;
        this.time = time;
        this.ids = ids;
        this.walk = new ReplayWalk(store.replays(), index, store::payloads, time);
        this.perSecond = perSecond;
        this.mostAStep = Math.max(1, Math.min(MOST_A_STEP, perSecond / STEPS_A_SECOND));
    }

    /** Goes on with what an earlier process has begun. */
    void begin() {
        store.replays()
                .running()
                .onSuccess(found -> {
                    running.addAll(found);
                    stepIn(0);
                })
                .onFailure(fault -> {
                    LOG.warn("replays that go on cannot be read and are looked for again: {}", fault.getMessage());
                    vertx.setTimer(AGAIN_AFTER_FAULT_MILLIS, id -> begin());
                });
    }

    void end() {
        ended = true;
    }

    /** Counts what a replay is to do, and begins it unless that was all. */
    Future<Reply> start(Request.StartReplay start) {
        if (running.size() >= MOST_RUNNING && !start.dryRun()) {
            return Future.succeededFuture(new Reply.Overloaded());
        }
        return walk.count(start.replay()).compose(count -> {
            Replay replay = start.replay().counted(count.matched(), count.exact());
            if (start.dryRun()) {
                return Future.succeededFuture(new Reply.ReplayCounted(replay));
            }
            return store.write(new CreateReplay(replay)).map(created -> {
                running.add(replay);
                stepIn(0);
                return new Reply.ReplayCounted(replay);
            });
        });
    }

    private void stepIn(long millis) {
        if (!stepping && !running.isEmpty() && !ended) {
            stepping = true;
            vertx.setTimer(Math.max(1, millis), id -> step());
        }
    }

    private void step() {
        Replay replay = running.remove();
        walk.next(replay, mostAStep).compose(part -> write(replay, part)).onComplete(done -> {
            stepping = false;
            if (done.succeeded()) {
                stepIn(done.result());
            } else {
                LOG.warn("a replay goes on in a second: {}", done.cause().getMessage());
                running.add(replay);
                stepIn(AGAIN_AFTER_FAULT_MILLIS);
            }
        });
    }

    /** Writes a step; answers how long to wait before the next. */
    private Future<Long> write(Replay replay, Part part) {
        List<ReplayTarget> targets = part.found().stream()
                .map(each -> new ReplayTarget(each.eventId(), each.tenant(), each.webhookId(), ids.delivery()))
                .toList();
        Place end = part.end();
        boolean last = end == null;
        Place to = end == null ? new Place(replay.upperEvent(), Place.END) : end;
        return store.write(new AdvanceReplay(replay, to, targets, last, time.wallMillis()))
                .compose(written -> {
                    if (!written) {
                        return lookAgain(replay);
                    }
                    if (!last) {
                        running.add(replay.at(to));
                    }
                    return Future.succeededFuture(targets.size() * 1_000L / perSecond);
                });
    }

    /** It was cancelled, or an earlier write of unknown outcome was durable after all. */
    private Future<Long> lookAgain(Replay replay) {
        return store.replays().replay(replay.id()).map(found -> {
            found.filter(each -> each.state() == Replay.State.RUNNING).ifPresent(running::add);
            return 0L;
        });
    }
}
