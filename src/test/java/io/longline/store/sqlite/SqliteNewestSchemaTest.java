package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** F15: a new file is made at once what the migrations would make of it, one after the other. */
class SqliteNewestSchemaTest {
    private static final Path SCRIPT = Path.of("src/main/resources/db/newest/sqlite.sql");
    private static final String HOW = "./mvnw test -Dtest=SqliteNewestSchemaTest -Dlongline.write";
    private static final String HEAD = """
            -- The newest schema as a whole: what the migrations make of an empty file, and their history.
            -- Written anew after each change to them by: %s

            """.formatted(HOW);
    /** What is different in each file, and made anew. */
    private static final String IDENTITY = "INSERT INTO identity (value) VALUES (lower(hex(randomblob(16))));\n";

    @TempDir
    Path folder;

    @Test
    void f15_theNewestSchemaIsWhatTheMigrationsMake() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("migrated.db");
        migrate(url);
        String script = HEAD + structure(url) + IDENTITY + history(url);
        if (System.getProperty("longline.write") != null) {
            Files.writeString(SCRIPT, script);
        }

        assertThat(Files.readString(SCRIPT)).as("written anew by: " + HOW).isEqualTo(script);
        assertThat(tablesWithRows(url)).containsExactlyInAnyOrder("identity", "flyway_schema_history");
    }

    /** A later version goes on from there. */
    @Test
    void f15_migrationsFindNothingToDoInAFileMadeAtOnce() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("made.db");
        run(url, Files.readString(SCRIPT));

        int migrated = migrate(url);

        assertThat(migrated).isZero();
        assertThat(rows(url, "SELECT length(value) FROM identity")).containsExactly("32");
    }

    private static int migrate(String url) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        return Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/sqlite")
                .load()
                .migrate()
                .migrationsExecuted;
    }

    private static String structure(String url) throws SQLException {
        StringBuilder script = new StringBuilder();
        for (String sql : rows(url, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")) {
            script.append(sql.strip()).append(";\n\n");
        }
        return script.toString();
    }

    private static String history(String url) throws SQLException {
        StringBuilder script = new StringBuilder("\nINSERT INTO flyway_schema_history (installed_rank, version,"
                + " description, type, script, checksum, installed_by, execution_time, success) VALUES");
        String row = "SELECT '(' || installed_rank || ', ' || quote(version) || ', ' || quote(description) || ', '"
                + " || quote(type) || ', ' || quote(script) || ', ' || checksum || ', '''', 0, 1)'"
                + " FROM flyway_schema_history ORDER BY installed_rank";
        return script.append("\n    ")
                .append(String.join(",\n    ", rows(url, row)))
                .append(";\n")
                .toString();
    }

    private static List<String> tablesWithRows(String url) throws SQLException {
        List<String> found = new ArrayList<>();
        for (String table : rows(url, "SELECT name FROM sqlite_master WHERE type = 'table'")) {
            if (!rows(url, "SELECT 1 FROM \"" + table + "\" LIMIT 1").isEmpty()) {
                found.add(table);
            }
        }
        return found;
    }

    private static void run(String url, String script) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(script);
        }
    }

    private static List<String> rows(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        }
    }
}
