package io.longline.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A stream that breaks once its reader has waited for so long that the connection must be gone: one that is lost on the
 * way, as when a laptop slept, tells nobody. What the reader does between counts for nothing. For one reader.
 */
final class WatchedStream extends FilterInputStream {
    private final long longestNanos;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "longline-silence");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> looking;
    /** Set before the flag below, by the reader alone. */
    private volatile long waitingSince;

    private volatile boolean waiting;
    private volatile boolean silent;

    /** @param longest that a read may wait, a second or more; noticed a quarter later at most */
    WatchedStream(InputStream stream, Duration longest) {
        super(stream);
        this.longestNanos = longest.toNanos();
        long often = longestNanos / 4;
        this.looking = watch.scheduleWithFixedDelay(this::look, often, often, TimeUnit.NANOSECONDS);
    }

    /** Nothing came for too long. */
    static final class Silence extends IOException {
        private static final long serialVersionUID = 1;

        private Silence() {
            super("nothing came for too long");
        }
    }

    private interface Read {
        int read() throws IOException;
    }

    @Override
    public int read() throws IOException {
        return watched(in::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return watched(() -> in.read(bytes, offset, length));
    }

    private int watched(Read read) throws IOException {
        waitingSince = System.nanoTime();
        waiting = true;
        try {
            int got = read.read();
            if (!silent) {
                return got;
            }
        } catch (IOException broken) {
            if (!silent) {
                throw broken;
            }
        } finally {
            waiting = false;
        }
        // Closed under its reader, a stream breaks or ends as if all had come.
        throw new Silence();
    }

    private void look() {
        if (waiting && System.nanoTime() - waitingSince > longestNanos) {
            silent = true;
            try {
                in.close();
            } catch (IOException closing) {
                // Its reader hears of it.
            }
        }
    }

    @Override
    public void close() throws IOException {
        looking.cancel(false);
        watch.shutdown();
        super.close();
    }
}
