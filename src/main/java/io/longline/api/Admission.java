package io.longline.api;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait to be accepted on this node, in events and in bytes. Past the bound a call is refused rather than
 * queued, so that memory does not grow with the flood. Safe for use by several threads.
 */
public final class Admission {
    private final int mostEvents;
    private final long mostBytes;
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public Admission(int mostEvents, long mostBytes) {
        this.mostEvents = mostEvents;
        this.mostBytes = mostBytes;
    }

    /** What one call has been let in with; given back once the call is answered. For one thread. */
    final class Permit {
        private int heldEvents;
        private long heldBytes;

        /** Takes bytes of a body as they arrive. */
        void bytes(int count) {
            if (bytes.addAndGet(count) > mostBytes) {
                bytes.addAndGet(-count);
                throw overloaded();
            }
            heldBytes += count;
        }

        /** Takes the events that were found in the body. */
        void events(int count) {
            if (events.addAndGet(count) > mostEvents && events.get() != count) {
                events.addAndGet(-count);
                throw overloaded();
            }
            heldEvents += count;
        }

        /** Gives everything back. */
        void release() {
            events.addAndGet(-heldEvents);
            bytes.addAndGet(-heldBytes);
            heldEvents = 0;
            heldBytes = 0;
        }
    }

    Permit permit() {
        return new Permit();
    }

    static Problem overloaded() {
        return Problem.unavailable("More events are waiting than may wait; nothing was stored, try again shortly");
    }
}
