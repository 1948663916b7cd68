package io.longline.store.sqlite;

import io.longline.config.Settings;
import io.longline.model.IdGenerator;
import io.longline.store.StoreRefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * Copies a store, whether or not a server is at work on it, and puts a copy back in the store's place. A copy is made page
 * by page inside one read transaction, so that it is the store as of one commit, however many follow meanwhile; SQLite's
 * online backup alone would begin again with each. It is written under another name, checked, and only then gets its own:
 * what has that name is complete. All methods block.
 */
public final class SqliteBackup {
    private static final int PAGES_A_STEP = 2_000;
    private static final int BUSY_MILLIS = 100;
    private static final int BUSY_TIMES = 100;
    private static final List<String> NEWEST = List.of(
            "SELECT max(id) FROM webhooks",
            "SELECT max(id) FROM events",
            "SELECT max(id) FROM deliveries",
            "SELECT max(id) FROM audit",
            "SELECT max(id) FROM (SELECT id FROM delivery_attempts ORDER BY rowid DESC LIMIT 1000)");

    private final Path store;
    private final Progress progress;

    /** Hears how far a copy is, now and then, on the thread that makes it. */
    @FunctionalInterface
    public interface Progress {
        void pages(long done, long all);
    }

    /**
     * What was copied.
     *
     * @param bytes how large the copy is
     * @param newestAt the time of the newest thing in it; {@code null} when there is nothing in it
     * @param rows rows of each table, the same in the copy as in the store
     */
    public record Copied(long bytes, @Nullable Instant newestAt, Map<String, Long> rows) {}

    public SqliteBackup(Settings.Store settings, Progress progress) {
        this.store = SqliteStore.path(settings);
        this.progress = progress;
    }

    /**
     * Writes a copy of the store to a file that must not exist.
     *
     * @throws StoreRefusedException in one line, when there is no store, the file exists, or the copy is not sound
     */
    public Copied backUp(Path file) throws IOException {
        NativeLibrary.load();
        if (!Files.exists(store)) {
            throw new StoreRefusedException("the store " + store + " does not exist; name it with --store");
        }
        if (Files.exists(file)) {
            throw new StoreRefusedException(file + " exists already; name another file");
        }
        Path part = part(file);
        Copied copied = copy(store, part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(file);
        return copied;
    }

    /**
     * Puts a copy in the store's place, in one step: whatever happens, the store is the one or the other.
     *
     * @param force whether to do so even if the store holds newer things than the copy, or cannot be read
     * @throws StoreRefusedException in one line, when a server has the store, the copy is none of Longline's or not sound,
     *     or the store is newer
     */
    public Copied restore(Path file, boolean force) throws IOException {
        NativeLibrary.load();
        if (!Files.isRegularFile(file)) {
            throw new StoreRefusedException(file + " is no file that can be restored");
        }
        StoreLock lock = StoreLock.take(store);
        try {
            refuseIfNewer(file, force);
            Path part = part(store);
            Copied copied = copy(file.toAbsolutePath(), part);
            emptyLog();
            // What stands in the old file's log belongs to the old file alone: it goes first.
            Files.deleteIfExists(Path.of(store + "-wal"));
            Files.deleteIfExists(Path.of(store + "-shm"));
            Files.move(part, store, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(store);
            return copied;
        } finally {
            lock.close();
        }
    }

    private void refuseIfNewer(Path file, boolean force) throws IOException {
        if (force || !Files.exists(store) || Files.size(store) == 0) {
            return;
        }
        @Nullable Instant there;
        @Nullable Instant here;
        try (Connection old = open(store, false);
                Connection copy = open(file, true)) {
            there = newest(old);
            here = newest(copy);
        } catch (SQLException fault) {
            throw new StoreRefusedException("the store " + store + " or " + file
                    + " cannot be read, so that it cannot be" + " told which is newer (" + SqliteFaults.describe(fault)
                    + "); with --force it is replaced");
        }
        if (there != null && (here == null || there.isAfter(here))) {
            throw new StoreRefusedException(
                    "the store " + store + " is newer: it holds things of " + there + ", " + file + " none after "
                            + (here == null ? "its beginning" : here) + "; with --force it is replaced");
        }
    }

    /** Moves the old store's log into it, so that it is whole until it is replaced; one that is damaged stays as it is. */
    private void emptyLog() throws IOException {
        if (Files.exists(store) && Files.size(store) > 0) {
            try (Connection old = open(store, false);
                    Statement statement = old.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            } catch (SQLException damaged) {
                return;
            }
        }
    }

    private Copied copy(Path from, Path part) throws IOException {
        Files.deleteIfExists(part);
        SqliteFile made = new SqliteFile(part, "full");
        made.create();
        try {
            Copied copied;
            try (Connection source = open(from, true)) {
                new SqliteMigrations(new SqliteFile(from, "full")).checkIsStore(source);
                copied = copySnapshot(source, part);
            }
            check(part, copied);
            return copied;
        } catch (SQLException fault) {
            Files.deleteIfExists(part);
            throw new StoreRefusedException(from + " cannot be copied: " + SqliteFaults.describe(fault));
        } catch (StoreRefusedException refused) {
            Files.deleteIfExists(part);
            throw refused;
        }
    }

    private Copied copySnapshot(Connection source, Path part) throws SQLException {
        source.setAutoCommit(false);
        try {
            Map<String, Long> rows = rows(source);
            @Nullable Instant newestAt = newest(source);
            int result = ((SQLiteConnection) source)
                    .getDatabase()
                    .backup(
                            "main",
                            part.toString(),
                            (remaining, all) -> progress.pages(all - (long) remaining, all),
                            BUSY_MILLIS,
                            BUSY_TIMES,
                            PAGES_A_STEP);
            if (result != 0) {
                throw new SQLException("the copy ended with " + result, null, result);
            }
            return new Copied(part.toFile().length(), newestAt, rows);
        } finally {
            source.rollback();
        }
    }

    /** Reads all of the copy once more, and makes it a file that needs no others beside it. */
    private static void check(Path part, Copied copied) throws SQLException, IOException {
        try (Connection copy = open(part, false);
                Statement statement = copy.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            try (ResultSet found = statement.executeQuery("PRAGMA integrity_check(1)")) {
                String verdict = found.next() ? found.getString(1) : "nothing";
                if (!verdict.equals("ok")) {
                    throw new StoreRefusedException("the copy is not sound, and was removed: " + verdict);
                }
            }
            Map<String, Long> rows = rows(copy);
            if (!rows.equals(copied.rows())) {
                throw new StoreRefusedException(
                        "the copy has other rows than the store, and was removed: " + rows + ", not " + copied.rows());
            }
        }
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
            written.force(true);
        }
    }

    private static Map<String, Long> rows(Connection connection) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet tables = statement.executeQuery(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
                while (tables.next()) {
                    rows.put(tables.getString(1), 0L);
                }
            }
            for (String table : List.copyOf(rows.keySet())) {
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM \"" + table + "\"")) {
                    rows.put(table, count.next() ? count.getLong(1) : 0);
                }
            }
        }
        return rows;
    }

    private static @Nullable Instant newest(Connection connection) throws SQLException {
        long newest = 0;
        try (Statement statement = connection.createStatement()) {
            for (String largest : NEWEST) {
                try (ResultSet row = statement.executeQuery(largest)) {
                    String id = row.next() ? row.getString(1) : null;
                    newest = id == null ? newest : Math.max(newest, IdGenerator.millisOf(id));
                }
            }
        }
        return newest == 0 ? null : Instant.ofEpochMilli(newest);
    }

    private static Connection open(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(5_000);
        config.setReadOnly(readOnly);
        return JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
    }

    private static Path part(Path file) {
        return Path.of(file.toAbsolutePath() + ".part");
    }

    private static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
