package io.longline.store.sqlite;

import io.longline.store.sql.Reader;
import io.longline.store.sql.Row;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** A reader that tells what is asked of it, and passes everything on. */
final class StatementLog {
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private Supplier<Future<?>> afterEach = Future::succeededFuture;

    /** A statement with its values. */
    record Asked(String sql, List<Object> values) {}

    /** Has something done after each statement's answer, before the one who asked hears of it. */
    void afterEach(Supplier<Future<?>> action) {
        afterEach = action;
    }

    /** What was asked since the last time. */
    List<Asked> taken() {
        List<Asked> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    Reader over(Reader reader) {
        return new Reader() {
            @Override
            public <T> Future<List<T>> all(String sql, Function<Row, T> mapper, List<?> parameters) {
                asked.add(new Asked(sql, new ArrayList<>(parameters)));
                return reader.all(sql, mapper, parameters).eventually(() -> afterEach.get());
            }
        };
    }
}
