package io.longline.policy;

/**
 * Whether a queue is past its warning mark. It has to fall a fifth below the mark before it counts as back, so that a
 * queue which hovers about the mark is told of once. Immutable.
 *
 * @param warningAt deliveries from which on it is past the mark; 0 for no mark
 * @param isPast whether it was at the last look
 */
public record QueueMark(long warningAt, boolean isPast) {
    private static final double BACK_BELOW = 0.8;

    /** A queue that nobody has looked at yet. */
    public static QueueMark at(long warningAt) {
        return new QueueMark(warningAt, false);
    }

    /** The same after a look at a queue of that depth. */
    public QueueMark seen(long depth) {
        if (warningAt == 0) {
            return this;
        }
        boolean past = isPast ? depth >= warningAt * BACK_BELOW : depth >= warningAt;
        return past == isPast ? this : new QueueMark(warningAt, past);
    }
}
