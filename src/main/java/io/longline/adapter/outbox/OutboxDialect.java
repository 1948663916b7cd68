package io.longline.adapter.outbox;

import io.longline.config.OutboxAddress;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What differs between databases. Times are the database's own, so that several servers agree on them.
 *
 * <p>Parameters: {@code claim} owner, seconds, owner, rows; {@code read} most bytes, most bytes, owner, rows; {@code mark}
 * event, error, row, owner; {@code drop} age in seconds, rows. {@code read} answers id, event, data, metadata, bytes, tenant,
 * created_at in milliseconds, and whether created_at is none.
 */
interface OutboxDialect {
    /** The dialect of a database. */
    static OutboxDialect of(OutboxAddress address, String table) {
        return address instanceof OutboxAddress.Postgres postgres
                ? new PostgresOutbox(postgres, table)
                : new SqliteOutbox((OutboxAddress.Sqlite) address, table);
    }

    /** Connects, with bounds on how long anything may take. */
    Connection connect() throws SQLException;

    /** Whether the database tells of new rows, through {@link #hear}. */
    boolean tells();

    /** Waits until new rows are told of, or so many milliseconds; answers whether any were. */
    boolean hear(Connection connection, int mostMillis) throws SQLException;

    /** Answers a row when something waits. Parameter: owner. */
    String look();

    /** Claims what waits, in the order of rows. */
    String claim();

    /** Reads what was claimed, in the order of rows. */
    String read();

    /** Marks a row as an event, or as refused. */
    String mark();

    /** Deletes rows that were marked so long ago. */
    String drop();
}
