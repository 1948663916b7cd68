package io.longline.adapter.outbox;

import io.longline.adapter.outbox.OutboxDatabase.Mark;
import io.longline.adapter.outbox.OutboxReader.Read.Ready;
import io.longline.bus.Addresses;
import io.longline.bus.LocalMessage;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.SystemErrors;
import io.longline.config.OutboxAddress;
import io.longline.config.Settings;
import io.longline.model.TimeSource;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.sql.BatchUpdateException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns rows of an application's outbox into events: claims a batch, has it accepted, marks it, and begins anew; rests
 * when nothing waits, and after faults. One batch is under way at a time, so that rows keep their order. All that blocks is
 * on a thread of its own.
 *
 * <p>An accepted row has an idempotency key in the event's own commit, which lasts until after the row is marked: whatever
 * fails between the two, the row is claimed again and known again.
 */
public final class OutboxVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxVerticle.class);
    private static final long UPKEEP_EVERY_MILLIS = 60_000;
    private static final int ROWS_A_STEP = 500;
    private static final long FIRST_REST_MILLIS = 250;
    private static final long LONGEST_REST_MILLIS = 5_000;
    /** A listening thread looks up that often, so that a stop need not wait longer. */
    private static final int LISTEN_MILLIS = 500;

    private static final String THREAD = "longline-outbox";
    private static final long STOP_WITHIN_MILLIS = 3_000;
    private static final long LONGEST_CALL_MINUTES = 2;

    private final Settings.Outbox settings;
    private final OutboxDatabase database;
    private final OutboxReader reader;
    private final OutboxKeys keys;
    private final SystemErrors errors;
    private final TimeSource time;
    private final String name;
    private @Nullable WorkerExecutor worker;
    private Future<Void> underway = Future.succeededFuture();
    private boolean stopping;
    private boolean failing;
    private boolean caughtUp;
    private long rest = FIRST_REST_MILLIS;
    private long upkeepAt;

    /**
     * @param address of the settings
     * @param owner what tells this server's claims from others', also after a restart
     */
    public OutboxVerticle(
            Settings settings, OutboxAddress address, String owner, Store store, SystemErrors errors, TimeSource time) {
        this.settings = settings.outbox();
        this.name = address + " (table " + this.settings.table() + ")";
        int mostBytes = settings.ingest().maxPayloadBytes();
        OutboxDialect dialect = OutboxDialect.of(address, this.settings.table());
        this.database = new OutboxDatabase(dialect, owner, this.settings.batchRows(), mostBytes, this.settings.claim());
        this.keys = new OutboxKeys(store, time, name, settings.ingest().idempotency());
        this.reader = new OutboxReader(keys.scope(), mostBytes);
        this.errors = errors;
        this.time = time;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor(THREAD, 1, LONGEST_CALL_MINUTES, TimeUnit.MINUTES);
        LOG.info("rows of the outbox {} become events", name);
        goOn(0);
        return Future.succeededFuture();
    }

    private void goOn(long waitMillis) {
        if (waitMillis == 0) {
            context.runOnContext(ignored -> turn());
        } else {
            vertx.setTimer(waitMillis, id -> turn());
        }
    }

    private void turn() {
        if (stopping) {
            return;
        }
        long startedAt = time.monotonicMillis();
        underway = upkeep().compose(done -> blocking(() -> OutboxBatch.of(database.claim(), reader)))
                .compose(batch -> batch.isEmpty() ? idle() : carry(batch, startedAt))
                .map(wait -> {
                    well();
                    goOn(wait);
                    return wait;
                })
                .onFailure(fault -> {
                    troubled(fault);
                    goOn(longerRest());
                })
                .mapEmpty();
    }

    /** Nothing waits: answers after how many milliseconds to look again. */
    private Future<Long> idle() {
        rest = FIRST_REST_MILLIS;
        if (!caughtUp) {
            // What a crash has left is marked by now: its keys need no longer last.
            caughtUp = true;
            return keys.expireAll().compose(done -> idle());
        }
        return database.tells()
                ? listen(time.monotonicMillis() + settings.poll().toMillis())
                : Future.succeededFuture(settings.poll().toMillis());
    }

    private Future<Long> listen(long untilMillis) {
        long left = untilMillis - time.monotonicMillis();
        if (left <= 0 || stopping) {
            return Future.succeededFuture(0L);
        }
        return blocking(() -> database.hear((int) Math.min(left, LISTEN_MILLIS)))
                .compose(heard -> heard ? Future.succeededFuture(0L) : listen(untilMillis));
    }

    /** Has rows accepted and marks them; answers after how many milliseconds to go on. */
    private Future<Long> carry(OutboxBatch batch, long startedAt) {
        if (time.monotonicMillis() - startedAt > settings.claim().toMillis() / 2) {
            // It took so long that another server may soon claim the rows; they are claimed afresh.
            return Future.succeededFuture(0L);
        }
        return publish(batch.events()).compose(replies -> {
            OutboxBatch.Settled settled = batch.settle(replies);
            return mark(settled).map(done -> settled.marks().isEmpty() ? longerRest() : 0L);
        });
    }

    private Future<List<Reply>> publish(List<Ready> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Request.PublishEach request = new Request.PublishEach(
                events.stream().map(Ready::draft).toList(),
                events.stream().map(Ready::key).toList());
        return vertx.eventBus()
                .<LocalMessage>request(Addresses.EVENTS, request)
                .map(answer -> answer.body() instanceof Reply.Each each ? each.replies() : List.of());
    }

    private Future<Void> mark(OutboxBatch.Settled settled) {
        List<Mark> marks = settled.marks();
        if (marks.isEmpty()) {
            return Future.succeededFuture();
        }
        tellRefused(marks.stream().filter(mark -> mark.error() != null).toList());
        return blocking(() -> {
                    database.mark(marks);
                    return marks;
                })
                .compose(done -> {
                    rest = FIRST_REST_MILLIS;
                    return settled.events().isEmpty() ? Future.succeededFuture() : keys.expire(settled.events());
                });
    }

    private void tellRefused(List<Mark> refused) {
        if (!refused.isEmpty()) {
            LOG.warn(
                    "{} rows of the outbox {} are refused and passed over; the first is row {}: {}",
                    refused.size(),
                    name,
                    refused.get(0).row().id(),
                    refused.get(0).error());
        }
    }

    private Future<Void> upkeep() {
        long now = time.monotonicMillis();
        if (now < upkeepAt) {
            return Future.succeededFuture();
        }
        upkeepAt = now + UPKEEP_EVERY_MILLIS;
        return blocking(() -> database.drop(settings.keep(), ROWS_A_STEP)).map(dropped -> {
            if (dropped == ROWS_A_STEP) {
                // More may be left; rows that wait come first.
                upkeepAt = 0;
            }
            return null;
        });
    }

    private long longerRest() {
        long wait = rest;
        rest = Math.min(rest * 2, LONGEST_REST_MILLIS);
        return wait;
    }

    private void well() {
        if (failing) {
            LOG.info("the outbox {} is read again", name);
        }
        failing = false;
    }

    /** Said once, however long it lasts. */
    private void troubled(Throwable fault) {
        if (!failing && !stopping) {
            LOG.warn(
                    "the outbox {} cannot be read or marked; it is tried again every few seconds, and its rows wait: {}",
                    name,
                    words(fault));
            errors.raise(SystemErrors.Where.OUTBOX, "the outbox cannot be read or marked");
            failing = true;
        }
    }

    /** The driver's first line; of a batch, that of what failed in it. */
    private static String words(Throwable fault) {
        Throwable told = fault instanceof BatchUpdateException batch && batch.getNextException() != null
                ? batch.getNextException()
                : fault;
        return String.valueOf(told.getMessage()).lines().findFirst().orElse("");
    }

    private <T> Future<T> blocking(Callable<T> work) {
        WorkerExecutor executor = worker;
        return executor == null ? Future.failedFuture("the outbox is being closed") : executor.executeBlocking(work);
    }

    /** Lets the batch under way end, if that does not take long; what is not marked is known again after the next start. */
    @Override
    public Future<?> stop() {
        WorkerExecutor executor = worker;
        if (executor == null) {
            return Future.succeededFuture();
        }
        stopping = true;
        long deadline = vertx.setTimer(STOP_WITHIN_MILLIS, id -> database.abort());
        return underway.eventually(() -> {
                    vertx.cancelTimer(deadline);
                    worker = null;
                    return executor.executeBlocking(() -> {
                        database.close();
                        return this;
                    });
                })
                .eventually(executor::close)
                .otherwiseEmpty();
    }
}
