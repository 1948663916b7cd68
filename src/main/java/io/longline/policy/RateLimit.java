package io.longline.policy;

/**
 * A webhook's attempts per second: the time from which the next attempt conforms (the generic cell rate algorithm,
 * ITU-T I.371). A rate of more than one a second may spend one second's worth at once; none may save up more.
 *
 * @param perSecond greater than 0
 * @param nextAtMicros when the next attempt would be exactly on schedule, in microseconds of the caller's clock
 */
public record RateLimit(double perSecond, long nextAtMicros) {
    private static final double MICROS = 1_000_000;

    /** A limit that nothing has been sent under. */
    public static RateLimit of(double perSecond) {
        return new RateLimit(perSecond, Long.MIN_VALUE / 2);
    }

    /** Whether an attempt may go now. */
    public boolean allows(long nowMillis) {
        return nextAtMicros - burstMicros() <= nowMillis * 1_000;
    }

    /** The limit after an attempt went. */
    public RateLimit spent(long nowMillis) {
        long from = Math.max(nextAtMicros, nowMillis * 1_000);
        return new RateLimit(perSecond, from + intervalMicros());
    }

    /** When the next attempt may go, in milliseconds of the caller's clock. */
    public long nextAtMillis() {
        return Math.floorDiv(nextAtMicros - burstMicros() + 999, 1_000);
    }

    private long intervalMicros() {
        // Rounded up: rounded down, a rate of thousands would be passed by a part of it for ever.
        return (long) Math.ceil(MICROS / perSecond);
    }

    private long burstMicros() {
        return Math.max(0, (long) MICROS - intervalMicros());
    }
}
