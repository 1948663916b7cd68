package io.longline.store.sqlite;

import io.longline.store.StoreRefusedException;
import io.longline.store.StoreSize;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Opens the database file: makes it for its owner alone, and sets what must be set before anything is in it. */
final class SqliteFile {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;
    /**
     * Of a new store. Each page of a commit costs two writes to the log and an entry in its index, whatever its size, and
     * under load most of those that a commit changes are filled by it; twice SQLite's own size takes a twentieth less
     * processor time, and twice that size no less again.
     */
    static final int PAGE_BYTES = 8_192;
    /** What {@code PRAGMA auto_vacuum} answers where free pages are given back when asked. */
    private static final int INCREMENTAL = 2;

    private final Path path;
    private final String synchronous;

    /** @param synchronous {@code full} or {@code normal} */
    SqliteFile(Path path, String synchronous) {
        this.path = path;
        this.synchronous = synchronous;
    }

    Path path() {
        return path;
    }

    /** Makes the file, empty and with mode 0600, unless it is there. SQLite gives its companions the same mode. */
    void create() {
        try {
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
                Files.createFile(path, ownerOnly);
            } else {
                Files.createFile(path);
            }
        } catch (FileAlreadyExistsException present) {
            if (Files.isDirectory(path)) {
                throw refused("is a folder; name a file in store.url");
            }
        } catch (NoSuchFileException noFolder) {
            throw refused("cannot be made: the folder does not exist; make it, or name another in store.url");
        } catch (AccessDeniedException denied) {
            throw refused("cannot be made: this user may not write to the folder; change its owner or store.url");
        } catch (IOException fault) {
            throw refused("cannot be made: " + fault.getMessage());
        }
        if (!Files.isReadable(path) || !Files.isWritable(path)) {
            throw refused("cannot be written by this user; change its owner or mode");
        }
    }

    /** The connection that writes, to a file of which nothing is known yet: nothing in it changes. */
    Connection openWriter() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        // The writers themselves let nothing belong to what is not there; a second look costs a tenth of their time.
        config.enforceForeignKeys(false);
        // Nobody asks for them, and finding out costs a statement after each insert.
        config.setGetGeneratedKeys(false);
        // One thread uses it, so that SQLite need not guard it against others.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        return JDBC.createConnection(url(), config.toProperties());
    }

    /** Checkpoints of this file, on connections of their own, not yet started. */
    Checkpoints checkpoints() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(0);
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        Connection connection = JDBC.createConnection(url(), config.toProperties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = " + synchronous);
            try (ResultSet row = statement.executeQuery("PRAGMA page_size")) {
                return new Checkpoints(connection, openReader(), row.getInt(1));
            }
        } catch (SQLException fault) {
            connection.close();
            throw fault;
        }
    }

    /** Makes the file ready. The size of its pages, and that freed ones can be given back, are set before the first table. */
    void setUp(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size = " + PAGE_BYTES);
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("PRAGMA temp_store = MEMORY");
            statement.execute("PRAGMA cache_size = -32768");
            // The log is written over rather than cut: a file that grows costs more than one that is written anew.
            // Checkpoints are made beside the writer, where their faults are heard of.
            statement.execute("PRAGMA wal_autocheckpoint = 0");
            statement.execute("PRAGMA journal_size_limit = 268435456");
            warnIfPagesStay(statement);
        }
    }

    /** A file whose tables were made by something else, such as a dump that was read in, only ever grows. */
    private void warnIfPagesStay(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("PRAGMA auto_vacuum")) {
            if (rows.next() && rows.getInt(1) != INCREMENTAL) {
                LOG.warn(
                        "the store {} never gives freed space back to the file system; to mend that, stop the server and"
                                + " run: sqlite3 '{}' 'PRAGMA auto_vacuum = INCREMENTAL; VACUUM'",
                        path,
                        path);
            }
        }
    }

    /** Takes the lock that every write takes, and gives it back: another process that holds it is met at the start. */
    static void tryToLock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("ROLLBACK");
        }
    }

    /** A connection that only reads. */
    Connection openReader() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // One thread uses it at a time, so that SQLite need not guard it against others.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        return JDBC.createConnection(url(), config.toProperties());
    }

    /** How much room the file takes, and its log; a file that is not there takes none. Blocks. */
    StoreSize size() throws IOException {
        return new StoreSize(sizeOf(path), sizeOf(Path.of(path + "-wal")));
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException none) {
            return 0;
        }
    }

    String url() {
        return "jdbc:sqlite:" + path;
    }

    /** The refusal that a fault on opening amounts to: it names the file and what to do. */
    StoreRefusedException refused(SQLException fault) {
        return switch (SqliteFaults.code(fault)) {
            case SQLITE_NOTADB -> refused("is not a SQLite database; name another file in store.url");
            case SQLITE_CORRUPT -> refused("is damaged; restore it from a backup, or move it away to begin afresh");
            case SQLITE_BUSY, SQLITE_LOCKED -> refused("is locked by another process; stop that process first");
            case SQLITE_READONLY, SQLITE_PERM -> refused("is read-only; change its mode or that of its folder");
            case SQLITE_FULL -> refused("cannot be written: the disk is full; make room first");
            case SQLITE_CANTOPEN -> refused("cannot be opened; check the path in store.url and the folder's owner");
            default -> refused("cannot be opened: " + fault.getMessage());
        };
    }

    StoreRefusedException refused(String why) {
        return new StoreRefusedException("the store " + path + " " + why);
    }
}
