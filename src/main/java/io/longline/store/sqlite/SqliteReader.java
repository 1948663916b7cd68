package io.longline.store.sqlite;

import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.Reader;
import io.longline.store.sql.Row;
import io.longline.store.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from SQLite on a few threads of its own, each with a connection for the time of a query. Connections are opened
 * when they are first needed, the one used last is used next, and each keeps the statements that it has prepared.
 */
final class SqliteReader implements Reader {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteReader.class);
    /** Prepared statements that a connection keeps: more than the dashboard and the engine use. */
    private static final int STATEMENTS_KEPT = 100;

    private static final String NO_CONNECTION = "no connection to it is free";
    private static final long THREAD_KEPT_SECONDS = 60;
    /** A read that has waited this long for a thread is not begun: whoever asked has most likely gone. */
    static final long LONGEST_WAIT_MILLIS = 30_000;

    private final Vertx vertx;
    private final SqliteFile file;
    private final LongSupplier monotonicMillis;
    private final Deque<Reading> idle = new ConcurrentLinkedDeque<>();
    private final Promise<Void> closed = Promise.promise();
    private final ThreadPoolExecutor threads;

    /** A connection with what it has prepared; one thread uses it at a time. */
    private record Reading(Connection connection, Statements statements) {
        static Reading open(SqliteFile file) throws SQLException {
            Connection connection = file.openReader();
            return new Reading(connection, new Statements(connection, STATEMENTS_KEPT));
        }

        void close() {
            try (connection) {
                statements.close();
            } catch (SQLException fault) {
                LOG.warn("a connection that read could not be closed: {}", SqliteFaults.describe(fault));
            } catch (RuntimeException fault) {
                LOG.warn("a connection that read could not be closed", fault);
            }
        }
    }

    /**
     * @param name of its threads
     * @param size how many queries run at once, 1 or more
     * @param mostWaiting how many more may wait; past it they are refused
     * @param monotonicMillis tells how long they have waited
     */
    SqliteReader(Vertx vertx, SqliteFile file, String name, int size, int mostWaiting, LongSupplier monotonicMillis) {
        this.vertx = vertx;
        this.file = file;
        this.monotonicMillis = monotonicMillis;
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        THREAD_KEPT_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(mostWaiting),
                        task -> new Thread(task, name + "-" + number.incrementAndGet())) {
                    @Override
                    protected void terminated() {
                        try {
                            idle.forEach(Reading::close);
                        } finally {
                            closed.complete();
                        }
                    }
                };
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public <T> Future<List<T>> all(String sql, Function<Row, T> mapper, List<? extends @Nullable Object> parameters) {
        // A promise of the context's own: what its listeners throw is reported there, however many they are.
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        Promise<List<T>> promise = context.promise();
        Object[] values = parameters.toArray();
        long asked = monotonicMillis.getAsLong();
        try {
            threads.execute(() -> {
                if (monotonicMillis.getAsLong() - asked > LONGEST_WAIT_MILLIS) {
                    promise.fail(unreadable(NO_CONNECTION));
                } else {
                    read(sql, mapper, values, context, promise);
                }
            });
        } catch (RejectedExecutionException fullOrClosed) {
            return context.failedFuture(unreadable(NO_CONNECTION));
        }
        return promise.future();
    }

    private <T> void read(
            String sql,
            Function<Row, T> mapper,
            @Nullable Object[] parameters,
            ContextInternal context,
            Promise<List<T>> promise) {
        List<T> rows;
        try {
            rows = read(sql, mapper, parameters);
        } catch (SQLException fault) {
            promise.fail(named(fault));
            return;
        } catch (RuntimeException bug) {
            promise.fail(bug);
            return;
        } catch (Error error) {
            promise.fail(error);
            // A future keeps it like any fault; thrown where nobody catches it, it is heard of.
            context.runOnContext(ignored -> {
                throw error;
            });
            return;
        }
        promise.complete(rows);
    }

    private <T> List<T> read(String sql, Function<Row, T> mapper, @Nullable Object[] parameters) throws SQLException {
        Reading kept = idle.pollFirst();
        Reading reading = kept == null ? Reading.open(file) : kept;
        try {
            List<T> rows = new ArrayList<>();
            reading.statements.query(sql, row -> rows.add(mapper.apply(row)), parameters);
            return rows;
        } finally {
            idle.addFirst(reading);
        }
    }

    private static Throwable named(SQLException fault) {
        if (!SqliteFaults.isStoreAtFault(fault)) {
            return fault;
        }
        LOG.debug("a read came to nothing: {}", fault.getMessage());
        return unreadable(SqliteFaults.describe(fault));
    }

    private static StoreUnavailableException unreadable(String why) {
        return new StoreUnavailableException("the store cannot be read: " + why);
    }

    /** Lets what waits be read, then closes the connections. */
    Future<Void> close() {
        threads.shutdown();
        return closed.future();
    }
}
