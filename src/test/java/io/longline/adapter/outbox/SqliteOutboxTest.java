package io.longline.adapter.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.adapter.outbox.OutboxDdl.Watched;
import io.longline.config.OutboxAddress;
import io.longline.testing.RunningServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

class SqliteOutboxTest extends OutboxContract {
    @Override
    Application database() {
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", "20000");
        return new Application("jdbc:sqlite:" + folder.resolve("application.db"), properties);
    }

    @Override
    String url() {
        return "sqlite:" + folder.resolve("application.db");
    }

    @Override
    String pollMillis() {
        return "200";
    }

    @Override
    String ddl(String... watched) {
        List<Watched> tables = new ArrayList<>();
        for (String each : watched) {
            String[] parts = each.split(":");
            tables.add(new Watched(parts[0], parts.length > 1 ? parts[1] : "id", columns(parts[0])));
        }
        return OutboxDdl.sqlite("outbox", tables);
    }

    private List<String> columns(String table) {
        try {
            return OutboxTables.columns(new OutboxAddress.Sqlite(folder.resolve("application.db")), table);
        } catch (OutboxTables.UnreadableException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /** One writes at a time; a lower number comes later only when it is given by hand. */
    @Override
    void lateAndRolledBackRows(RunningServer server, Connection late) throws SQLException {
        late.setAutoCommit(false);
        Application.insert(late, "order.undone", "{\"undone\":1}");
        late.rollback();
        try (Statement statement = late.createStatement()) {
            statement.executeUpdate("INSERT INTO outbox (id, event, data) VALUES (-5, 'order.late', '{\"late\":1}')");
        }
        late.commit();
        untilNothingWaits();
        assertThat(server.api().get("/api/events/recent?event=order.late").each("id"))
                .hasSize(1);
        assertThat(server.api().get("/api/events/recent?event=order.undone").each("id"))
                .isEmpty();
    }

    @Override
    void takeAnyText() {}

    /** Holds the file for itself as long as it takes to look. */
    @Override
    void disturb() {
        try (Connection connection = application.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            statement.executeQuery("SELECT count(*) FROM outbox").close();
            statement.execute("COMMIT");
        } catch (SQLException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
