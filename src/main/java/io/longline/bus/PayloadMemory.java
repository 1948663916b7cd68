package io.longline.bus;

/**
 * The bytes of payloads that a node holds in memory, bounded. Deliveries that wait may take a quarter of it, and
 * attempts of lanes without a recent success that load theirs another, half of which is kept for lanes that are not
 * known to hang. Whatever those hold, at least half is left to lanes that answer. Safe for use by several threads.
 */
public final class PayloadMemory {
    /** Whose part of the memory a payload is loaded into. */
    public enum Share {
        /** A lane with a recent success. */
        PROVEN,
        /** One without, that has nothing under way and did not run out of time when last heard of. */
        UNPROVEN,
        /** Any other without a recent success. */
        DOUBTFUL
    }

    private final long mostBytes;
    private final long quarter;
    private long waiting;
    /** Loaded for lanes without a recent success. */
    private long unproven;
    /** Loaded for lanes with one. */
    private long proven;

    public PayloadMemory(long mostBytes) {
        this.mostBytes = mostBytes;
        this.quarter = mostBytes / 4;
    }

    /** Takes bytes for a delivery that waits, unless they would go past what may wait. */
    public synchronized boolean reserveWaiting(int bytes) {
        if (waiting + bytes > quarter || !fits(bytes, Share.PROVEN)) {
            return false;
        }
        waiting += bytes;
        return true;
    }

    /** Gives the bytes of a delivery back that waited, whether or not it is under way by now. */
    public synchronized void releaseWaiting(int bytes) {
        waiting -= bytes;
    }

    /** Takes bytes for a delivery whose turn it is, unless they would go past its share. */
    public synchronized boolean reserve(int bytes, Share share) {
        boolean fits = fits(bytes, share);
        if (fits) {
            add(bytes, share);
        }
        return fits;
    }

    /** Whether so many bytes fit into a share; what is larger than all of it finds room while nothing else is there. */
    public synchronized boolean fits(long bytes, Share share) {
        long inShare = share == Share.PROVEN ? waiting + proven : unproven;
        return held() + bytes <= mostBytes && (inShare == 0 || inShare + bytes <= most(share));
    }

    /** Takes bytes even past the bound: for the one delivery that a shard without any may always load. */
    public synchronized void reserveAnyway(int bytes, Share share) {
        add(bytes, share);
    }

    /** Gives back what was taken for a delivery whose turn it was. */
    public synchronized void release(int bytes, Share share) {
        add(-bytes, share);
    }

    /** Bytes held now. */
    public synchronized long held() {
        return waiting + unproven + proven;
    }

    private void add(int bytes, Share share) {
        if (share == Share.PROVEN) {
            proven += bytes;
        } else {
            unproven += bytes;
        }
    }

    private long most(Share share) {
        return switch (share) {
            case PROVEN -> mostBytes - quarter;
            case UNPROVEN -> quarter;
            case DOUBTFUL -> quarter / 2;
        };
    }
}
