package io.longline.delivery;

import io.longline.model.TimeSource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Two clocks that the test moves: together, or the wall clock alone. */
final class ManualTime {
    private static final long START_WALL = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

    private final TimeSource source;
    private long monotonicMillis;
    private long wallMillis = START_WALL;

    /** The monotonic clock's start is arbitrary, below zero as well. */
    ManualTime(long monotonicStart) {
        this.monotonicMillis = monotonicStart;
        this.source = new TimeSource(new Wall(), () -> monotonicMillis * 1_000_000);
    }

    TimeSource source() {
        return source;
    }

    long monotonicMillis() {
        return monotonicMillis;
    }

    long wallMillis() {
        return wallMillis;
    }

    /** Time passes. */
    void advance(long millis) {
        monotonicMillis += millis;
        wallMillis += millis;
    }

    /** Somebody sets the wall clock. */
    void jumpWall(long millis) {
        wallMillis += millis;
    }

    private final class Wall extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(wallMillis);
        }
    }
}
