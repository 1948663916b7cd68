package io.longline.store.sqlite;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what the write-ahead log holds into the database file while the writer goes on, on a connection and a thread of
 * its own, so that no commit waits for it. A checkpoint that reaches the end of the log flushes all that it has moved at
 * once, and a commit that is flushed meanwhile waits for that; hence under load each stops short of the last commit, and
 * what it has moved is flushed a few pages at a time ({@link PageFlush}). The log would only grow by that; once it is long,
 * the writer itself moves the last few pages between two commits, right after a checkpoint has done all the others, and
 * the next commit begins the log anew. See SQLite's documentation of write-ahead logging, "Avoiding Excessively Large WAL
 * Files".
 */
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /** How long commits gather at least: a page that several of them change is then moved once. */
    private static final long SHORTEST_GATHER_MILLIS = 200;
    /** How long they gather at most, where they are few. */
    private static final long LONGEST_GATHER_MILLIS = 1_000;
    /** How long a commit is waited for, so that the checkpoint has one to stop short of. */
    private static final long LAST_COMMIT_MILLIS = 200;
    /** What commits weigh from which on they gather no longer than they must. */
    private static final int MUCH = 100;
    /** What the log holds when it is to begin anew: so much less than what is kept of it that the rest has room. */
    private static final int LONG_LOG_BYTES = 96 * 1_048_576;
    /** Each moves what was written during the one before, so that hardly anything is left for the writer to move. */
    private static final int CHECKPOINTS_BEFORE_THE_LAST = 3;

    private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";
    /** A transaction sees the log as it is when something is first read in it. */
    private static final String LOOK = "SELECT 1 FROM sqlite_schema LIMIT 1";

    private final Connection connection;
    /** In pages. */
    private final int longLog;
    /** Holds the log as it was before the last commit, which is as far as a checkpoint then goes; null when it broke. */
    private @Nullable Connection reader;

    private @Nullable PageFlush pages;
    private final Thread thread = new Thread(this::run, "longline-checkpoints");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What the commits since the last checkpoint began weigh. */
    private int gathered;
    /** Those heard of since the start. */
    private long commits;

    private boolean commitAwaited;
    private boolean closed;
    private volatile boolean writerShouldFinish;
    private volatile boolean lostWrites;

    /** How many pages the log holds, and how many of them are moved; 0 when that is not known. */
    record Progress(int log, int moved) {
        static final Progress UNKNOWN = new Progress(0, 0);
    }

    /**
     * @param connection of its own, closed with it
     * @param reader of its own, closed with it
     * @param pageBytes the size of the file's pages
     */
    Checkpoints(Connection connection, Connection reader, int pageBytes) {
        this.connection = connection;
        this.reader = reader;
        this.longLog = LONG_LOG_BYTES / pageBytes;
    }

    /** @param flush flushes what was moved, closed with this; null when SQLite alone is to do that */
    void start(@Nullable PageFlush flush) {
        pages = flush;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A commit is durable, and its pages are in the log. Called by the writer, on whose connection little is done at most.
     *
     * @param weight of its operations
     */
    void committed(Connection writer, int weight) {
        if (writerShouldFinish && !lostWrites) {
            writerShouldFinish = false;
            checkpoint(writer);
        }
        lock.lock();
        try {
            boolean first = gathered == 0;
            boolean little = gathered < MUCH;
            commits++;
            // A commit of nothing but upkeep counts as well.
            gathered += Math.max(1, weight);
            if (first || commitAwaited || (little && gathered >= MUCH)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!lostWrites && waitForCommits()) {
                if (move() >= longLog) {
                    for (int count = 0; count < CHECKPOINTS_BEFORE_THE_LAST && !lostWrites; count++) {
                        move();
                    }
                    writerShouldFinish = true;
                }
            }
        } catch (UncheckedIOException fault) {
            loseWrites(fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            closeReader();
        }
    }

    /** Moves and flushes what the log holds; answers how many pages that is. */
    private int move() throws InterruptedException {
        if (pages == null || pages.isBroken()) {
            return checkpoint(connection).log;
        }
        Progress progress = checkpointBeforeTheLastCommit();
        // The disk rests for as long as it has worked, unless the log will be long soon.
        boolean resting = progress.log < longLog / 2;
        if (progress.moved > 0) {
            pages.flush(progress.moved, nanos -> waitUntil(() -> false, resting ? nanos : 0));
        }
        return progress.log;
    }

    /** Where nobody commits meanwhile all is moved and flushed at once, and nobody waits for it. */
    Progress checkpointBeforeTheLastCommit() throws InterruptedException {
        Connection holding = reader;
        if (holding == null) {
            return checkpoint(connection);
        }
        try (Statement statement = holding.createStatement()) {
            statement.execute("BEGIN");
            statement.execute(LOOK);
            waitForACommit();
            Progress progress = checkpoint(connection);
            statement.execute("ROLLBACK");
            return progress;
        } catch (SQLException fault) {
            // Held for good, the log would grow for good.
            LOG.warn("checkpoints no longer stop short of the last commit: {}", SqliteFaults.describe(fault));
            closeReader();
            return Progress.UNKNOWN;
        }
    }

    /**
     * Whether the disk has failed to keep what was moved. The system may take it for written all the same, so that only the
     * log has it; then the log must stay as it is until the next start, which moves all of it again.
     */
    boolean lostWrites() {
        return lostWrites;
    }

    private void loseWrites(Exception fault) {
        lostWrites = true;
        LOG.error(
                "the disk could not keep what was written to the store ({}); no write is taken until the program is started"
                        + " again, which takes from the log what is missing",
                fault.getMessage());
    }

    /** Notes what a checkpoint of the writer's own has failed of. */
    void failed(SQLException fault) {
        if (SqliteFaults.isFlush(fault)) {
            loseWrites(fault);
        }
    }

    private boolean waitForCommits() throws InterruptedException {
        lock.lock();
        try {
            while (gathered == 0 && !closed) {
                changed.await();
            }
            waitUntil(() -> false, TimeUnit.MILLISECONDS.toNanos(SHORTEST_GATHER_MILLIS));
            boolean open = waitUntil(
                    () -> gathered >= MUCH,
                    TimeUnit.MILLISECONDS.toNanos(LONGEST_GATHER_MILLIS - SHORTEST_GATHER_MILLIS));
            gathered = 0;
            return open;
        } finally {
            lock.unlock();
        }
    }

    private void waitForACommit() throws InterruptedException {
        lock.lock();
        try {
            commitAwaited = true;
            // The first that is heard of may have been made before the wait began.
            long enough = commits + 2;
            waitUntil(() -> commits >= enough, TimeUnit.MILLISECONDS.toNanos(LAST_COMMIT_MILLIS));
        } finally {
            commitAwaited = false;
            lock.unlock();
        }
    }

    /** Waits until something is so, but for so long at most, and not past the end; answers whether that is still to come. */
    private boolean waitUntil(BooleanSupplier enough, long nanos) throws InterruptedException {
        lock.lock();
        try {
            for (long left = nanos; left > 0 && !enough.getAsBoolean() && !closed; ) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what can be moved without waiting for anybody. */
    private Progress checkpoint(Connection on) {
        try (Statement statement = on.createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINT)) {
            // Both are -1 while another connection makes a checkpoint.
            return row.next() && row.getInt("checkpointed") >= 0
                    ? new Progress(row.getInt("log"), row.getInt("checkpointed"))
                    : Progress.UNKNOWN;
        } catch (SQLException fault) {
            // Nothing is lost: it stays in the log, and is moved by a later one, or at the next start.
            LOG.debug("a checkpoint did not succeed: {}", SqliteFaults.describe(fault));
            failed(fault);
            return Progress.UNKNOWN;
        }
    }

    /** Ends; what is in the log is left to the writer's own last checkpoint. */
    void end() {
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
        close(connection);
        closeReader();
    }

    private void closeReader() {
        Connection closing = reader;
        if (closing != null) {
            reader = null;
            close(closing);
        }
    }

    private static void close(Connection closing) {
        try {
            closing.close();
        } catch (SQLException fault) {
            LOG.warn("a connection for checkpoints could not be closed: {}", SqliteFaults.describe(fault));
        }
    }

    /** Closes the store's files; to be called after {@link #end}, once every connection to the store is closed. */
    @Override
    public void close() {
        if (pages != null) {
            pages.close();
        }
    }
}
