package io.longline.store.sql;

import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads rows through the Vert.x client, off the event loops. */
public final class Reader {
    private final Pool pool;

    public Reader(Pool pool) {
        this.pool = pool;
    }

    /** Every row of a query, which is to bound them itself. */
    public <T> Future<List<T>> all(String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        return pool.preparedQuery(sql)
                .execute(Tuple.wrap(new ArrayList<@Nullable Object>(parameters)))
                .map(rows -> {
                    List<T> mapped = new ArrayList<>(rows.size());
                    rows.forEach(row -> mapped.add(mapper.apply(new Row.OfClient(row))));
                    return mapped;
                })
                .recover(fault -> Future.failedFuture(
                        new StoreUnavailableException("the store cannot be read: " + fault.getMessage())));
    }

    /** The only row of a query, if there is one. */
    public <T> Future<Optional<T>> one(
            String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        return all(sql, mapper, parameters).map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0)));
    }
}
