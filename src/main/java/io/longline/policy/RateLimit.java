package io.longline.policy;

/**
 * A webhook's attempts per second: the time from which the next attempt conforms (the generic cell rate algorithm,
 * ITU-T I.371). Attempts are spread evenly: with a whole rate no second holds more of them than that, with another one
 * the time between two is kept to, and nothing is saved up. Where they follow each other closely a few milliseconds of
 * lateness are made up for, since timers are no finer; the schedule is a hundredth slower for that, so that no second
 * holds more even so.
 *
 * @param perSecond greater than 0
 * @param nextAtMicros when the next attempt would be exactly on schedule, in microseconds of the caller's clock
 */
public record RateLimit(double perSecond, long nextAtMicros) {
    private static final double MICROS = 1_000_000;
    private static final long MADE_UP_FOR_MICROS = 10_000;
    /** A rate up to which a timer's lateness is too small a part of the time between two attempts to be made up for. */
    private static final double SLOW = 10;

    /** A limit that nothing has been sent under. */
    public static RateLimit of(double perSecond) {
        return new RateLimit(perSecond, Long.MIN_VALUE / 2);
    }

    /** Another limit, under which what was sent under this one counts. */
    public RateLimit changedTo(double otherPerSecond) {
        RateLimit other = of(otherPerSecond);
        return new RateLimit(otherPerSecond, nextAtMicros - intervalMicros() + other.intervalMicros());
    }

    /** Whether an attempt may go now. */
    public boolean allows(long nowMillis) {
        return nextAtMicros - latenessMicros() <= nowMillis * 1_000;
    }

    /** The limit after an attempt went. */
    public RateLimit spent(long nowMillis) {
        long from = Math.max(nextAtMicros, nowMillis * 1_000);
        return new RateLimit(perSecond, from + intervalMicros());
    }

    /** When the next attempt may go, in milliseconds of the caller's clock. */
    public long nextAtMillis() {
        return Math.floorDiv(nextAtMicros - latenessMicros() + 999, 1_000);
    }

    /** So long that as many as may go in a second take one, with the lateness that they may make up for. */
    private long intervalMicros() {
        // Rounded up: rounded down, a rate of thousands would be passed by a part of it for ever.
        return (long) Math.ceil(MICROS / perSecond + latenessMicros() / Math.ceil(perSecond));
    }

    private long latenessMicros() {
        return perSecond > SLOW ? MADE_UP_FOR_MICROS : 0;
    }
}
