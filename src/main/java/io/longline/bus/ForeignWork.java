package io.longline.bus;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/** Where somebody else's work runs (templates, transforms, schemas): never on an event loop, and on few threads of its own. */
public final class ForeignWork {
    private static final String POOL = "longline-formats";
    private static final int THREADS = 2;

    private ForeignWork() {}

    /** The node's pool; whoever is given it closes it again. */
    public static WorkerExecutor pool(Vertx vertx) {
        return vertx.createSharedWorkerExecutor(POOL, THREADS);
    }
}
