package io.longline.adapter.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.adapter.outbox.OutboxDdl.Watched;
import io.longline.testing.RunningServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresOutboxTest extends OutboxContract {
    private static EmbeddedPostgres postgres;
    private static int databases;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Override
    Application database() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        databases++;
        new Application(postgres.getJdbcUrl("postgres", "postgres"), properties).run("CREATE DATABASE app" + databases);
        return new Application("jdbc:postgresql://localhost:" + postgres.getPort() + "/app" + databases, properties);
    }

    @Override
    String url() {
        return "postgresql://postgres:secret@localhost:" + postgres.getPort() + "/app" + databases;
    }

    /** So long that only a notification can wake it in time. */
    @Override
    String pollMillis() {
        return "30000";
    }

    @Override
    String ddl(String... watched) {
        return OutboxDdl.postgres(
                "outbox",
                Arrays.stream(watched)
                        .map(each -> each.split(":"))
                        .map(parts -> new Watched(parts[0], parts.length > 1 ? parts[1] : "id", java.util.List.of()))
                        .toList());
    }

    @Override
    void lateAndRolledBackRows(RunningServer server, Connection late) throws SQLException {
        late.setAutoCommit(false);
        Application.insert(late, "order.late", "{\"late\":1}");
        try (Connection undone = application.connect()) {
            undone.setAutoCommit(false);
            Application.insert(undone, "order.undone", "{\"undone\":1}");
            application.insert("order.early", "{\"early\":1}");
            untilNothingWaits();
            undone.rollback();
        }
        assertThat(server.api().get("/api/events/recent?event=order.early").each("id"))
                .hasSize(1);
        assertThat(server.api().get("/api/events/recent?event=order.late").each("id"))
                .isEmpty();

        late.commit();

        untilNothingWaits();
        assertThat(server.api().get("/api/events/recent?event=order.late").each("id"))
                .hasSize(1);
        assertThat(server.api().get("/api/events/recent?event=order.undone").each("id"))
                .isEmpty();
    }

    @Override
    void takeAnyText() {
        application.run("ALTER TABLE outbox ALTER COLUMN data TYPE TEXT, ALTER COLUMN metadata TYPE TEXT");
    }

    /** Ends every connection of the server's. */
    @Override
    void disturb() {
        application.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'longline'"
                + " AND datname = current_database()");
    }
}
