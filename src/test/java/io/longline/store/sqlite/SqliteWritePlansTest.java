package io.longline.store.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.IdGenerator;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E8: whatever the engine and its upkeep write finds its rows along an index. */
class SqliteWritePlansTest {
    private static final List<String> WRITERS = List.of(
            "IntakeWriter",
            "ResultWriter",
            "ChangeWriter",
            "UpkeepWriter",
            "CountedWriter",
            "StatisticsLedger",
            "LiveWebhooks");

    @Test
    void e8_everyWriteGoesAlongAnIndex(@TempDir Path folder) throws Exception {
        SqliteBackend backend = SqliteBackend.in(folder);
        makeTheTables(backend);
        Map<String, String> statements = statements();
        List<String> scans = new ArrayList<>();

        try (Connection plain = backend.plain()) {
            for (Map.Entry<String, String> statement : statements.entrySet()) {
                for (String line : plan(plain, statement.getValue())) {
                    // A subquery that is walked through was bounded where it was made.
                    boolean scan = line.matches("SCAN (?!\\(subquery|SUBQUERY|CONSTANT).*") && !line.contains("USING");
                    if (scan || line.contains("TEMP B-TREE")) {
                        scans.add(statement.getKey() + ": " + line);
                    }
                }
            }
        }

        assertThat(statements).hasSizeGreaterThan(30);
        assertThat(scans).isEmpty();
    }

    private static void makeTheTables(SqliteBackend backend) throws Exception {
        Vertx vertx = Vertx.vertx();
        IdGenerator ids = new IdGenerator(() -> 1, new SplittableRandom(1));
        await(backend.open(vertx, ids).compose(Store::close));
        await(vertx.close());
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
    }

    /** Every constant of the writers that is a statement. */
    private static Map<String, String> statements() throws ReflectiveOperationException {
        Map<String, String> statements = new LinkedHashMap<>();
        for (String writer : WRITERS) {
            for (Field field : Class.forName("io.longline.store.sql." + writer).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                    field.setAccessible(true);
                    String text = (String) field.get(null);
                    if (text.strip().matches("(?s)(SELECT|UPDATE|DELETE|INSERT) .*")) {
                        statements.put(writer + "." + field.getName(), text);
                    }
                }
            }
        }
        return statements;
    }

    private static List<String> plan(Connection plain, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = plain.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (rows.next()) {
                lines.add(rows.getString("detail"));
            }
        }
        return lines;
    }
}
