package io.longline.api;

/** Whether the server is about to stop. Safe for use by several threads. */
public final class ServerState {
    private volatile boolean draining;

    /** From now on nothing new is taken in. */
    public void drain() {
        draining = true;
    }

    /** Whether nothing new is taken in. */
    public boolean isDraining() {
        return draining;
    }
}
