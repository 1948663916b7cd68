package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.Reader;
import io.longline.store.sql.Row;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

/** What a read that fails comes to: the store's fault, a bug, or the end of the process. */
@ExtendWith(VertxExtension.class)
class SqliteReaderTest {
    @TempDir
    Path folder;

    private String url;
    private Pool pool;
    private Reader reader;

    @BeforeEach
    void open(Vertx vertx) {
        url = "jdbc:sqlite:" + folder.resolve("some.db");
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        pool = JDBCPool.pool(vertx, source, new PoolOptions().setMaxSize(1));
        reader = new Reader(pool, SqliteFaults::unavailability);
    }

    private Future<List<Long>> read(String sql) {
        return read(sql, row -> row.number("n"));
    }

    private <T> Future<List<T>> read(String sql, Function<Row, T> mapper) {
        return reader.all(sql, mapper, List.of());
    }

    @Test
    void f18_errorOfTheMachine_reachesTheHandlerThatEndsTheProcess(Vertx vertx, VertxTestContext test) {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        vertx.exceptionHandler(heard -> test.verify(() -> {
            assertThat(heard).isSameAs(error);
            test.completeNow();
        }));

        vertx.runOnContext(ignored -> read("SELECT 1 AS n", row -> {
                    throw error;
                })
                .onComplete(test.failing(
                        fault -> test.verify(() -> assertThat(fault).isSameAs(error)))));
    }

    @Test
    void mapperThatFails_isABug(VertxTestContext test) {
        IllegalStateException bug = new IllegalStateException("the column n is null");

        read("SELECT 1 AS n", row -> {
                    throw bug;
                })
                .onComplete(test.failing(fault -> test.verify(() -> {
                    assertThat(fault).isSameAs(bug);
                    test.completeNow();
                })));
    }

    @Test
    void statementThatTheDatabaseDoesNotUnderstand_isABug(VertxTestContext test) {
        read("SELECT n FROM nowhere")
                .onComplete(test.failing(fault -> test.verify(() -> {
                    assertThat(fault).isInstanceOf(SQLiteException.class);
                    test.completeNow();
                })));
    }

    @Test
    void f3_lockedDatabase_isSaidInOurWords(VertxTestContext test) throws Exception {
        Connection other = DriverManager.getConnection(url);
        try (Statement statement = other.createStatement()) {
            statement.execute("CREATE TABLE t (n)");
            statement.execute("BEGIN EXCLUSIVE");
        }

        read("SELECT n FROM t")
                .onComplete(test.failing(fault -> test.verify(() -> {
                    other.close();
                    assertThat(fault)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: the database is locked by another process");
                    test.completeNow();
                })));
    }

    @Test
    void closedPool_isSaidInOurWords(VertxTestContext test) {
        pool.close()
                .compose(closed -> read("SELECT 1 AS n"))
                .onComplete(test.failing(fault -> test.verify(() -> {
                    assertThat(fault)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: no connection to it is free");
                    test.completeNow();
                })));
    }
}
