package io.longline.process;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads the database file of a server that has stopped. */
final class StoreFile {
    private final String url;

    StoreFile(Path file) {
        url = "jdbc:sqlite:" + file;
    }

    /** Makes something of a row. */
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    <T> List<T> rows(String sql, Mapper<T> mapper) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(mapper.map(rows));
            }
            return found;
        } catch (SQLException fault) {
            throw new IllegalStateException(sql, fault);
        }
    }

    long number(String sql) {
        return rows(sql, row -> row.getLong(1)).get(0);
    }

    String text(String sql) {
        return rows(sql, row -> row.getString(1)).get(0);
    }
}
