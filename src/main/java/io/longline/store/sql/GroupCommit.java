package io.longline.store.sql;

import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.Rank;
import io.longline.store.Operation.Upkeep;
import io.longline.store.Store.CommitListener;
import io.longline.store.Store.WriteListener;
import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.BatchWriter.Answer;
import io.longline.store.sql.BatchWriter.Written;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers everything that arrives while the last commit runs and writes it as one transaction. There is no timer and no
 * fixed size: without load an operation goes at once; under load batches grow by themselves, up to a bound.
 *
 * <p>One thread of its own does all the writing, so that the transaction in progress needs no lock. A faulty operation
 * harms only itself: its batch is rolled back and written again one by one. When the store itself is at fault, whoever
 * waits is told so, except attempt results, which are kept and tried again until they are in; what is in flight bounds
 * them. While nothing comes in, the store is tried now and then, so that it is known when it takes writes again.
 */
public final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MOST_WEIGHT = 5_000;
    private static final long PAUSE_AFTER_FAULT_MILLIS = 500;

    private static final Upkeep TRIAL = new Upkeep(new Job.TryToWrite(), 0, 1);
    /** How soon after the last commit under load the tables that follow are brought up to date. */
    private static final long CATCH_UP_AFTER_MILLIS = 20;

    private static final Upkeep CATCH_UP = new Upkeep(new Job.CatchUp(), 0, 1);
    private static final Upkeep END_OF_TRIAL = new Upkeep(new Job.TakeTrialAway(), 0, 1);

    private final Vertx vertx;
    private final BatchWriter writer;
    private final Thread thread = new Thread(this::run, "longline-writer");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Waiting<?>> queue = new ArrayDeque<>();
    private final Promise<Void> stopped = Promise.promise();
    private final LongSupplier nanos;
    private CommitListener listener = commit -> {};
    private WriteListener measured = (operations, took) -> {};
    private boolean closing;
    private volatile boolean writable = true;

    /** @param nanos the monotonic clock, in nanoseconds, by which transactions are measured */
    public GroupCommit(Vertx vertx, BatchWriter writer, LongSupplier nanos) {
        this.nanos = nanos;
        this.vertx = vertx;
        this.writer = writer;
    }

    /** Begins to write; whoever is to hear of commits is named before. */
    public void start() {
        thread.start();
    }

    /** Names who hears of every commit. */
    public void onCommit(CommitListener commitListener) {
        lock.lock();
        try {
            listener = commitListener;
        } finally {
            lock.unlock();
        }
    }

    /** Names who hears how long transactions take. */
    public void onWrite(WriteListener writeListener) {
        lock.lock();
        try {
            measured = writeListener;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last commit went well. */
    public boolean isWritable() {
        return writable;
    }

    /** Puts an operation into the next commit; the future completes on the caller's context. */
    public <R> Future<R> write(Operation<R> operation) {
        // A promise of the context's own: what its listeners throw is reported there, however many they are.
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Waiting<R> waiting = new Waiting<>(operation, context, context.promise());
        lock.lock();
        try {
            if (closing) {
                return context.failedFuture(new StoreUnavailableException("the store is closed"));
            }
            queue.add(waiting);
            work.signal();
        } finally {
            lock.unlock();
        }
        return waiting.promise.future();
    }

    /** Writes what waits, then ends. */
    public Future<Void> close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        return stopped.future();
    }

    private void run() {
        try {
            List<Waiting<?>> kept = List.of();
            while (true) {
                List<Waiting<?>> batch = take(kept);
                if (batch.isEmpty()) {
                    return;
                }
                kept = writeBatch(batch);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            refuseWhatWaits();
            writer.close();
            stopped.complete();
        }
    }

    /** Nothing waits at an orderly end; but nobody may wait for ever for a writer that has broken down. */
    private void refuseWhatWaits() {
        lock.lock();
        try {
            closing = true;
            writable = false;
            queue.forEach(waiting ->
                    waiting.complete(new Answer(null, new StoreUnavailableException("the store is closed"))));
            queue.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The next batch: what was kept, and what has arrived. Empty only at the end. */
    private List<Waiting<?>> take(List<Waiting<?>> kept) throws InterruptedException {
        List<Waiting<?>> batch = new ArrayList<>(kept);
        lock.lock();
        try {
            if (!kept.isEmpty()) {
                pauseAfterFault();
            }
            while (batch.isEmpty() && queue.isEmpty() && !closing) {
                if (writable && !writer.isBehind()) {
                    work.await();
                } else if (writable) {
                    if (work.awaitNanos(TimeUnit.MILLISECONDS.toNanos(CATCH_UP_AFTER_MILLIS)) <= 0) {
                        batch.add(ofItsOwn(CATCH_UP));
                    }
                } else if (work.awaitNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_FAULT_MILLIS)) <= 0) {
                    break;
                }
            }
            if (closing && writable && queue.isEmpty() && batch.isEmpty() && writer.isBehind()) {
                batch.add(ofItsOwn(CATCH_UP));
            }
            if (!writable && !closing) {
                // A commit that has nothing to write succeeds on a full disk too, and proves nothing.
                batch.add(ofItsOwn(TRIAL));
            }
            int weight = 0;
            while (!queue.isEmpty() && weight < MOST_WEIGHT) {
                Waiting<?> next = queue.remove();
                weight += next.operation.weight();
                batch.add(next);
            }
        } finally {
            lock.unlock();
        }
        batch.sort(Comparator.comparing(waiting -> waiting.operation.rank()));
        return batch;
    }

    private Waiting<?> ofItsOwn(Upkeep upkeep) {
        return new Waiting<>(upkeep, vertx.getOrCreateContext(), Promise.promise());
    }

    /** Waits a little, so that a full disk is not hammered; whoever arrives meanwhile is told soon enough. */
    private void pauseAfterFault() throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(PAUSE_AFTER_FAULT_MILLIS);
        while (left > 0 && !closing) {
            left = work.awaitNanos(left);
        }
    }

    private void add(Waiting<?> waiting) {
        lock.lock();
        try {
            queue.add(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Writes a batch; answers what must be tried again. */
    private List<Waiting<?>> writeBatch(List<Waiting<?>> batch) {
        List<Operation<?>> operations = new ArrayList<>(batch.size());
        batch.forEach(waiting -> operations.add(waiting.operation));
        try {
            long began = nanos.getAsLong();
            Written written = write(operations);
            measured.wrote(operations.size(), nanos.getAsLong() - began);
            if (!writable) {
                LOG.info("the store takes writes again");
                writable = true;
                add(ofItsOwn(END_OF_TRIAL));
            }
            report(written.commit());
            complete(batch, written.answers());
            return List.of();
        } catch (StoreUnavailableException unavailable) {
            return refuse(batch, unavailable);
        }
    }

    private Written write(List<Operation<?>> operations) {
        try {
            return writer.writeTogether(operations);
        } catch (StoreUnavailableException unavailable) {
            throw unavailable;
        } catch (RuntimeException faulty) {
            return writeSingly(operations);
        }
    }

    private Written writeSingly(List<Operation<?>> operations) {
        try {
            return writer.writeSingly(operations);
        } catch (StoreUnavailableException unavailable) {
            throw unavailable;
        } catch (RuntimeException broken) {
            // No operation is to blame any more, so the store is: damage, or a table that is gone. What the driver says
            // of
            // it is for the log alone.
            if (writable) {
                LOG.error("no operation can be written: {}", broken.getMessage());
            }
            throw new StoreUnavailableException("the store is damaged, or another program has changed it");
        }
    }

    private void report(Commit commit) {
        if (commit.isEmpty()) {
            return;
        }
        try {
            listener.committed(commit);
        } catch (RuntimeException broken) {
            LOG.error("a commit could not be handed on; the sweep will find what it made", broken);
        }
    }

    private List<Waiting<?>> refuse(List<Waiting<?>> batch, StoreUnavailableException unavailable) {
        if (writable) {
            LOG.error(
                    "the store refuses writes ({}); new events are answered 503 until it takes them again",
                    unavailable.getMessage());
            writable = false;
        }
        boolean last = isClosing();
        List<Waiting<?>> kept = new ArrayList<>();
        List<Waiting<?>> refused = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (Waiting<?> waiting : batch) {
            if (waiting.operation.rank() == Rank.RESULT && !last) {
                kept.add(waiting);
            } else {
                refused.add(waiting);
                answers.add(new Answer(null, unavailable));
            }
        }
        complete(refused, answers);
        long lost = last ? countResults(refused) : 0;
        if (lost > 0) {
            LOG.error(
                    "stopping without recording {} attempt results: their deliveries are sent again after the next"
                            + " start",
                    lost);
        }
        return kept;
    }

    private static long countResults(List<Waiting<?>> waiting) {
        return waiting.stream()
                .filter(one -> one.operation.rank() == Rank.RESULT)
                .count();
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Completes the futures with one hop for each context. */
    private static void complete(List<Waiting<?>> batch, List<Answer> answers) {
        Map<Context, List<Runnable>> byContext = new HashMap<>();
        for (int index = 0; index < batch.size(); index++) {
            Waiting<?> waiting = batch.get(index);
            Answer answer = answers.get(index);
            byContext
                    .computeIfAbsent(waiting.context, context -> new ArrayList<>())
                    .add(() -> waiting.complete(answer));
        }
        byContext.forEach(
                (context, completions) -> context.runOnContext(ignored -> completions.forEach(Runnable::run)));
    }

    /** An operation, and whoever waits for it. */
    private record Waiting<R>(Operation<R> operation, Context context, Promise<R> promise) {
        @SuppressWarnings("unchecked") // the writer answers each operation with the operation's own type
        void complete(Answer answer) {
            @Nullable RuntimeException fault = answer.fault();
            if (fault != null) {
                promise.fail(fault);
            } else {
                promise.complete((R) answer.value());
            }
        }
    }
}
