package io.longline.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the server is about to stop, or at work on something that is done once at a time. Safe for use by several threads. */
public final class ServerState {
    /** The one at work, and those that wait with their bodies in memory. */
    private static final int MOST_IMPORTS = 4;

    private final AtomicInteger imports = new AtomicInteger();
    private final AtomicReference<Future<Void>> lastImport = new AtomicReference<>(Future.succeededFuture());
    private volatile boolean draining;

    /** From now on nothing new is taken in. */
    public void drain() {
        draining = true;
    }

    /** Whether nothing new is taken in. */
    public boolean isDraining() {
        return draining;
    }

    /** A turn among the imports. It comes once those before it are done, and is to be done in any case. */
    record Turn(Future<Void> comes, Promise<Void> done) {}

    /** Lines up for an import: one at a time, so that neither memory nor what they find varies; empty when too many wait. */
    Optional<Turn> importTurn() {
        if (imports.incrementAndGet() > MOST_IMPORTS) {
            imports.decrementAndGet();
            return Optional.empty();
        }
        Promise<Void> done = Promise.promise();
        Future<Void> before = lastImport.getAndSet(done.future());
        done.future().onComplete(ended -> imports.decrementAndGet());
        return Optional.of(new Turn(before, done));
    }
}
