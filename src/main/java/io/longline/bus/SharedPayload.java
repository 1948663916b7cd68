package io.longline.bus;

import io.longline.model.Payload;

/**
 * A payload shared by an event's deliveries, counted once against the node's memory for as long as any of them holds it.
 * Safe for use by several threads.
 */
public final class SharedPayload {
    private final Payload payload;
    private final PayloadMemory memory;
    private int holders;

    public SharedPayload(Payload payload, PayloadMemory memory) {
        this.payload = payload;
        this.memory = memory;
    }

    /** Holds the payload for one more delivery; answers whether memory allows it. */
    public synchronized boolean hold() {
        if (holders == 0 && !memory.reserveWaiting(payload.size())) {
            return false;
        }
        holders++;
        return true;
    }

    /** One delivery needs it no longer. */
    public synchronized void release() {
        holders--;
        if (holders == 0) {
            memory.releaseWaiting(payload.size());
        }
    }

    /** The bytes. */
    public Payload payload() {
        return payload;
    }
}
