package io.longline.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/** Brings the schema up to date, forward only. Flyway is started only where there is something to do. */
final class SqliteMigrations {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteMigrations.class);

    /** The newest version under {@code db/sqlite}; a test holds it to the files. */
    static final int NEWEST = 12;

    private static final String NEWEST_SCHEMA = "/db/newest/sqlite.sql";

    private final SqliteFile file;

    SqliteMigrations(SqliteFile file) {
        this.file = file;
    }

    /** The schema's version, 0 in a new file. Refuses a file that is not Longline's, or of a newer one. */
    int check(Connection connection) throws SQLException {
        int version = version(connection);
        if (version > NEWEST) {
            throw file.refused("was written by a newer version of Longline (schema " + version + ", this one knows "
                    + NEWEST + "); start that version, or restore an older backup");
        }
        return version;
    }

    /** Refuses a file that is not a store of Longline's, or of a newer version. */
    void checkIsStore(Connection connection) throws SQLException {
        if (check(connection) == 0) {
            throw file.refused("holds nothing of Longline's");
        }
    }

    /** Brings the schema from that version to the newest. */
    void run(Connection connection, int version) throws SQLException {
        if (version == 0 && isEmpty(connection)) {
            makeNewest(connection);
        } else if (version < NEWEST) {
            migrate(version);
        }
    }

    private static boolean isEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return !exists(statement, "%");
        }
    }

    /**
     * Makes what all migrations one after the other make of an empty file, their history included: going through them takes
     * a quarter of the whole start. All of it or nothing.
     */
    private static void makeNewest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("BEGIN IMMEDIATE");
            try {
                statement.executeUpdate(newest());
                statement.executeUpdate("COMMIT");
            } catch (SQLException fault) {
                rollBack(statement, fault);
                throw fault;
            }
        }
    }

    private static void rollBack(Statement statement, SQLException fault) {
        try {
            statement.executeUpdate("ROLLBACK");
        } catch (SQLException alreadyOver) {
            // After some faults, such as a full disk, SQLite has rolled back by itself; the first one is what counts.
            fault.addSuppressed(alreadyOver);
        }
    }

    private static String newest() {
        try (InputStream script = SqliteMigrations.class.getResourceAsStream(NEWEST_SCHEMA)) {
            return new String(Objects.requireNonNull(script, NEWEST_SCHEMA).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the jar is damaged", unreadable);
        }
    }

    private void migrate(int version) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(file.url());
        try {
            Flyway.configure(SqliteMigrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:db/sqlite")
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException fault) {
            for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw file.refused(sql);
                }
            }
            throw file.refused("cannot be migrated: " + fault.getMessage());
        }
        if (version > 0) {
            LOG.info("the store {} was migrated from schema {} to {}", file.path(), version, NEWEST);
        }
    }

    private int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean ours = exists(statement, "flyway_schema_history");
            if (!ours && exists(statement, "%")) {
                throw file.refused("is another program's SQLite database; name another file in store.url");
            }
            if (!ours) {
                return 0;
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success = 1")) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        }
    }

    private static boolean exists(Statement statement, String name) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name LIKE '" + name + "' LIMIT 1")) {
            return rows.next();
        }
    }
}
