package io.longline.adapter.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The application's database, over one connection, which is made when it is needed and let go of at any fault. Every
 * method blocks; for one thread, {@link #abort} apart.
 */
final class OutboxDatabase {
    /** What is read at a time; more is left to the next batch. */
    private static final long MOST_BYTES = 8L * 1_048_576;

    private static final int FETCHED_AT_A_TIME = 50;

    private final OutboxDialect dialect;
    private final String owner;
    private final int batchRows;
    private final int mostRowBytes;
    private final Duration claim;
    private volatile @Nullable Connection open;

    /**
     * What a row has become.
     *
     * @param eventId {@code null} when it was refused
     * @param error {@code null} when it was not
     */
    record Mark(
            OutboxRow row,
            @Nullable String eventId,
            @Nullable String error) {}

    /**
     * @param owner whose claims are this server's, also after a restart
     * @param mostRowBytes what is larger is not read
     */
    OutboxDatabase(OutboxDialect dialect, String owner, int batchRows, int mostRowBytes, Duration claim) {
        this.dialect = dialect;
        this.owner = owner;
        this.batchRows = batchRows;
        this.mostRowBytes = mostRowBytes;
        this.claim = claim;
    }

    /** Claims rows that wait and those claimed earlier that are not marked, in order; empty when there are none. */
    List<OutboxRow> claim() throws SQLException {
        return with(connection -> {
            if (!anythingWaits(connection)) {
                return List.of();
            }
            connection.setAutoCommit(false);
            List<OutboxRow> rows = new ArrayList<>();
            if (claimRows(connection) > 0) {
                read(connection, rows);
            }
            connection.commit();
            connection.setAutoCommit(true);
            return rows;
        });
    }

    private boolean anythingWaits(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.look())) {
            statement.setString(1, owner);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private int claimRows(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.claim())) {
            statement.setString(1, owner);
            statement.setLong(2, claim.toSeconds());
            statement.setString(3, owner);
            statement.setInt(4, batchRows);
            return statement.executeUpdate();
        }
    }

    private void read(Connection connection, List<OutboxRow> into) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.read())) {
            statement.setFetchSize(FETCHED_AT_A_TIME);
            statement.setInt(1, mostRowBytes);
            statement.setInt(2, mostRowBytes);
            statement.setString(3, owner);
            statement.setInt(4, batchRows);
            long bytes = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (bytes < MOST_BYTES && rows.next()) {
                    OutboxRow row = row(rows);
                    into.add(row);
                    bytes += row.data() == null ? 0 : row.bytes();
                }
            }
        }
    }

    private static OutboxRow row(ResultSet rows) throws SQLException {
        long createdAt = rows.getLong("created_at");
        boolean hasTime = !rows.wasNull();
        return new OutboxRow(
                rows.getObject("id"),
                rows.getString("event"),
                rows.getBytes("data"),
                rows.getBytes("metadata"),
                rows.getLong("bytes"),
                rows.getString("tenant"),
                hasTime ? Instant.ofEpochMilli(createdAt) : null,
                rows.getBoolean("no_time"));
    }

    /** Marks rows, all or none; those whose claim has gone to another server are left alone. */
    void mark(List<Mark> marks) throws SQLException {
        with(connection -> {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(dialect.mark())) {
                for (Mark mark : marks) {
                    statement.setString(1, mark.eventId());
                    statement.setString(2, mark.error());
                    statement.setObject(3, mark.row().id());
                    statement.setString(4, owner);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
            return marks;
        });
    }

    /** Deletes at most so many rows that were marked that long ago; answers how many. */
    int drop(Duration age, int rows) throws SQLException {
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(dialect.drop())) {
                statement.setLong(1, age.toSeconds());
                statement.setInt(2, rows);
                return statement.executeUpdate();
            }
        });
    }

    /** Whether {@link #hear} can be waited on. */
    boolean tells() {
        return dialect.tells();
    }

    /** Waits until new rows are told of, or so many milliseconds; answers whether any were. */
    boolean hear(int mostMillis) throws SQLException {
        return with(connection -> dialect.hear(connection, mostMillis));
    }

    /** Lets go of the connection. */
    void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException gone) {
                // It is of no more use either way.
                open = null;
            }
        }
    }

    /** Breaks off whatever the thread is waiting for. From any thread. */
    void abort() {
        Connection connection = open;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                open = null;
            }
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T with(Work<T> work) throws SQLException {
        Connection connection = open;
        try {
            if (connection == null) {
                connection = dialect.connect();
                open = connection;
            }
            return work.on(connection);
        } catch (SQLException | RuntimeException fault) {
            close();
            throw fault;
        }
    }
}
