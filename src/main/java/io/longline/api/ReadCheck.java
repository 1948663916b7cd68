package io.longline.api;

import io.longline.model.TimeSource;
import io.longline.store.Queries;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store can be read, found out by a read not more than once a second however often it is asked. For one
 * thread.
 */
final class ReadCheck {
    private static final long KNOWN_FOR_MILLIS = 1_000;
    private static final long ANSWERS_WITHIN_SECONDS = 2;

    private final Queries queries;
    private final TimeSource time;
    private @Nullable Future<Boolean> last;
    private long askedAt;

    ReadCheck(Queries queries, TimeSource time) {
        this.queries = queries;
        this.time = time;
    }

    /** Never fails. */
    Future<Boolean> isReadable() {
        Future<Boolean> known = last;
        long now = time.monotonicMillis();
        if (known != null && (!known.isComplete() || now - askedAt < KNOWN_FOR_MILLIS)) {
            return known;
        }
        Future<Boolean> asked = queries.probe()
                .timeout(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)
                .transform(done -> Future.succeededFuture(done.succeeded()));
        last = asked;
        askedAt = now;
        return asked;
    }
}
