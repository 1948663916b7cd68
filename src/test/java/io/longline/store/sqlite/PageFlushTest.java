package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.store.sqlite.PageFlush.Portion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages that checkpoints have moved are flushed a few at a time. */
class PageFlushTest {
    private static final int ROWS = 1_000;
    private static final long PAGE = SqliteFile.PAGE_BYTES;

    @TempDir
    Path folder;

    private Path path;
    private WrittenFile file;
    private PageFlush pages;
    private final List<Range> forced = new ArrayList<>();

    private record Range(long from, long to) {
        boolean holds(int page) {
            return from <= page * PAGE && page * PAGE < to;
        }
    }

    @BeforeEach
    void open() throws Exception {
        file = WrittenFile.in(folder, "normal");
        path = file.path();
        // A page for each row.
        file.change("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
        file.change("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS
                + ") INSERT INTO t SELECT i, zeroblob(3000) FROM n");
        pages = new PageFlush(path, System::nanoTime, (from, to) -> forced.add(new Range(from, to)));
        flushAll();
    }

    @AfterEach
    void close() throws Exception {
        file.close();
        pages.close();
    }

    private int checkpoint() throws SQLException {
        try (Statement statement = file.writer().createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            row.next();
            return row.getInt("checkpointed");
        }
    }

    /** Answers in how many portions. */
    private int flushAll() throws Exception {
        return flush(checkpoint(), Integer.MAX_VALUE);
    }

    private int flush(int frames, int most) throws Exception {
        forced.clear();
        pages.flush(frames, nanos -> {
            assertThat(nanos).isNotNegative();
            return forced.size() < most;
        });
        return forced.size();
    }

    @Test
    void scatteredPages_areFlushedAFewAtATime() throws Exception {
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 10 = 0");

        assertThat(flushAll()).isBetween(ROWS / 10 / PageFlush.MOST_RUNS, ROWS / 10 / PageFlush.MOST_RUNS + 2);
    }

    @Test
    void neighbours_areFlushedTogether() throws Exception {
        file.change("UPDATE t SET b = randomblob(3000) WHERE id BETWEEN 100 AND 200");

        assertThat(flushAll()).isEqualTo(1);
    }

    @Test
    void whatWasFlushed_isNotFlushedAgain() throws Exception {
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 10 = 0");
        int frames = checkpoint();
        flush(frames, Integer.MAX_VALUE);

        assertThat(flush(frames, Integer.MAX_VALUE)).isZero();
    }

    @Test
    void logBegunAnew_isReadFromItsBeginning() throws Exception {
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 10 = 0");
        int frames = checkpoint();
        flush(frames, Integer.MAX_VALUE);
        // All is moved and nobody reads, so that this one goes to the beginning of the log.
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 10 = 1");
        int framesAnew = checkpoint();
        assertThat(framesAnew).isLessThan(frames * 2);

        flush(framesAnew, Integer.MAX_VALUE);

        assertThat(forced).hasSizeGreaterThan(ROWS / 10 / PageFlush.MOST_RUNS);
    }

    @Test
    void rest_mayEndIt() throws Exception {
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 10 = 0");

        assertThat(flush(checkpoint(), 2)).isEqualTo(2);
    }

    @Test
    void everyPageThatWasMoved_isFlushed() throws Exception {
        byte[] before = Files.readAllBytes(path);
        file.change("UPDATE t SET b = randomblob(3000) WHERE id % 37 = 0");
        int frames = checkpoint();
        byte[] after = Files.readAllBytes(path);

        flush(frames, Integer.MAX_VALUE);

        List<Integer> moved = IntStream.range(0, (int) (before.length / PAGE))
                .filter(page -> !Arrays.equals(page(before, page), page(after, page)))
                .boxed()
                .toList();
        assertThat(moved).hasSizeGreaterThan(ROWS / 40);
        assertThat(moved).allSatisfy(page -> assertThat(forced).anyMatch(range -> range.holds(page)));
    }

    private static byte[] page(byte[] file, int page) {
        return Arrays.copyOfRange(file, (int) (page * PAGE), (int) ((page + 1) * PAGE));
    }

    /** More than one mapping long, and longer the second time. */
    @Test
    void flushOfTheFileItself_leavesItAsItIs() throws Exception {
        PageFlush real = Objects.requireNonNull(PageFlush.open(path, System::nanoTime));
        for (int round = 0; round < 2; round++) {
            file.change("INSERT INTO t (b) SELECT zeroblob(3000) FROM t a, (SELECT 1 FROM t LIMIT 9) b");
            int frames = checkpoint();
            long size = Files.size(path);

            real.flush(frames, nanos -> true);

            assertThat(real.isBroken()).isFalse();
            assertThat(Files.size(path)).isEqualTo(size);
        }
        assertThat(Files.size(path)).isGreaterThan(80 << 20);
        try (Statement statement = file.writer().createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("ok");
        }
        file.close();
        real.close();
    }

    @Test
    void pagesThatAreGone_doNotMakeTheFileGrow() throws Exception {
        PageFlush real = Objects.requireNonNull(PageFlush.open(path, System::nanoTime));
        file.change("UPDATE t SET b = randomblob(3000) WHERE id > " + ROWS / 2);
        int frames = checkpoint();
        file.change("DELETE FROM t WHERE id > " + ROWS / 2);
        try (Statement vacuum = file.writer().createStatement()) {
            vacuum.executeUpdate("PRAGMA incremental_vacuum(" + ROWS + ")");
        }
        checkpoint();
        long cut = Files.size(path);
        assertThat(cut).isLessThan(ROWS * PAGE * 3 / 4);

        real.flush(frames, nanos -> true);

        assertThat(real.isBroken()).isFalse();
        assertThat(Files.size(path)).isEqualTo(cut);
        file.close();
        real.close();
    }

    /** SQLite names the log after the file, whatever name that was opened by. */
    @Test
    void link_isFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), path);

        PageFlush real = PageFlush.open(link, System::nanoTime);

        assertThat(real).isNotNull();
        file.close();
        real.close();
    }

    @Test
    void fileWithoutALog_isNotFlushed() throws Exception {
        Path other = Files.createFile(folder.resolve("other.db"));

        assertThat(PageFlush.open(other, System::nanoTime)).isNull();
    }

    @Test
    void portions_takeEachPageOnce() {
        assertThat(PageFlush.portions(new int[] {})).isEmpty();
        assertThat(PageFlush.portions(new int[] {7})).containsExactly(new Portion(7, 7));
        assertThat(PageFlush.portions(new int[] {3, 3, 4, 4, 9})).containsExactly(new Portion(3, 9));
    }

    @Test
    void portions_areOfFewRuns() {
        int[] scattered = IntStream.range(1, 41).map(index -> index * 100).toArray();

        assertThat(PageFlush.portions(scattered))
                .containsExactly(new Portion(100, 1_600), new Portion(1_700, 3_200), new Portion(3_300, 4_000));
    }

    @Test
    void portions_areOfFewPages() {
        int[] neighbours = IntStream.rangeClosed(1, 600).toArray();

        assertThat(PageFlush.portions(neighbours))
                .containsExactly(new Portion(1, 256), new Portion(257, 512), new Portion(513, 600));
    }
}
