package io.longline.adapter.outbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** An application with a database, as far as its outbox goes. */
record Application(String jdbcUrl, Properties properties) {
    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    /** Runs statements, which may hold statements of their own. */
    void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException fault) {
            throw new IllegalStateException(sql, fault);
        }
    }

    /** Commits a row of its own. */
    void insert(String event, String data) {
        try (Connection connection = connect()) {
            insert(connection, event, data);
        } catch (SQLException fault) {
            throw new IllegalStateException(fault);
        }
    }

    static void insert(Connection connection, String event, String data) throws SQLException {
        boolean json = connection.getMetaData().getURL().startsWith("jdbc:postgresql");
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO outbox (event, data) VALUES (?, " + (json ? "?::json)" : "?)"))) {
            statement.setString(1, event);
            statement.setString(2, data);
            statement.executeUpdate();
        }
    }

    /** Commits rows {@code from} to {@code to}, which is left out, each with its number as data. */
    void insertMany(int from, int to) {
        try (Connection connection = connect()) {
            connection.setAutoCommit(false);
            for (int number = from; number < to; number++) {
                insert(connection, "row.added", "{\"n\":" + number + "}");
            }
            connection.commit();
        } catch (SQLException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** Rows of text, columns joined by a bar. */
    List<String> rows(String sql) {
        return rows(jdbcUrl, properties, sql);
    }

    static List<String> rows(String url, Properties properties, String sql) {
        try (Connection connection = DriverManager.getConnection(url, properties);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    cells.add(String.valueOf(rows.getString(column)));
                }
                found.add(String.join("|", cells));
            }
            return found;
        } catch (SQLException fault) {
            throw new IllegalStateException(sql, fault);
        }
    }

    /** How many rows wait. */
    int waiting() {
        return Integer.parseInt(
                rows("SELECT count(*) FROM outbox WHERE processed_at IS NULL").get(0));
    }
}
