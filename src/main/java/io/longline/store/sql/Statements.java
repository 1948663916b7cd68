package io.longline.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prepared statements of one connection, made once and kept. One that failed is prepared anew for its next use: SQLite's
 * driver finalises it after most faults, such as a full disk, and could never run it again. For one thread.
 */
public final class Statements implements AutoCloseable {
    private final Connection connection;
    private final int most;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);

    /** Keeps every statement. */
    public Statements(Connection connection) {
        this(connection, Integer.MAX_VALUE);
    }

    /** @param most how many statements are kept, 1 or more: those used last */
    public Statements(Connection connection, int most) {
        this.connection = connection;
        this.most = most;
    }

    /** Changes rows; answers how many. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        try {
            return bind(sql, parameters).executeUpdate();
        } catch (SQLException fault) {
            forget(sql);
            throw fault;
        }
    }

    /** Reads rows, each through the reader, until it has seen all. */
    public void query(String sql, RowReader reader, @Nullable Object... parameters) throws SQLException {
        try (var rows = bind(sql, parameters).executeQuery()) {
            while (rows.next()) {
                reader.read(new Row.OfResultSet(rows));
            }
        } catch (SQLException fault) {
            forget(sql);
            throw fault;
        }
    }

    /** Reads one row. */
    public interface RowReader {
        void read(Row row) throws SQLException;
    }

    private void forget(String sql) throws SQLException {
        PreparedStatement failed = prepared.remove(sql);
        if (failed != null) {
            failed.close();
        }
    }

    private PreparedStatement bind(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            if (prepared.size() >= most) {
                forget(prepared.keySet().iterator().next());
            }
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int index = 0; index < parameters.length; index++) {
            bind(statement, index + 1, parameters[index]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int position, @Nullable Object value) throws SQLException {
        if (value instanceof String text) {
            statement.setString(position, text);
        } else if (value instanceof Long number) {
            statement.setLong(position, number);
        } else if (value instanceof Integer number) {
            statement.setInt(position, number);
        } else if (value instanceof Instant instant) {
            statement.setLong(position, instant.toEpochMilli());
        } else if (value instanceof Boolean flag) {
            statement.setInt(position, flag ? 1 : 0);
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(position, bytes);
        } else {
            statement.setObject(position, value);
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) {
            statement.close();
        }
        prepared.clear();
    }
}
