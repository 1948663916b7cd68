package io.longline.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what the write-ahead log holds into the database file while the writer goes on, on a connection and a thread of
 * its own, so that no commit waits for it. Under steady load such a checkpoint never quite reaches the end of the log,
 * which therefore would only grow; once the log is long, the writer itself moves the last few pages between two commits,
 * right after a checkpoint has done all the others, and the next commit begins the log anew. See SQLite's documentation
 * of write-ahead logging, "Avoiding Excessively Large WAL Files".
 */
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /**
     * How long commits gather at least. A checkpoint flushes what it has moved, and a commit that is flushed meanwhile
     * waits for that: many small checkpoints keep each wait short.
     */
    private static final long SHORTEST_GATHER_MILLIS = 30;
    /** How long they gather at most: a page that several of them change is then moved once. */
    private static final long LONGEST_GATHER_MILLIS = 1_000;
    /** The disk rests this many times as long as the last checkpoint took, so that a slow one is not kept busy. */
    private static final int RESTS_TIMES = 3;
    /** What commits weigh from which on they gather no longer than they must. */
    private static final int MUCH = 100;
    /** Pages in the log from which on it is to begin anew: 94 MiB, so much less than what is kept of it that the rest has room. */
    private static final int LONG_LOG = 24_000;
    /** Each moves what was written during the one before, so that hardly anything is left for the writer to move. */
    private static final int CHECKPOINTS_BEFORE_THE_LAST = 3;

    private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";

    private final Connection connection;
    private final LongSupplier monotonicMillis;
    private final Thread thread = new Thread(this::run, "longline-checkpoints");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What the commits since the last checkpoint began weigh. */
    private int gathered;

    private boolean closed;
    private volatile boolean writerShouldFinish;

    /**
     * @param connection of its own, closed with it
     * @param monotonicMillis tells how long checkpoints take
     */
    Checkpoints(Connection connection, LongSupplier monotonicMillis) {
        this.connection = connection;
        this.monotonicMillis = monotonicMillis;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A commit is durable, and its pages are in the log. Called by the writer, on whose connection little is done at most.
     *
     * @param weight of its operations
     */
    void committed(Connection writer, int weight) {
        if (writerShouldFinish) {
            writerShouldFinish = false;
            checkpoint(writer);
        }
        lock.lock();
        try {
            boolean first = gathered == 0;
            boolean little = gathered < MUCH;
            // A commit of nothing but upkeep counts as well.
            gathered += Math.max(1, weight);
            if (first || (little && gathered >= MUCH)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            long took = 0;
            while (waitForCommits(
                    Math.min(Math.max(took * RESTS_TIMES, SHORTEST_GATHER_MILLIS), LONGEST_GATHER_MILLIS))) {
                long began = monotonicMillis.getAsLong();
                int log = checkpoint(connection);
                took = monotonicMillis.getAsLong() - began;
                if (log >= LONG_LOG) {
                    for (int count = 0; count < CHECKPOINTS_BEFORE_THE_LAST; count++) {
                        checkpoint(connection);
                    }
                    writerShouldFinish = true;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean waitForCommits(long shortestMillis) throws InterruptedException {
        lock.lock();
        try {
            while (gathered == 0 && !closed) {
                changed.await();
            }
            long waited = TimeUnit.MILLISECONDS.toNanos(shortestMillis);
            for (long left = waited; left > 0 && !closed; ) {
                left = changed.awaitNanos(left);
            }
            long most = TimeUnit.MILLISECONDS.toNanos(LONGEST_GATHER_MILLIS);
            for (long left = most - waited; left > 0 && gathered < MUCH && !closed; ) {
                left = changed.awaitNanos(left);
            }
            gathered = 0;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what can be moved without waiting for anybody; answers how many pages the log holds. */
    private static int checkpoint(Connection on) {
        try (Statement statement = on.createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINT)) {
            return row.next() ? row.getInt("log") : 0;
        } catch (SQLException fault) {
            // Nothing is lost: it stays in the log, and is moved by a later one.
            LOG.debug("a checkpoint did not succeed: {}", SqliteFaults.describe(fault));
            return 0;
        }
    }

    /** Ends; what is in the log is left to the writer's own last checkpoint. */
    @Override
    public void close() throws SQLException {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
