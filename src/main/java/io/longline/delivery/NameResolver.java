package io.longline.delivery;

import io.longline.model.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up for all shards of a node, off the event loops, on a small pool of its own: one look-up for a name at a
 * time, whoever asks, and none waited for longer than five seconds from its begin. An answer serves for a few seconds;
 * the address that was judged is the one that is connected to, so that a name which changes in between gains nothing.
 *
 * <p>A look-up that hangs holds its thread for as long as the system pleases. So names whose last one took too long have
 * a quarter of the threads, those not heard of before leave another quarter alone, and those that were looked up in time
 * go first and find all of them. Whoever finds no thread in time has had nothing tried.
 *
 * <p>Safe for use by several event loops; each is answered on its own.
 */
public final class NameResolver {
    private static final int THREADS = 32;
    private static final int QUARTER = THREADS / 4;
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final long FRESH_MILLIS = 5_000;
    private static final long IDLE_SECONDS = 30;
    private static final int REMEMBERED = 10_000;

    private final Vertx vertx;
    private final TimeSource time;
    private final Lookup lookup;
    private final ThreadPoolExecutor pool;
    /** Under way, or waiting for a thread. */
    private final Map<String, NameLookup> lookups = new HashMap<>();

    private final Map<Standing, Set<NameLookup>> waiting = new EnumMap<>(Standing.class);
    private final Map<String, Heard> heard = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Heard> eldest) {
            return size() > REMEMBERED;
        }
    };
    private int running;
    private int runningLate;
    private boolean closed;

    /** What is to be expected of a name; those that come first go first. */
    private enum Standing {
        IN_TIME,
        UNKNOWN,
        LATE
    }

    /** Whoever waits for a look-up, on a context of its own. */
    private static final class Asker {
        final Context context;
        final Promise<Future<List<InetAddress>>> begun = Promise.promise();
        final Promise<List<InetAddress>> addresses = Promise.promise();
        /** For its context only. */
        long timer = -1;

        Asker(Context context) {
            this.context = context;
        }
    }

    /** A look-up under way, or waiting for a thread; guarded by the resolver. */
    private static final class NameLookup {
        final String host;
        final Standing standing;
        final List<Asker> askers = new ArrayList<>();
        boolean running;
        boolean countedLate;
        boolean tookTooLong;

        NameLookup(String host, Standing standing) {
            this.host = host;
            this.standing = standing;
        }
    }

    /** What was last heard of a name: its addresses, for how long they serve, and whether that came in time. */
    private record Heard(List<InetAddress> addresses, long until, boolean inTime) {}

    /** Finds every address of a name; blocks. */
    @FunctionalInterface
    public interface Lookup {
        /** Fails when there is no such name. */
        InetAddress[] all(String name) throws UnknownHostException;
    }

    /** No thread was free in time: nothing was tried. */
    static final class NotBegunException extends Exception {
        private static final long serialVersionUID = 1;

        NotBegunException() {
            super("no thread was free to look the host name up");
        }
    }

    public NameResolver(Vertx vertx, TimeSource time, Lookup lookup) {
        this.vertx = vertx;
        this.time = time;
        this.lookup = lookup;
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), NameResolver::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "longline-names");
        thread.setDaemon(true);
        return thread;
    }

    /** Whether the addresses of a name are known, so that asking for them takes no time. */
    synchronized boolean knows(String host) {
        return fresh(host) != null;
    }

    private @Nullable List<InetAddress> fresh(String host) {
        Heard last = heard.get(host);
        return last != null && time.monotonicMillis() < last.until ? last.addresses : null;
    }

    /**
     * Has every address of a name looked up. The outer future succeeds once that has begun, and fails with
     * {@link NotBegunException} when it could not; the inner one fails with {@link UnknownHostException}, or when it
     * takes too long. To be called on the context that is to be answered.
     */
    Future<Future<List<InetAddress>>> begin(String host) {
        Asker asker = new Asker(vertx.getOrCreateContext());
        synchronized (this) {
            List<InetAddress> known = fresh(host);
            if (known != null) {
                return Future.succeededFuture(Future.succeededFuture(known));
            }
            NameLookup current = lookups.computeIfAbsent(host, this::queued);
            current.askers.add(asker);
            if (current.running) {
                begun(current, asker);
            } else {
                asker.timer = vertx.setTimer(TIMEOUT_MILLIS, id -> giveUp(current, asker));
                runWaiting();
            }
        }
        return asker.begun.future();
    }

    private NameLookup queued(String host) {
        Heard last = heard.get(host);
        Standing standing = last == null ? Standing.UNKNOWN : last.inTime ? Standing.IN_TIME : Standing.LATE;
        NameLookup queued = new NameLookup(host, standing);
        waiting(standing).add(queued);
        return queued;
    }

    private Set<NameLookup> waiting(Standing standing) {
        return waiting.computeIfAbsent(standing, none -> new LinkedHashSet<>());
    }

    private void runWaiting() {
        for (Standing standing : Standing.values()) {
            Iterator<NameLookup> each = waiting(standing).iterator();
            while (each.hasNext() && mayRun(standing)) {
                NameLookup next = each.next();
                each.remove();
                run(next);
            }
        }
    }

    private boolean mayRun(Standing standing) {
        return !closed
                && switch (standing) {
                    case IN_TIME -> running < THREADS;
                    case UNKNOWN -> running < THREADS - QUARTER;
                    case LATE -> running < THREADS - QUARTER && runningLate < QUARTER;
                };
    }

    private void run(NameLookup current) {
        running++;
        current.running = true;
        countLate(current, current.standing == Standing.LATE);
        current.askers.forEach(asker -> begun(current, asker));
        pool.execute(() -> find(current));
    }

    private void find(NameLookup current) {
        try {
            List<InetAddress> found = List.of(lookup.all(current.host));
            ended(current, found, promise -> promise.tryComplete(found));
        } catch (UnknownHostException | RuntimeException fault) {
            ended(current, null, promise -> promise.tryFail(fault));
        }
    }

    /** The asker's clock starts. */
    private void begun(NameLookup current, Asker asker) {
        asker.context.runOnContext(ignored -> {
            vertx.cancelTimer(asker.timer);
            if (asker.begun.tryComplete(asker.addresses.future())) {
                asker.timer = vertx.setTimer(TIMEOUT_MILLIS, id -> timedOut(current, asker));
            }
        });
    }

    private void giveUp(NameLookup current, Asker asker) {
        synchronized (this) {
            if (current.running) {
                return;
            }
            current.askers.remove(asker);
            if (current.askers.isEmpty()) {
                waiting(current.standing).remove(current);
                lookups.remove(current.host);
            }
        }
        asker.begun.tryFail(new NotBegunException());
    }

    /** It stays under way: it holds one thread and no more, however often its name is asked for. */
    private void timedOut(NameLookup current, Asker asker) {
        synchronized (this) {
            if (current.running) {
                current.tookTooLong = true;
                countLate(current, true);
                heard.put(current.host, new Heard(List.of(), Long.MIN_VALUE, false));
                runWaiting();
            }
        }
        asker.addresses.tryFail(new TimeoutException("the host name was not resolved in time"));
    }

    private void countLate(NameLookup current, boolean late) {
        if (late != current.countedLate) {
            current.countedLate = late;
            runningLate += late ? 1 : -1;
        }
    }

    private synchronized void ended(
            NameLookup current, @Nullable List<InetAddress> found, Consumer<Promise<List<InetAddress>>> answer) {
        if (closed) {
            return;
        }
        running--;
        countLate(current, false);
        current.running = false;
        lookups.remove(current.host);
        boolean inTime = !current.tookTooLong;
        heard.put(
                current.host,
                found == null
                        ? new Heard(List.of(), Long.MIN_VALUE, inTime)
                        : new Heard(found, time.monotonicMillis() + FRESH_MILLIS, inTime));
        for (Asker asker : current.askers) {
            asker.context.runOnContext(ignored -> {
                vertx.cancelTimer(asker.timer);
                answer.accept(asker.addresses);
            });
        }
        runWaiting();
    }

    /** Looks nothing up any more; whoever waits is not answered. */
    public synchronized void close() {
        closed = true;
        pool.shutdownNow();
    }
}
