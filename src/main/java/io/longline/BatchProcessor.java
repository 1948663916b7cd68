package io.longline;

import io.longline.api.Desk.CheckedEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers events and has them accepted many at a time, in order: when a batch is full, or some time after its first event. For
 * any thread.
 *
 * <p>What is wrong with an event is told by {@link #addEvent}, at once. After that nothing gets lost while the program lives: a
 * batch that cannot be stored is tried again, with the same idempotency key, until it is stored. Should the manager stop before
 * that, what is not stored fails, and so does {@link #close}. At most ten batches wait; then {@code addEvent} waits for room, or, on an event loop, fails at once.
 */
public final class BatchProcessor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchProcessor.class);
    private static final int MOST_BATCHES = 10;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final WebhookManager manager;
    private final int batchSize;
    private final long flushMillis;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Flush> flushes = new ArrayList<>();
    /** Events that a flush is to take, whether they fill a batch or not. */
    private int due;

    private int inFlight;
    private long added;
    private long ended;
    private boolean timed;
    private boolean closed;
    private boolean stopped;
    private int lost;
    private List<Waiting> current = List.of();
    private final Runnable forget;

    private record Waiting(CheckedEvent event, Promise<EventReceipt> stored) {}

    /** Somebody waits until so many events have ended. */
    private record Flush(long until, Promise<Void> done) {}

    /** Batches of 100, and 5 seconds at most until an event is stored. */
    public BatchProcessor(WebhookManager manager) {
        this(manager, 100, Duration.ofSeconds(5));
    }

    /**
     * A processor.
     *
     * @param batchSize 1 to {@code ingest.max_batch_events}, 1,000 by default
     * @param flushInterval how long an event waits for others at most; positive
     */
    public BatchProcessor(WebhookManager manager, int batchSize, Duration flushInterval) {
        int most = manager.mostInBatch();
        if (batchSize < 1 || batchSize > most) {
            throw LonglineException.invalid("batchSize must be between 1 and " + most + ", not " + batchSize);
        }
        if (flushInterval.toMillis() < 1) {
            throw LonglineException.invalid("flushInterval must be positive");
        }
        this.manager = manager;
        this.batchSize = batchSize;
        this.flushMillis = flushInterval.toMillis();
        this.forget = manager.whenStopped(this::managerStopped);
    }

    /** As {@link #addEvent(EventInput)}, without metadata. */
    public Future<EventReceipt> addEvent(String event, @Nullable Object data) {
        return addEvent(new EventInput(event, data));
    }

    /** As {@link #addEvent(EventInput)}. */
    public Future<EventReceipt> addEvent(String event, @Nullable Object data, Map<String, ?> metadata) {
        return addEvent(new EventInput(event, data).metadata(metadata));
    }

    /**
     * Takes an event; its own idempotency key counts for nothing.
     *
     * @return ends once the event is stored
     * @throws LonglineException when something is wrong with the event, or there is no room and this is an event loop
     */
    public Future<EventReceipt> addEvent(EventInput input) {
        CheckedEvent event = manager.check(input);
        Waiting one = new Waiting(event, Promise.promise());
        synchronized (this) {
            awaitRoom();
            waiting.add(one);
            added++;
            if (!timed) {
                timed = true;
                manager.vertx().setTimer(flushMillis, id -> timeIsUp());
            }
        }
        sendNext();
        return one.stored.future();
    }

    private void awaitRoom() {
        while (!closed && waiting.size() + inFlight >= batchSize * MOST_BATCHES) {
            if (Context.isOnEventLoopThread()) {
                throw new LonglineException(
                        LonglineException.Reason.TRY_AGAIN,
                        batchSize * MOST_BATCHES + " events wait to be stored; wait for some before adding more",
                        null);
            }
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new LonglineException(
                        LonglineException.Reason.TRY_AGAIN, "interrupted while waiting for room", interrupted);
            }
        }
        if (closed) {
            throw LonglineException.invalid("the batch processor is closed");
        }
    }

    private void timeIsUp() {
        synchronized (this) {
            timed = false;
            due = waiting.size();
        }
        sendNext();
    }

    /** Has everything added so far stored; ends once it is. An event that is refused has told so by its own future. */
    public Future<Void> flush() {
        Promise<Void> done = Promise.promise();
        synchronized (this) {
            if (lost > 0) {
                return Future.failedFuture(notStored(lost));
            }
            if (waiting.isEmpty() && inFlight == 0) {
                return Future.succeededFuture();
            }
            due = waiting.size();
            flushes.add(new Flush(added, done));
        }
        sendNext();
        return done.future();
    }

    /** Takes no more, and has everything stored; waits for that, unless on an event loop: see {@link #closeLater}. */
    @Override
    public void close() {
        BlockingWebhookManager.await(closeLater());
    }

    /** Takes no more, and has everything stored; ends once it is. */
    public Future<Void> closeLater() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        return flush().onComplete(done -> forget.run());
    }

    /** One batch at a time keeps the order. */
    private void sendNext() {
        List<Waiting> batch = new ArrayList<>();
        synchronized (this) {
            if (stopped || inFlight > 0 || (waiting.size() < batchSize && due == 0)) {
                return;
            }
            while (batch.size() < batchSize && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            due = Math.max(0, due - batch.size());
            inFlight = batch.size();
            current = batch;
        }
        if (!batch.isEmpty()) {
            send(batch, UUID.randomUUID().toString(), FIRST_PAUSE_MILLIS);
        }
    }

    private void send(List<Waiting> batch, String key, long pauseMillis) {
        List<CheckedEvent> events = batch.stream().map(Waiting::event).toList();
        manager.publishAll(events, key).onComplete(result -> {
            if (result.succeeded()) {
                for (int index = 0; index < batch.size(); index++) {
                    batch.get(index).stored.tryComplete(result.result().get(index));
                }
                ended();
            } else if (result.cause() instanceof LonglineException refused && refused.isRetryable()) {
                LOG.warn("{} events wait {} ms: {}", batch.size(), pauseMillis, refused.getMessage());
                later(pauseMillis, () -> send(batch, key, Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)));
            } else if (batch.size() > 1) {
                // One of them is too large, or all together: each for itself harms only itself.
                sendSingly(batch, 0);
            } else {
                batch.get(0).stored.tryFail(result.cause());
                ended();
            }
        });
    }

    private void sendSingly(List<Waiting> batch, int index) {
        if (index == batch.size()) {
            ended();
            return;
        }
        trySingly(batch, index, UUID.randomUUID().toString(), FIRST_PAUSE_MILLIS);
    }

    private void trySingly(List<Waiting> batch, int index, String key, long pauseMillis) {
        Waiting one = batch.get(index);
        manager.publishAll(List.of(one.event), key).onComplete(result -> {
            if (result.failed() && result.cause() instanceof LonglineException refused && refused.isRetryable()) {
                long next = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
                later(pauseMillis, () -> trySingly(batch, index, key, next));
                return;
            }
            if (result.succeeded()) {
                one.stored.tryComplete(result.result().get(0));
            } else {
                one.stored.tryFail(result.cause());
            }
            sendSingly(batch, index + 1);
        });
    }

    private synchronized void later(long pauseMillis, Runnable again) {
        if (!stopped) {
            manager.vertx().setTimer(pauseMillis, id -> again.run());
        }
    }

    /** Nothing can be stored any more: whoever waits is told. */
    private void managerStopped() {
        List<Waiting> left;
        List<Flush> over;
        LonglineException fault;
        synchronized (this) {
            closed = true;
            stopped = true;
            left = new ArrayList<>(current);
            left.removeIf(one -> one.stored.future().isComplete());
            left.addAll(waiting);
            waiting.clear();
            lost = left.size();
            fault = notStored(lost);
            ended = added;
            inFlight = 0;
            current = List.of();
            over = List.copyOf(flushes);
            flushes.clear();
            notifyAll();
        }
        if (!left.isEmpty()) {
            LOG.error("{}; nothing tries again", fault.getMessage());
        }
        left.forEach(one -> one.stored.tryFail(fault));
        over.forEach(flush -> {
            if (left.isEmpty()) {
                flush.done.tryComplete();
            } else {
                flush.done.tryFail(fault);
            }
        });
    }

    private static LonglineException notStored(int events) {
        return new LonglineException(
                LonglineException.Reason.TRY_AGAIN,
                "the manager was stopped before the batch processor: " + events + " events may not be stored",
                null);
    }

    private void ended() {
        List<Flush> over;
        synchronized (this) {
            ended += inFlight;
            inFlight = 0;
            current = List.of();
            notifyAll();
            over = flushes.stream().filter(flush -> flush.until <= ended).toList();
            flushes.removeAll(over);
        }
        over.forEach(flush -> flush.done.tryComplete());
        sendNext();
    }
}
