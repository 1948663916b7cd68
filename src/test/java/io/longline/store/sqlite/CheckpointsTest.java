package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.store.Operation.Job;
import io.longline.store.Operation.Upkeep;
import io.longline.store.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed moves from the log into the file, beside the writer. */
class CheckpointsTest {
    private static final int PAGE = SqliteFile.PAGE_BYTES;
    private static final int SOME_PAGES = 50;

    @TempDir
    Path folder;

    private Path path;
    private WrittenFile file;
    private Checkpoints checkpoints;

    @BeforeEach
    void open() throws Exception {
        file = WrittenFile.in(folder, "full");
        path = file.path();
        file.change("CREATE TABLE t (b BLOB)");
        file.change("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoints = file.file().checkpoints();
        checkpoints.start(Objects.requireNonNull(PageFlush.open(path, System::nanoTime)));
    }

    @AfterEach
    void close() throws Exception {
        checkpoints.end();
        file.close();
        checkpoints.close();
    }

    private void commit(int weight) throws SQLException {
        file.change("INSERT INTO t VALUES (zeroblob(" + SOME_PAGES * PAGE + "))");
        checkpoints.committed(file.writer(), weight);
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

    @Test
    void longLog_beginsAnew() throws Exception {
        commit(1);
        long salts = salts();
        await().atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    file.change("UPDATE t SET b = randomblob(" + SOME_PAGES * PAGE + ") WHERE rowid = 1");
                    checkpoints.committed(file.writer(), 500);
                    return salts() != salts;
                });

        assertThat(Files.size(log())).isLessThan(30_000L * PAGE);
    }

    private Path log() {
        return Path.of(path + "-wal");
    }

    /** They are others each time that the log begins anew. */
    private long salts() throws Exception {
        try (FileChannel channel = FileChannel.open(log())) {
            ByteBuffer header = ByteBuffer.allocate(32);
            channel.read(header, 0);
            return header.getLong(16);
        }
    }

    @Test
    void checkpointUnderLoad_stopsShortOfTheEnd() throws Exception {
        file.change("INSERT INTO t VALUES (zeroblob(9000))");
        Checkpoints idle = file.file().checkpoints();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                try {
                    file.change("UPDATE t SET b = randomblob(9000) WHERE rowid = 1");
                } catch (SQLException fault) {
                    throw new IllegalStateException(fault);
                }
                idle.committed(file.writer(), 1);
            }
        });
        try {
            int stoppedShort = 0;
            for (int round = 0; round < 50; round++) {
                Checkpoints.Progress progress = idle.checkpointBeforeTheLastCommit();
                stoppedShort += progress.moved() < progress.log() ? 1 : 0;
            }
            // A disk may stand still for longer than a commit is waited for.
            assertThat(stoppedShort).isGreaterThan(40);
        } finally {
            enough.set(true);
            load.get(10, TimeUnit.SECONDS);
            idle.end();
        }
    }

    /** The system may take a page for written that the disk has not kept; then only the log has it. */
    @Test
    void flushThatFails_keepsTheLogUntilTheNextStart() throws Exception {
        file.change("INSERT INTO t VALUES ('kept')");
        Checkpoints failing = file.file().checkpoints();
        SqliteBatchWriter batches = new SqliteBatchWriter(file.writer(), failing, () -> 0);
        failing.start(new PageFlush(path, System::nanoTime, (from, to) -> {
            throw new UncheckedIOException(new IOException("the disk is broken"));
        }));
        failing.committed(file.writer(), 500);
        await().until(failing::lostWrites);

        assertThatThrownBy(() -> batches.writeTogether(List.of(new Upkeep(new Job.TryToWrite(), 0, 1))))
                .isInstanceOf(StoreUnavailableException.class);
        batches.close();

        assertThat(Files.readString(log(), StandardCharsets.ISO_8859_1)).contains("kept");
        file.close();
        failing.close();
    }
}
