package io.longline.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes the pages that checkpoints have moved into the database file, a few at a time. Flushed at once, hundreds of pages
 * that lie scattered over the file keep a disk busy for tens of milliseconds, and a commit that is flushed meanwhile waits
 * for all of them; so it waits for a few.
 *
 * <p>Nothing is safe because of this: SQLite flushes the whole file by itself before it begins the log anew, and finds
 * little left to do. A flush that fails is another matter, since the system may then take the page for written. Which pages
 * were moved is read from the log, whose format is described in SQLite's "Database File Format", section 4; a wrong guess
 * costs time alone. A part of a file is flushed over a mapping of it, which is never read or written.
 *
 * <p>For one thread, which must not be interrupted: that would close the files. They may be closed only after every SQLite
 * connection of the process to this store, because the system gives up all locks that a process holds on a file once any of
 * its descriptors is closed (SQLite's "How To Corrupt", section 2.2).
 */
final class PageFlush implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PageFlush.class);

    /** Runs of neighbouring pages flushed together; a commit waits for about so many writes. */
    static final int MOST_RUNS = 16;
    /** Pages flushed together, where neighbours make long runs: 2 MiB of a new store. */
    static final int MOST_PAGES = 256;

    /** Frames looked at in one call; what is older than so many was flushed with others long ago, or will be by SQLite. */
    private static final int MOST_FRAMES = 100_000;

    private static final long SEGMENT_BYTES = 1L << 26;
    private static final int LOG_HEADER_BYTES = 32;
    private static final int PAGE_SIZE_AT = 8;
    private static final int SALTS_AT = 16;
    private static final int FRAME_HEADER_BYTES = 24;

    private final FileChannel log;
    private final FileChannel database;
    private final LongSupplier nanos;
    private final Forcing forcing;
    private final Map<Long, MappedByteBuffer> segments = new HashMap<>();
    private final ByteBuffer header = ByteBuffer.allocateDirect(LOG_HEADER_BYTES);
    private final ByteBuffer pageNumber = ByteBuffer.allocateDirect(Integer.BYTES);
    /** Tell one beginning of the log from the next. */
    private long salts;
    /** How many frames since the log last began are done with. */
    private int framesDone;

    private boolean broken;

    /** Pages to be flushed together, from the first to the last, both counted from 1. */
    record Portion(int first, int last) {}

    /** Lets the disk rest. */
    interface Rest {
        /** Rests; answers whether to go on. */
        boolean rest(long nanos) throws InterruptedException;
    }

    /** Has a part of the database file flushed. */
    interface Forcing {
        /**
         * Blocks until it is done.
         *
         * @throws UncheckedIOException when the disk has not kept it
         * @throws IOException when it could not be tried
         */
        void force(long fromByte, long toByte) throws IOException;
    }

    /**
     * Opens a store's files; null where their system does not let a part of a file be flushed without harm.
     *
     * @param nanos the monotonic clock, in nanoseconds, by which portions are measured
     */
    static @Nullable PageFlush open(Path path, LongSupplier nanos) {
        // Windows does not let a file be cut while a part of it is mapped.
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return null;
        }
        try {
            // SQLite follows links before it names the log.
            return new PageFlush(path.toRealPath(), nanos, null);
        } catch (IOException fault) {
            LOG.warn("pages are not flushed a few at a time: {}", fault.getMessage());
            return null;
        }
    }

    /** @param forcing flushes a part of the file, or null when mappings of it are to do that */
    PageFlush(Path path, LongSupplier nanos, @Nullable Forcing forcing) throws IOException {
        this.nanos = nanos;
        log = FileChannel.open(Path.of(path + "-wal"), StandardOpenOption.READ);
        try {
            // Last, so that it is never closed before its time; the log may be, since SQLite has no locks on it.
            database = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException fault) {
            log.close();
            throw fault;
        }
        this.forcing = forcing == null ? this::force : forcing;
    }

    /** Whether it does nothing any more, so that SQLite alone is to flush. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Flushes what was moved since the last call. Blocks.
     *
     * @param frames of the log that are moved by now, at least one
     * @param rest called after each portion with the time that it took
     * @throws UncheckedIOException when the disk has not kept what was written
     */
    void flush(int frames, Rest rest) throws InterruptedException {
        try {
            int pageSize = readHeader(frames);
            for (Portion portion : portions(pagesMoved(frames, pageSize))) {
                long began = nanos.getAsLong();
                forcing.force((portion.first - 1L) * pageSize, (long) portion.last * pageSize);
                if (!rest.rest(nanos.getAsLong() - began)) {
                    return;
                }
            }
        } catch (UncheckedIOException lost) {
            throw lost;
        } catch (IOException | RuntimeException fault) {
            LOG.warn("pages are no longer flushed a few at a time: {}", fault.getMessage());
            broken = true;
        }
    }

    /** Answers the size of a page, in bytes, and notices when the log has begun anew. */
    private int readHeader(int frames) throws IOException {
        header.clear();
        if (log.read(header, 0) < LOG_HEADER_BYTES) {
            framesDone = frames;
            return 0;
        }
        if (header.getLong(SALTS_AT) != salts || frames < framesDone) {
            salts = header.getLong(SALTS_AT);
            framesDone = 0;
        }
        return header.getInt(PAGE_SIZE_AT);
    }

    /** In ascending order; a page that several commits have changed comes several times. */
    private int[] pagesMoved(int frames, int pageSize) throws IOException {
        int[] pages = new int[Math.min(frames - framesDone, MOST_FRAMES)];
        for (int index = 0; index < pages.length; index++) {
            long frame = (long) frames - pages.length + index;
            pageNumber.clear();
            log.read(pageNumber, LOG_HEADER_BYTES + frame * (FRAME_HEADER_BYTES + pageSize));
            pages[index] = pageNumber.getInt(0);
        }
        framesDone = frames;
        Arrays.sort(pages);
        return pages;
    }

    /** @param pages in ascending order */
    static List<Portion> portions(int[] pages) {
        List<Portion> portions = new ArrayList<>();
        int first = 0;
        int last = 0;
        int runs = 0;
        int count = 0;
        for (int page : pages) {
            if (page == last) {
                continue;
            }
            boolean startsRun = page != last + 1;
            if (count > 0 && (count == MOST_PAGES || (startsRun && runs == MOST_RUNS))) {
                portions.add(new Portion(first, last));
                count = 0;
            }
            if (count == 0) {
                first = page;
                runs = 0;
                startsRun = true;
            }
            count++;
            runs += startsRun ? 1 : 0;
            last = page;
        }
        if (count > 0) {
            portions.add(new Portion(first, last));
        }
        return portions;
    }

    private void force(long from, long to) throws IOException {
        long size = database.size();
        long end = Math.min(to, size);
        for (long at = from; at < end; ) {
            long segment = at / SEGMENT_BYTES;
            long start = segment * SEGMENT_BYTES;
            long until = Math.min(end, start + SEGMENT_BYTES);
            mapped(segment, until - start, size).force((int) (at - start), (int) (until - at));
            at = until;
        }
    }

    /**
     * A mapping is made anew when the file has grown past it. One that is longer than the file makes the file grow, which
     * happens should the writer cut it at this very moment, and does no harm: SQLite does not count those pages.
     *
     * @param bytes that it is to have at least
     * @param size of the file
     */
    private MappedByteBuffer mapped(long segment, long bytes, long size) throws IOException {
        MappedByteBuffer mapped = segments.get(segment);
        if (mapped == null || mapped.capacity() < bytes) {
            long start = segment * SEGMENT_BYTES;
            mapped = database.map(MapMode.READ_WRITE, start, Math.min(SEGMENT_BYTES, size - start));
            segments.put(segment, mapped);
        }
        return mapped;
    }

    @Override
    public void close() {
        try (database;
                log) {
            segments.clear();
        } catch (IOException fault) {
            LOG.warn("the store's files could not be closed: {}", fault.getMessage());
        }
    }
}
