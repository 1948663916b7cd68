package io.longline.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    /** How long commits gather before a checkpoint: a page that many of them change is then moved once. */
    private static final long GATHER_MILLIS = 1_000;
    /** Pages in the log from which on it is to begin anew. */
    private static final int LONG_LOG = 8_000;

    private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";

    private final Connection connection;
    private final Thread thread = new Thread(this::run, "longline-checkpoints");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean committed;
    private boolean closed;
    private volatile boolean writerShouldFinish;

    /** @param connection of its own, closed with it */
    Checkpoints(Connection connection) {
        this.connection = connection;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** A commit is durable, and its pages are in the log. Called by the writer, on whose connection little is done at most. */
    void committed(Connection writer) {
        if (writerShouldFinish) {
            writerShouldFinish = false;
            checkpoint(writer);
        }
        lock.lock();
        try {
            if (!committed) {
                committed = true;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (waitForCommits()) {
                if (checkpoint(connection) >= LONG_LOG) {
                    writerShouldFinish = true;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean waitForCommits() throws InterruptedException {
        lock.lock();
        try {
            while (!committed && !closed) {
                changed.await();
            }
            long left = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            committed = false;
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
