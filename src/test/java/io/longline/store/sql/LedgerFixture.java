package io.longline.store.sql;

import io.longline.model.WebhookId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A ledger by itself, with the tables of some of the schema's versions and a clock that stands still. */
abstract class LedgerFixture {
    @TempDir
    Path folder;

    final AtomicLong clock = new AtomicLong(5_000);
    Connection connection;
    Statements statements;

    /** @param scripts names of migrations, in their order */
    final void makeTables(String... scripts) throws IOException, SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
        for (String script : scripts) {
            try (InputStream schema = LedgerFixture.class.getResourceAsStream("/db/sqlite/" + script + ".sql");
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        statements = new Statements(connection);
    }

    @AfterEach
    final void close() throws SQLException {
        statements.close();
        connection.close();
    }

    static WebhookId webhook(int number) {
        return new WebhookId("wh_" + number);
    }
}
