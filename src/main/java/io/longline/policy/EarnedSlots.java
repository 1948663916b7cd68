package io.longline.policy;

/**
 * How many attempts a lane may have under way. It starts with a few, earns one more with each success, and a timeout
 * halves what it has.
 *
 * @param count slots now, at least 1
 */
public record EarnedSlots(int count) {
    /** What every lane starts with. */
    public static final int AT_FIRST = 4;

    /** A new lane's slots. */
    public static EarnedSlots atFirst(int mostInFlight) {
        return new EarnedSlots(Math.max(1, Math.min(AT_FIRST, mostInFlight)));
    }

    /** After an answer that showed the receiver to keep up. */
    public EarnedSlots succeeded(int mostInFlight) {
        return count >= mostInFlight ? new EarnedSlots(Math.max(1, mostInFlight)) : new EarnedSlots(count + 1);
    }

    /** After an attempt that ran out of time. */
    public EarnedSlots timedOut() {
        return new EarnedSlots(Math.max(1, count / 2));
    }
}
