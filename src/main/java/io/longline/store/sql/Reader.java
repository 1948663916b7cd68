package io.longline.store.sql;

import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows, off the event loops. A store that cannot be read at present is a {@link StoreUnavailableException}; any
 * other exception is a bug and stays what it is, and an error of the machine's reaches the handler of the caller's context
 * as well, so that a process out of memory ends. May be called from any thread; futures complete on the caller's context.
 */
public interface Reader {
    /**
     * Every row of a query, which is to bound them itself.
     *
     * @param sql one of a limited number of texts: what it takes to run them is kept
     * @param mapper called on a thread of the reader's
     */
    <T> Future<List<T>> all(String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters);

    /** The only row of a query, if there is one. */
    default <T> Future<Optional<T>> one(
            String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        return all(sql, mapper, parameters).map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0)));
    }
}
