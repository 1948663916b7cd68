package io.longline.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A database file that a test makes and changes itself, over the connection that writes. */
record WrittenFile(SqliteFile file, Connection writer) implements AutoCloseable {
    static WrittenFile in(Path folder, String synchronous) throws SQLException {
        SqliteFile file = new SqliteFile(folder.resolve("some.db"), synchronous);
        file.create();
        Connection writer = file.openWriter();
        file.setUp(writer);
        return new WrittenFile(file, writer);
    }

    Path path() {
        return file.path();
    }

    void change(String sql) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }
}
