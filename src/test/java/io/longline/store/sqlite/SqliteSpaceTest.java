package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.longline.model.IdGenerator;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.Upkeep;
import io.longline.store.Store;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** E13: a file whose tables were made without leave to give pages back, as a dump that is read in makes them. */
@ExtendWith(VertxExtension.class)
class SqliteSpaceTest {
    private static final Pattern REMEDY = Pattern.compile("run: sqlite3 '(.+)' '(.+)'$");

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private Vertx vertx;
    private SqliteBackend backend;

    @BeforeEach
    void listen(Vertx started) {
        vertx = started;
        backend = SqliteBackend.in(folder);
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(logged);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(SqliteFile.class);
    }

    private Store opened() throws Exception {
        IdGenerator ids = new IdGenerator(() -> 1_000, new SplittableRandom(3));
        return backend.open(vertx, ids)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static void close(Store store) throws Exception {
        store.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static int returned(Store store) throws Exception {
        return store.write(new Upkeep(new Job.ReturnSpace(), 0, 100))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private void change(String... statements) throws SQLException {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> warnings() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void fileThatKeepsItsPages_isWarnedOfOnceWithARemedyThatHelps() throws Exception {
        close(opened());
        change(
                "PRAGMA auto_vacuum = NONE",
                "VACUUM",
                "CREATE TABLE filler (bytes BLOB)",
                "INSERT INTO filler VALUES (zeroblob(2000000))",
                "DROP TABLE filler");

        Store keeping = opened();
        int kept = returned(keeping);
        close(keeping);

        assertThat(kept).isZero();
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(backend.file().toString());
        Matcher remedy = REMEDY.matcher(warnings().get(0));
        assertThat(remedy.find()).isTrue();
        assertThat(remedy.group(1)).isEqualTo(backend.file().toString());
        change(remedy.group(2).split("; "));
        change(
                "CREATE TABLE filler (bytes BLOB)",
                "INSERT INTO filler VALUES (zeroblob(2000000))",
                "DROP TABLE filler");

        Store giving = opened();
        int first = returned(giving);
        int last = first;
        for (int step = 0; step < 100 && last > 0; step++) {
            last = returned(giving);
        }
        close(giving);

        assertThat(warnings()).hasSize(1);
        assertThat(first).isEqualTo(100);
        assertThat(last).isZero();
    }
}
