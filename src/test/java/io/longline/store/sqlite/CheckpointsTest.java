package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed moves from the log into the file, beside the writer. */
class CheckpointsTest {
    private static final int PAGE = 4_096;
    private static final int SOME_PAGES = 50;

    @TempDir
    Path folder;

    private Path path;
    private Connection writer;
    private Checkpoints checkpoints;

    @BeforeEach
    void open() throws Exception {
        path = folder.resolve("some.db");
        SqliteFile file = new SqliteFile(path, "full");
        file.create();
        writer = file.openWriter();
        file.setUp(writer);
        change("CREATE TABLE t (b BLOB)");
        change("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoints = new Checkpoints(file.openForCheckpoints(), () -> 0);
        checkpoints.start();
    }

    @AfterEach
    void close() throws Exception {
        checkpoints.close();
        writer.close();
    }

    private void change(String sql) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute(sql);
        }
    }

    private void commit(int weight) throws SQLException {
        change("INSERT INTO t VALUES (zeroblob(" + SOME_PAGES * PAGE + "))");
        checkpoints.committed(writer, weight);
    }

    private long size() throws Exception {
        return Files.size(path);
    }

    @Test
    void oneSmallCommit_isMovedInTheEnd() throws Exception {
        commit(1);

        await().untilAsserted(() -> assertThat(size()).isGreaterThan((long) SOME_PAGES * PAGE));
    }

    @Test
    void commitsThatGoOn_areMovedAllTheWhile() throws Exception {
        long before = size();
        for (int round = 1; round <= 5; round++) {
            commit(500);
            long grown = before + (long) round * SOME_PAGES * PAGE;
            await().untilAsserted(() -> assertThat(size()).isGreaterThanOrEqualTo(grown));
        }
    }

    @Test
    void commitOfNoOperation_isMovedToo() throws Exception {
        commit(0);

        await().untilAsserted(() -> assertThat(size()).isGreaterThan((long) SOME_PAGES * PAGE));
    }
}
