package io.longline.bus;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of payloads that a node holds in memory, bounded. Deliveries that wait may take half of it, so that those
 * whose turn it is always find room. Safe for use by several threads.
 */
public final class PayloadMemory {
    private final long mostBytes;
    private final AtomicLong held = new AtomicLong();

    public PayloadMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes bytes for a delivery that waits, unless they would go past half of the bound. */
    public boolean reserveWaiting(int bytes) {
        return reserve(bytes, mostBytes / 2);
    }

    /** Takes bytes for a delivery whose turn it is, unless they would go past the bound. */
    public boolean reserve(int bytes) {
        return reserve(bytes, mostBytes);
    }

    private boolean reserve(int bytes, long most) {
        long now = held.addAndGet(bytes);
        if (now > most) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes bytes even past the bound: for the one delivery that a shard without any may always load. */
    public void reserveAnyway(int bytes) {
        held.addAndGet(bytes);
    }

    /** Gives bytes back. */
    public void release(int bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes held now. */
    public long held() {
        return held.get();
    }
}
