package io.longline.store.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** SQLite files with the tables of some of the schema's versions, for what needs no whole store. */
final class SchemaFiles {
    private SchemaFiles() {}

    /** @param scripts names of migrations, in their order */
    static Connection make(Path file, String... scripts) throws IOException, SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        for (String script : scripts) {
            try (InputStream schema = SchemaFiles.class.getResourceAsStream("/db/sqlite/" + script + ".sql");
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return connection;
    }
}
