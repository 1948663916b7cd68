package io.longline.delivery;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks names up, off the event loops, on a small pool of its own: one look-up for a name at a time, whoever asks, and
 * none waited for longer than five seconds. An answer serves for a few seconds; the address that was judged is the one
 * that is connected to, so that a name which changes in between gains nothing. For the thread of one verticle.
 */
final class NameResolver {
    /** Executors of one name share their threads; a name that hangs in many shards would take all of them. */
    private static final AtomicInteger POOLS = new AtomicInteger();

    private static final int THREADS = 4;
    private static final long TIMEOUT_SECONDS = 5;
    private static final long FRESH_MILLIS = 5_000;
    private static final int REMEMBERED = 1_000;

    private final WorkerExecutor pool;
    private final TimeSource time;
    private final Lookup lookup;
    private final Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();
    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Answer(List<InetAddress> addresses, long until) {}

    /** Finds every address of a name; blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    NameResolver(Vertx vertx, TimeSource time, Lookup lookup) {
        String name = "longline-names-" + POOLS.incrementAndGet();
        this.pool = vertx.createSharedWorkerExecutor(name, THREADS, TIMEOUT_SECONDS * 2, TimeUnit.SECONDS);
        this.time = time;
        this.lookup = lookup;
    }

    /** Every address of a name; fails with {@link UnknownHostException}, or when it takes too long. */
    Future<List<InetAddress>> resolve(String host) {
        Answer known = answers.get(host);
        if (known != null && time.monotonicMillis() < known.until) {
            return Future.succeededFuture(known.addresses);
        }
        Future<List<InetAddress>> running = underWay.get(host);
        return (running == null ? lookUp(host) : running).timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** One that hangs stays under way: it holds one thread and no more, however often its name is asked for. */
    private Future<List<InetAddress>> lookUp(String host) {
        Future<List<InetAddress>> started = pool.executeBlocking(() -> List.of(lookup.all(host)), false)
                .onSuccess(found -> answers.put(host, new Answer(found, time.monotonicMillis() + FRESH_MILLIS)))
                .onComplete(done -> underWay.remove(host));
        if (!started.isComplete()) {
            underWay.put(host, started);
        }
        return started;
    }

    Future<Void> close() {
        return pool.close();
    }
}
