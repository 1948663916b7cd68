package io.longline.adapter.outbox;

import io.longline.config.OutboxAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads what columns tables have, for triggers that must name each. */
public final class OutboxTables {
    private OutboxTables() {}

    /** A table could not be looked at; in one line. */
    public static final class UnreadableException extends Exception {
        private UnreadableException(String why) {
            super(why);
        }
    }

    /** The columns of a table in a SQLite file, in their order. Blocks. */
    public static List<String> columns(OutboxAddress.Sqlite address, String table) throws UnreadableException {
        List<String> columns = new ArrayList<>();
        try (Connection connection = new SqliteOutbox(address, table).connect();
                PreparedStatement statement = connection.prepareStatement("SELECT name FROM pragma_table_xinfo(?)")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        } catch (SQLException fault) {
            throw new UnreadableException(address + " cannot be read: " + fault.getMessage());
        }
        if (columns.isEmpty()) {
            throw new UnreadableException(address + " has no table " + table);
        }
        return columns;
    }
}
