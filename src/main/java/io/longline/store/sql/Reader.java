package io.longline.store.sql;

import io.longline.store.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads rows through the Vert.x client, off the event loops. A store that cannot be read at present is a
 * {@link StoreUnavailableException}; any other exception is a bug and stays what it is, and an error of the machine's
 * reaches the handler of the context as well, so that a process out of memory ends.
 */
public final class Reader {
    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

    private final Pool pool;
    private final Unavailability unavailability;

    /** Tells what keeps a database from being read. */
    @FunctionalInterface
    public interface Unavailability {
        /** What is wrong with the store, in words of our own; empty when the fault is not the store's. */
        Optional<String> of(Throwable fault);
    }

    public Reader(Pool pool, Unavailability unavailability) {
        this.pool = pool;
        this.unavailability = unavailability;
    }

    /** Every row of a query, which is to bound them itself. */
    public <T> Future<List<T>> all(String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        return pool.preparedQuery(sql)
                .execute(Tuple.wrap(new ArrayList<@Nullable Object>(parameters)))
                .recover(fault -> Future.failedFuture(named(fault)))
                .map(rows -> {
                    List<T> mapped = new ArrayList<>(rows.size());
                    rows.forEach(row -> mapped.add(mapper.apply(new Row.OfClient(row))));
                    return mapped;
                })
                .onFailure(Reader::raiseError);
    }

    /** The only row of a query, if there is one. */
    public <T> Future<Optional<T>> one(
            String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        return all(sql, mapper, parameters).map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0)));
    }

    private Throwable named(Throwable fault) {
        Optional<String> why = unavailability.of(fault);
        if (why.isEmpty()) {
            return fault;
        }
        LOG.debug("a read came to nothing: {}", fault.getMessage());
        return new StoreUnavailableException("the store cannot be read: " + why.get());
    }

    /** An error ends up in a future like any fault; thrown where nobody catches it, it is heard of. */
    private static void raiseError(Throwable fault) {
        Context context = Vertx.currentContext();
        if (fault instanceof Error error && context != null) {
            context.runOnContext(ignored -> {
                throw error;
            });
        }
    }
}
