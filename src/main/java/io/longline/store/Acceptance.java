package io.longline.store;

/** What became of events that were to be accepted. */
public sealed interface Acceptance {
    /** They are committed, with all of their deliveries. */
    record Stored() implements Acceptance {}

    /** The idempotency key was used before for the same call; nothing was stored. */
    record Replayed(String answer) implements Acceptance {}

    /** The idempotency key was used before for another call; nothing was stored. */
    record KeyConflict() implements Acceptance {}
}
