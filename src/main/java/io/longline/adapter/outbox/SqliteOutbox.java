package io.longline.adapter.outbox;

import io.longline.config.OutboxAddress;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** An outbox in a SQLite file, which is the application's: nothing is made or set in it. */
record SqliteOutbox(OutboxAddress.Sqlite address, String table) implements OutboxDialect {
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    SqliteOutbox(OutboxAddress.Sqlite address, String table) {
        this.address = address;
        this.table = OutboxDdl.quoted(table);
    }

    @Override
    public Connection connect() throws SQLException {
        if (!Files.exists(address.file())) {
            throw new SQLException("the file " + address.file() + " does not exist");
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setGetGeneratedKeys(false);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return JDBC.createConnection("jdbc:sqlite:" + address.file(), config.toProperties());
    }

    @Override
    public boolean tells() {
        return false;
    }

    @Override
    public boolean hear(Connection connection, int mostMillis) {
        throw new UnsupportedOperationException("SQLite tells nothing");
    }

    @Override
    public String look() {
        return """
                SELECT 1 FROM %s
                WHERE processed_at IS NULL
                  AND (claimed_until IS NULL OR claimed_until < unixepoch('subsec') * 1000 OR claimed_by = ?)
                LIMIT 1""".formatted(table);
    }

    @Override
    public String claim() {
        return """
                UPDATE %1$s
                SET claimed_by = ?, claimed_until = CAST(unixepoch('subsec') * 1000 AS INTEGER) + ? * 1000
                WHERE id IN (
                    SELECT id FROM %1$s
                    WHERE processed_at IS NULL
                      AND (claimed_until IS NULL OR claimed_until < unixepoch('subsec') * 1000 OR claimed_by = ?)
                    ORDER BY id LIMIT ?)""".formatted(table);
    }

    @Override
    public String read() {
        return """
                SELECT id, event, CASE WHEN bytes <= ? THEN CAST(data AS BLOB) END AS data,
                       CASE WHEN bytes <= ? THEN CAST(metadata AS BLOB) END AS metadata,
                       bytes, tenant, millis AS created_at, written AND millis IS NULL AS no_time
                FROM (SELECT id, substr(event, 1, 200) AS event, data, metadata, substr(tenant, 1, 200) AS tenant,
                             length(CAST(data AS BLOB)) + coalesce(length(CAST(metadata AS BLOB)), 0) AS bytes,
                             created_at IS NOT NULL AS written,
                             CAST(round(CASE
                                 WHEN typeof(created_at) = 'text' THEN unixepoch(created_at, 'subsec') * 1000
                                 WHEN created_at > 100000000000 THEN created_at
                                 ELSE created_at * 1000 END) AS INTEGER) AS millis
                      FROM %s
                      WHERE processed_at IS NULL AND claimed_by = ?
                      ORDER BY id LIMIT ?)
                ORDER BY id""".formatted(table);
    }

    @Override
    public String mark() {
        return """
                UPDATE %s
                SET processed_at = strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now'), event_id = ?, error = ?,
                    claimed_until = NULL
                WHERE id = ? AND claimed_by = ?""".formatted(table);
    }

    @Override
    public String drop() {
        return """
                DELETE FROM %1$s WHERE id IN (
                    SELECT id FROM %1$s
                    WHERE processed_at < strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now', '-' || ? || ' seconds')
                    LIMIT ?)""".formatted(table);
    }
}
