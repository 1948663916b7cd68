package io.longline.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line on standard error that tells how far long work is, at what rate, and how long it still takes; on a terminal only. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final long EVERY_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean shown;
    private final String what;
    private final LongSupplier nanos;
    private final long beganAt;
    private long drawnAt;
    private boolean drawn;

    /**
     * @param shown whether anybody looks
     * @param what is counted, such as {@code pages}
     * @param nanos the monotonic clock
     */
    ProgressBar(PrintWriter err, boolean shown, String what, LongSupplier nanos) {
        this.err = err;
        this.shown = shown;
        this.what = what;
        this.nanos = nanos;
        this.beganAt = nanos.getAsLong();
        this.drawnAt = beganAt - EVERY_NANOS;
    }

    /** So much of all is done. */
    synchronized void at(long done, long all) {
        long now = nanos.getAsLong();
        if (!shown || (now - drawnAt < EVERY_NANOS && done < all)) {
            return;
        }
        drawnAt = now;
        drawn = true;
        err.print("\r" + line(done, all, (now - beganAt) / 1e9) + "\u001b[K");
        err.flush();
    }

    /** What is drawn, after so many seconds. */
    String line(long done, long all, double seconds) {
        double part = all == 0 ? 1 : Math.min(1, done / (double) all);
        int filled = (int) Math.round(part * WIDTH);
        double rate = seconds <= 0 ? 0 : done / seconds;
        String left = rate <= 0 ? "" : ", " + Math.round(Math.max(0, all - done) / rate) + " s left";
        return String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %,d of %,d %s, %,.0f/s%s",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                part * 100,
                done,
                all,
                what,
                rate,
                left);
    }

    /** Takes the line away. */
    synchronized void end() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }
}
