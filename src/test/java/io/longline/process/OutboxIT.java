package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed while it turns an application's rows into events; each row is in the log once all the same. */
@Timeout(120)
class OutboxIT {
    private static final int KILLS = 2;
    private static final int ROWS_A_ROUND = 1_500;

    private final long seed = Long.getLong("longline.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir
    Path folder;

    @Test
    void sqlite_whateverTheMomentOfTheKill_eachRowIsOneEvent() throws SQLException {
        String file = folder.resolve("application.db").toString();
        String gate = """
                CREATE TABLE gate (shut INTEGER);
                CREATE TRIGGER gate BEFORE UPDATE OF processed_at ON outbox WHEN (SELECT count(*) FROM gate) > 0
                BEGIN SELECT RAISE(ABORT, 'the gate is shut'); END;""";
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000")) {
            killedInBetween(application, "sqlite:" + file, gate, "?");
        }
    }

    @Test
    void postgres_whateverTheMomentOfTheKill_eachRowIsOneEvent() throws SQLException, IOException {
        String gate = """
                CREATE TABLE gate (shut INTEGER);
                CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS (SELECT 1 FROM gate) THEN RAISE EXCEPTION 'the gate is shut'; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER gate BEFORE UPDATE OF processed_at ON outbox FOR EACH ROW EXECUTE FUNCTION gate();""";
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                Connection application = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"))) {
            String url = "postgresql://postgres:a-password@localhost:" + postgres.getPort() + "/postgres";
            killedInBetween(application, url, gate, "?::json");
        }
    }

    private void killedInBetween(Connection application, String url, String gate, String parameter)
            throws SQLException {
        System.out.println("OutboxIT: -Dlongline.seed=" + seed);
        Path store = folder.resolve("longline.db");
        String setting = "outbox.url=" + url;
        execute(application, ddl(setting));
        execute(application, gate);

        // No row can be marked: what is in the log by then is so before its mark, whenever the kill comes.
        execute(application, "INSERT INTO gate VALUES (1)");
        insert(application, parameter, 0, 3);
        try (LonglineProcess server = LonglineProcess.serve(store, setting)) {
            Api api = new Api(server.address());
            await("the events")
                    .atMost(LonglineProcess.PATIENCE)
                    .until(() -> api.get("/api/events/recent?event=row.added")
                                    .body()
                                    .get("data")
                                    .size()
                            == 3);
            assertThat(number(application, "SELECT count(*) FROM outbox WHERE processed_at IS NOT NULL"))
                    .isZero();
            await("the warning")
                    .atMost(LonglineProcess.PATIENCE)
                    .until(() -> String.join("\n", server.out()).contains("the gate is shut")
                            || String.join("\n", server.err()).contains("the gate is shut"));
            server.kill();
            assertThat(String.join("\n", server.out()) + String.join("\n", server.err()))
                    .doesNotContain("a-password");
        }
        execute(application, "DELETE FROM gate");

        int rows = 3;
        for (int kill = 0; kill < KILLS; kill++) {
            insert(application, parameter, rows, rows + ROWS_A_ROUND);
            rows += ROWS_A_ROUND;
            int left = random.nextInt(ROWS_A_ROUND);
            try (LonglineProcess server = LonglineProcess.serve(store, setting, "outbox.batch_rows=100")) {
                await("the moment to kill")
                        .atMost(LonglineProcess.PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> waiting(application) <= left);
                server.kill();
            }
        }
        try (LonglineProcess server = LonglineProcess.serve(store, setting)) {
            await("nothing waiting").atMost(LonglineProcess.PATIENCE).until(() -> waiting(application) == 0);
            assertThat(server.stop()).as("exit code; %s", server.err()).isZero();
        }
        List<Integer> stored = new StoreFile(store)
                .rows(
                        "SELECT payload FROM events WHERE type = 'row.added' ORDER BY id",
                        row -> Integer.valueOf(row.getString(1).replaceAll(".*\"n\":(\\d+).*", "$1")));
        assertThat(stored).isEqualTo(IntStream.range(0, rows).boxed().toList());
        assertThat(new StoreFile(store)
                        .rows("SELECT id FROM events WHERE type = 'row.added' ORDER BY id", row -> row.getString(1)))
                .isEqualTo(texts(application, "SELECT event_id FROM outbox ORDER BY id"));
    }

    private String ddl(String setting) {
        try (LonglineProcess process = LonglineProcess.start(folder, Map.of(), "outbox", "ddl", "--set", setting)) {
            assertThat(process.exitCode()).as("exit code; %s", process.err()).isZero();
            return String.join("\n", process.out());
        }
    }

    private static void execute(Connection application, String sql) throws SQLException {
        try (Statement statement = application.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void insert(Connection application, String parameter, int from, int to) throws SQLException {
        application.setAutoCommit(false);
        try (var statement = application.prepareStatement(
                "INSERT INTO outbox (event, data) VALUES ('row.added', " + parameter + ")")) {
            for (int number = from; number < to; number++) {
                statement.setString(1, "{\"n\":" + number + "}");
                statement.addBatch();
            }
            statement.executeBatch();
        }
        application.commit();
        application.setAutoCommit(true);
    }

    private static long waiting(Connection application) throws SQLException {
        return number(application, "SELECT count(*) FROM outbox WHERE processed_at IS NULL");
    }

    private static long number(Connection application, String sql) throws SQLException {
        return Long.parseLong(texts(application, sql).get(0));
    }

    private static List<String> texts(Connection application, String sql) throws SQLException {
        try (Statement statement = application.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
