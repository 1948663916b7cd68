package io.longline.dispatch;

import io.longline.bus.SystemErrors;
import io.longline.bus.SystemErrors.Where;
import io.longline.config.Settings;
import io.longline.model.TimeSource;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.Upkeep;
import io.longline.store.Store;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store in order, a small step at a time, each in a commit of its own: what is deleted is cancelled, what is
 * old goes, minutes of statistics become hours, free space is given back. One round never overlaps the next. For the
 * dispatcher's thread.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int ROWS_A_STEP = 500;
    /** A round gives way to the next after so many steps of one job; what is left waits for it. */
    private static final int MOST_STEPS = 400;

    private static final long GOES_ON_AFTER_MILLIS = 100;

    private static final Duration MINUTES_KEPT = Duration.ofDays(2);

    private final Vertx vertx;
    private final Store store;
    private final TimeSource time;
    private final Settings.Retention retention;
    private final SystemErrors errors;
    private final int mostSteps;
    private boolean ended;
    private boolean cancelling;
    /** Whether the round gave way before a job was through: the next one follows soon, or the store would only grow. */
    private boolean unfinished;

    Housekeeping(Vertx vertx, Store store, TimeSource time, Settings.Retention retention, SystemErrors errors) {
        this(vertx, store, time, retention, errors, MOST_STEPS);
    }

    /** @param mostSteps of one job in one round */
    Housekeeping(
            Vertx vertx,
            Store store,
            TimeSource time,
            Settings.Retention retention,
            SystemErrors errors,
            int mostSteps) {
        this.mostSteps = mostSteps;
        this.vertx = vertx;
        this.store = store;
        this.time = time;
        this.retention = retention;
        this.errors = errors;
    }

    void begin() {
        cancelSoon();
        scheduleRound();
    }

    void end() {
        ended = true;
    }

    /** A webhook was deleted: its waiting deliveries are rewritten now rather than in the next round. */
    void cancelSoon() {
        if (!cancelling) {
            cancelling = true;
            vertx.runOnContext(ignored -> run(new Job.CancelOfDeleted(), 0).onComplete(done -> cancelling = false));
        }
    }

    private void scheduleRound() {
        long wait = unfinished ? GOES_ON_AFTER_MILLIS : retention.interval().toMillis();
        unfinished = false;
        vertx.setTimer(wait, id -> {
            if (!ended) {
                round().onFailure(this::failed).onComplete(done -> scheduleRound());
            }
        });
    }

    private void failed(Throwable fault) {
        if (fault instanceof StoreUnavailableException) {
            LOG.debug("upkeep goes on in the next round: {}", fault.getMessage());
        } else {
            LOG.error("a step of upkeep is refused and tried again in the next round: {}", fault.getMessage());
            errors.raise(Where.STORE, "a step of upkeep was refused");
        }
    }

    private Future<Void> round() {
        Future<Void> done = Future.succeededFuture();
        for (Job job : jobs()) {
            done = done.compose(ignored -> run(job, 0));
        }
        return done;
    }

    private List<Job> jobs() {
        return List.of(
                new Job.CancelOfDeleted(),
                new Job.DropDeliveries(before(retention.deliveries())),
                new Job.DropEvents(before(retention.events())),
                new Job.DropWebhooks(before(retention.deliveries())),
                new Job.DropIdempotencyKeys(),
                new Job.DropEventTypes(before(retention.events())),
                new Job.DropReplays(before(retention.replays())),
                new Job.DropAudit(before(retention.audit())),
                new Job.RollUpStatistics(before(MINUTES_KEPT)),
                new Job.DropStatistics(before(retention.statistics())),
                new Job.ReturnSpace());
    }

    private long before(Duration age) {
        return time.wallMillis() - age.toMillis();
    }

    private Future<Void> run(Job job, int steps) {
        if (ended) {
            return Future.succeededFuture();
        }
        if (steps >= mostSteps) {
            unfinished = true;
            return Future.succeededFuture();
        }
        return store.write(new Upkeep(job, time.wallMillis(), ROWS_A_STEP))
                .compose(rows -> rows == 0 ? Future.succeededFuture() : run(job, steps + 1));
    }
}
