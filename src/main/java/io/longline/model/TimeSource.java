package io.longline.model;

import java.time.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The two clocks that everything is told the time by. Due times are wall-clock, since they outlive the process; waits,
 * limits and durations within the process go by the monotonic one, which no administrator or leap can move.
 *
 * @param wall the wall clock
 * @param monotonicNanos nanoseconds since an arbitrary start; never goes back
 */
public record TimeSource(Clock wall, LongSupplier monotonicNanos) {
    /** Wall-clock time in milliseconds since the epoch. */
    public long wallMillis() {
        return wall.millis();
    }

    /** Wall-clock time, cut to milliseconds, which is what is stored and shown. */
    public Instant now() {
        return Instant.ofEpochMilli(wall.millis());
    }

    /** Monotonic time in milliseconds since an arbitrary start. */
    public long monotonicMillis() {
        return monotonicNanos.getAsLong() / 1_000_000;
    }
}
