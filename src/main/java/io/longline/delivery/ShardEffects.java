package io.longline.delivery;

import io.longline.model.Outcome;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;

/** What a shard has done for it: everything that touches the world. Called on the shard's thread; none may block. */
interface ShardEffects {
    /** Whether an attempt has to wait for a host name to be looked up; then {@link Shard#lookedUp} tells of its end. */
    boolean mustLookUp(Webhook webhook);

    /** Make an attempt; ends with {@link Shard#answered} or {@link Shard#notSent}. */
    void send(Flight flight);

    /** Read a lane's first attempts; ends with {@link Shard#refilled} or {@link Shard#refillFailed}. */
    void readFirstAttempts(WebhookId webhookId, int limit);

    /** Read a lane's retries; ends with {@link Shard#refilled} or {@link Shard#refillFailed}. */
    void readRetries(WebhookId webhookId, int limit);

    /** Have a result written; what came of it arrives as a commit. */
    void record(Flight flight, Outcome outcome, Operation.RecordAttempt result);

    /** Have deliveries fail that waited too long; what came of it arrives as a commit. */
    void expire(Operation.ExpireDeliveries expired);

    /** A webhook's circuit moved: to be stored, and told of. */
    void circuitMoved(CircuitMove move);

    /** A webhook has failed for half of the time that disables it: to be told of. */
    void failingForLong(Flight flight);

    /** Call {@link Shard#wake} after so many milliseconds, and not at any earlier time asked for before. */
    void wakeIn(long millis);
}
