package io.longline.adapter.outbox;

import io.longline.config.OutboxAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** An outbox in PostgreSQL. Rows that others are at are skipped rather than waited for. */
record PostgresOutbox(OutboxAddress.Postgres address, String table) implements OutboxDialect {
    private static final int LOGIN_SECONDS = 10;
    private static final int ANSWER_SECONDS = 30;
    /** What the triggers notify; see {@link OutboxDdl}. */
    static final String CHANNEL = "longline_outbox";

    PostgresOutbox(OutboxAddress.Postgres address, String table) {
        this.address = address;
        this.table = OutboxDdl.quoted(table);
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", Integer.toString(LOGIN_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "longline");
        properties.putAll(address.options());
        if (address.user() != null) {
            properties.setProperty("user", address.user());
        }
        if (address.password() != null) {
            properties.setProperty("password", address.password());
        }
        String url = "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + address.database();
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not take the address " + address);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + CHANNEL);
        }
        return connection;
    }

    @Override
    public boolean tells() {
        return true;
    }

    @Override
    public boolean hear(Connection connection, int mostMillis) throws SQLException {
        PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(mostMillis);
        return heard != null && heard.length > 0;
    }

    @Override
    public String look() {
        return """
                SELECT 1 FROM %s
                WHERE processed_at IS NULL
                  AND (claimed_until IS NULL OR claimed_until < clock_timestamp() OR claimed_by = ?)
                LIMIT 1""".formatted(table);
    }

    @Override
    public String claim() {
        return """
                UPDATE %1$s SET claimed_by = ?, claimed_until = clock_timestamp() + ? * interval '1 second'
                WHERE id IN (
                    SELECT id FROM %1$s
                    WHERE processed_at IS NULL
                      AND (claimed_until IS NULL OR claimed_until < clock_timestamp() OR claimed_by = ?)
                    ORDER BY id LIMIT ?
                    FOR UPDATE SKIP LOCKED)""".formatted(table);
    }

    @Override
    public String read() {
        return """
                SELECT id, left(event::text, 200) AS event,
                       CASE WHEN bytes <= ? THEN convert_to(data::text, 'UTF8') END AS data,
                       CASE WHEN bytes <= ? THEN convert_to(metadata::text, 'UTF8') END AS metadata,
                       bytes, left(tenant::text, 200) AS tenant,
                       floor(extract(epoch FROM created_at) * 1000)::bigint AS created_at, false AS no_time
                FROM (SELECT *, octet_length(data::text) + coalesce(octet_length(metadata::text), 0) AS bytes
                      FROM %s
                      WHERE processed_at IS NULL AND claimed_by = ?
                      ORDER BY id LIMIT ?) AS claimed
                ORDER BY id""".formatted(table);
    }

    @Override
    public String mark() {
        return """
                UPDATE %s SET processed_at = clock_timestamp(), event_id = ?, error = ?, claimed_until = NULL
                WHERE id = ? AND claimed_by = ?""".formatted(table);
    }

    @Override
    public String drop() {
        return """
                DELETE FROM %1$s WHERE id IN (
                    SELECT id FROM %1$s WHERE processed_at < clock_timestamp() - ? * interval '1 second' LIMIT ?)""".formatted(table);
    }
}
