package io.longline.store;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Durable storage. Everything written goes through {@link #write} and is durable when its future succeeds; what could
 * not be written fails with {@link StoreUnavailableException} when the store itself is at fault, and with another
 * exception when the operation is. Reads see a state of some commit. Methods may be called from any thread; futures
 * complete on the caller's context.
 */
public interface Store {
    /** Hears of every commit, in order, on a thread of the store's; must not block. */
    @FunctionalInterface
    interface CommitListener {
        void committed(Commit commit);
    }

    /** Hears of every transaction, how many operations it had and how long it took; on a thread of the store's. */
    @FunctionalInterface
    interface WriteListener {
        void wrote(int operations, long nanos);
    }

    /** Tells a listener of every later commit. To be called before anything is written. */
    void onCommit(CommitListener listener);

    /** Has transactions measured. To be called before anything is written. */
    void onWrite(WriteListener listener);

    /** How much room the store takes now. */
    Future<StoreSize> size();

    /** Writes an operation in a commit shared with whatever else waits. */
    <R> Future<R> write(Operation<R> operation);

    /** Whether the last commit went well, so that a write now is likely to. */
    boolean isWritable();

    /** What the API and the dashboard ask. */
    Queries queries();

    /** Who may call, and what was done. */
    AccessQueries access();

    /** Whose calls become events. */
    SourceQueries sources();

    /** The catalogue of event types. */
    EventTypeQueries eventTypes();

    /** What is delivered again. */
    ReplayQueries replays();

    /** Every webhook that is not deleted. */
    Future<List<Webhook>> registeredWebhooks();

    /** Waiting deliveries of one webhook that were never attempted, oldest first. */
    Future<List<WaitingDelivery>> firstAttempts(WebhookId webhookId, int limit);

    /** Waiting deliveries of one webhook that were attempted before, earliest due first, due or not. */
    Future<List<WaitingDelivery>> retries(WebhookId webhookId, int limit);

    /** What waits for each of the webhooks; one index seek each. Webhooks for which nothing waits are left out. */
    Future<Map<WebhookId, Backlog>> backlogs(Collection<WebhookId> webhookIds);

    /** The payloads of events; those that are no longer there are left out. */
    Future<Map<EventId, Payload>> payloads(Collection<EventId> eventIds);

    /** The webhook that a delivery goes to. */
    Future<Optional<WebhookId>> webhookOf(DeliveryId deliveryId);

    /** What tells this store from every other: made with it, and the same ever after. */
    Future<String> identity();

    /** Writes what waits, then lets go of everything. */
    Future<Void> close();
}
