package io.longline.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What nobody handled on the contexts of a Vert.x. A test that ends with {@link #failIfAny} or {@link #none} fails for an
 * exception that would otherwise be a line in the log. Safe for use by several threads.
 */
public final class Unhandled {
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();

    private Unhandled() {}

    /** Notes every exception from now on; there is one listener for each Vert.x. */
    public static Unhandled on(Vertx vertx) {
        Unhandled unhandled = new Unhandled();
        vertx.exceptionHandler(unhandled.faults::add);
        return unhandled;
    }

    /** Fails for what was noted so far. */
    public void failIfAny() {
        if (!faults.isEmpty()) {
            AssertionError failed = new AssertionError("exceptions that nobody handled: " + faults);
            faults.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /** The same as a future, for the end of a chain. */
    public Future<Void> none() {
        return Future.future(promise -> {
            failIfAny();
            promise.complete();
        });
    }
}
