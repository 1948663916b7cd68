package io.longline.delivery;

import io.longline.model.DeliveryId;
import java.util.HashSet;
import java.util.Set;

/**
 * What a lane knows of its deliveries that wait in the store alone, and of the read under way that fetches some.
 *
 * <p>It is <i>behind</i> while the store may hold more first attempts than memory does. It has caught up when a read
 * returned fewer rows than it asked for, and nothing was left to the store since that read began. Of retries it keeps the
 * earliest time at which one may be due.
 *
 * <p>Plain state for the shard's thread.
 */
final class Remainder {
    private final Set<DeliveryId> changedDuringRead = new HashSet<>();
    private boolean reading;
    private boolean readingRetries;
    private int asked;
    private long timesLeft;
    private long timesLeftAtRead;
    private boolean behind;
    private boolean awaitingFirstSweep;
    private long nextRetryAtWall = Lane.NEVER;
    private long retryHintDuringRead = Lane.NEVER;
    private long readNotBefore = Long.MIN_VALUE / 2;

    /**
     * @param unknown whether deliveries of an earlier process may wait; then nothing is read before the first look at what
     *     does
     */
    Remainder(boolean unknown) {
        behind = unknown;
        awaitingFirstSweep = unknown;
    }

    boolean isBehind() {
        return behind;
    }

    boolean isReading() {
        return reading;
    }

    boolean isReadingRetries() {
        return readingRetries;
    }

    boolean isReadingFirstAttempts() {
        return reading && !readingRetries;
    }

    boolean isAwaitingFirstSweep() {
        return awaitingFirstSweep;
    }

    /** The earliest time at which a retry may be due; {@link Lane#NEVER} when none waits. */
    long nextRetryAtWall() {
        return nextRetryAtWall;
    }

    /** Nothing is read before this monotonic time, after a read failed. */
    long readNotBefore() {
        return readNotBefore;
    }

    /** A first attempt waits in the store alone. */
    void leave() {
        behind = true;
        timesLeft++;
    }

    /** A retry is due then. */
    void retryDue(long atWall) {
        nextRetryAtWall = Math.min(nextRetryAtWall, atWall);
        if (reading) {
            retryHintDuringRead = Math.min(retryHintDuringRead, atWall);
        }
    }

    /** A delivery changed in the store: a read that began before may bring it as it was, which is not to be taken. */
    void changed(DeliveryId id) {
        if (reading) {
            changedDuringRead.add(id);
        }
    }

    /** Whether what the read under way says of a delivery may be out of date. */
    boolean changedSinceReadBegan(DeliveryId id) {
        return changedDuringRead.contains(id);
    }

    /** A read begins that asks for so many rows. */
    void beginRead(boolean ofRetries, int rows) {
        reading = true;
        readingRetries = ofRetries;
        asked = rows;
        retryHintDuringRead = Lane.NEVER;
        timesLeftAtRead = timesLeft;
    }

    /**
     * The read returned.
     *
     * @param rows how many it returned
     * @param tookAll whether every due one of them is in the window now
     * @param notYetDueAtWall the time of the first retry that was not due yet; {@link Lane#NEVER} without one
     */
    void endRead(int rows, boolean tookAll, long notYetDueAtWall, long nowWall) {
        boolean storeHasMore = !tookAll || (rows >= asked && notYetDueAtWall == Lane.NEVER);
        if (readingRetries) {
            nextRetryAtWall = Math.min(storeHasMore ? nowWall : notYetDueAtWall, retryHintDuringRead);
        } else {
            behind = storeHasMore || timesLeft != timesLeftAtRead;
        }
        endReading();
    }

    /** The read failed, and is to be done again. */
    void failRead(long notBefore) {
        if (!readingRetries) {
            behind = true;
        }
        readNotBefore = notBefore;
        endReading();
    }

    private void endReading() {
        reading = false;
        retryHintDuringRead = Lane.NEVER;
        changedDuringRead.clear();
    }

    /** A look at the store begins; answers what to tell {@link #swept} at its end. */
    long beginSweep() {
        return timesLeft;
    }

    /**
     * The store was looked at.
     *
     * @param anyFirst whether it holds a first attempt
     * @param forgotten whether it holds one that memory does not know
     * @param began what {@link #beginSweep} answered
     */
    void swept(boolean anyFirst, boolean forgotten, long nextRetryAt, long began) {
        awaitingFirstSweep = false;
        retryDue(nextRetryAt);
        if (!anyFirst) {
            behind = behind && (reading || timesLeft != began);
        } else if (forgotten) {
            leave();
        }
    }

    /** Lanes that are held are left out by the sweep; one that is held no longer does not wait for the next. */
    void readWithoutSweep() {
        if (awaitingFirstSweep) {
            awaitingFirstSweep = false;
            retryDue(0);
        }
    }

    /** The window was emptied: anything may wait in the store alone. */
    void everything() {
        leave();
        retryDue(0);
    }

    /** Whether a retry may be due. */
    boolean mayHaveDueRetries(long nowWall) {
        return nextRetryAtWall <= nowWall;
    }
}
