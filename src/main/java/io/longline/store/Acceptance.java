package io.longline.store;

import java.util.Map;

/** What became of events that were to be accepted. */
public sealed interface Acceptance {
    /** They are committed, with all of their deliveries. */
    record Stored() implements Acceptance {}

    /**
     * Some have keys of their own that were used before, and were not stored again; the others are committed.
     *
     * @param answers what a repetition of these is answered, by their place
     */
    record StoredRest(Map<Integer, String> answers) implements Acceptance {
        public StoredRest {
            answers = Map.copyOf(answers);
        }
    }

    /** The idempotency key was used before for the same call; nothing was stored. */
    record Replayed(String answer) implements Acceptance {}

    /** The idempotency key was used before for another call; nothing was stored. */
    record KeyConflict() implements Acceptance {}
}
