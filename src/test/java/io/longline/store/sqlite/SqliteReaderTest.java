package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.Row;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteException;

/** What a read that fails comes to: the store's fault, a bug, or the end of the process. */
@ExtendWith(VertxExtension.class)
class SqliteReaderTest {
    @TempDir
    Path folder;

    private SqliteFile file;
    private final AtomicLong millis = new AtomicLong();
    private SqliteReader reader;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        file = new SqliteFile(folder.resolve("some.db"), "full");
        file.create();
        try (Connection connection = file.openWriter()) {
            change(connection, "CREATE TABLE t (n)");
        }
        reader = new SqliteReader(vertx, file, "reads", 1, 2, millis::get);
    }

    @AfterEach
    void close() {
        reader.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void change(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
        Connection other = file.openWriter();
        change(other, "BEGIN EXCLUSIVE");

        read("SELECT n FROM t")
                .onComplete(test.failing(fault -> test.verify(() -> {
                    other.close();
                    assertThat(fault)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: the database is locked by another process");
                    test.completeNow();
                })));
    }

    /** One is read, two wait, and the fourth is told so at once; those before it are read. */
    @Test
    void f14_moreReadsThanMayWait_areRefused(VertxTestContext test) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Future<List<Long>> first = beginRead(goOn);
        Future<List<Long>> second = read("SELECT 2 AS n");
        Future<List<Long>> third = read("SELECT 3 AS n");

        Future<List<Long>> fourth = read("SELECT 4 AS n");
        goOn.countDown();

        Future.join(first, second, third, fourth)
                .onComplete(all -> test.verify(() -> {
                    assertThat(List.of(first.result(), second.result(), third.result()))
                            .containsExactly(List.of(1L), List.of(2L), List.of(3L));
                    assertThat(fourth.cause())
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: no connection to it is free");
                    test.completeNow();
                }));
    }

    @Test
    void f14_readThatHasWaitedTooLong_isNotBegun(VertxTestContext test) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Future<List<Long>> slow = beginRead(goOn);
        Future<List<Long>> late = read("SELECT 2 AS n");
        millis.addAndGet(SqliteReader.LONGEST_WAIT_MILLIS + 1);
        goOn.countDown();

        Future.join(slow, late)
                .onComplete(both -> test.verify(() -> {
                    assertThat(slow.result()).containsExactly(1L);
                    assertThat(late.cause())
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: no connection to it is free");
                    test.completeNow();
                }));
    }

    /** With several listeners a future passes over what one of them throws, unless it has a context to report it to. */
    @Test
    void f18_errorOfAListener_isHeardOf(Vertx vertx, VertxTestContext test) {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        vertx.exceptionHandler(heard -> test.verify(() -> {
            assertThat(heard).isSameAs(error);
            test.completeNow();
        }));

        vertx.runOnContext(ignored -> read("SELECT 1 AS n")
                .onSuccess(rows -> {
                    throw error;
                })
                .onFailure(test::failNow));
    }

    /** Takes the only thread, until it may go on. */
    private Future<List<Long>> beginRead(CountDownLatch goOn) {
        CountDownLatch begun = new CountDownLatch(1);
        Future<List<Long>> read = read("SELECT 1 AS n", row -> {
            begun.countDown();
            await(goOn);
            return row.number("n");
        });
        await(begun);
        return read;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** What is kept of queries is bounded: this many different texts are more than a connection keeps. */
    @Test
    void manyDifferentQueries_areAllAnswered(VertxTestContext test) {
        Future<Long> sum = Future.succeededFuture(0L);
        for (long round = 0; round < 2; round++) {
            for (long number = 0; number < 150; number++) {
                String sql = "SELECT " + number + " AS n";
                sum = sum.compose(before -> read(sql).map(rows -> before + rows.get(0)));
            }
        }

        sum.onComplete(test.succeeding(total -> test.verify(() -> {
            assertThat(total).isEqualTo(2 * 149 * 150 / 2);
            test.completeNow();
        })));
    }

    @Test
    void closedReader_isSaidInOurWords(VertxTestContext test) {
        reader.close()
                .compose(closed -> read("SELECT 1 AS n"))
                .onComplete(test.failing(fault -> test.verify(() -> {
                    assertThat(fault)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessage("the store cannot be read: no connection to it is free");
                    test.completeNow();
                })));
    }
}
