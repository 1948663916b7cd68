package io.longline.store.sealed;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.security.Seal;
import io.longline.store.AccessQueries;
import io.longline.store.Backlog;
import io.longline.store.Commit;
import io.longline.store.EventTypeQueries;
import io.longline.store.Operation;
import io.longline.store.Queries;
import io.longline.store.ReplayQueries;
import io.longline.store.SourceQueries;
import io.longline.store.Store;
import io.longline.store.StoreSize;
import io.longline.store.WaitingDelivery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store in which secrets lie sealed: they are sealed on their way in and opened on their way out, so that neither the
 * store's own code nor anybody else's knows of it.
 */
public final class SealedStore implements Store {
    private final Store store;
    private final SealedWebhooks webhooks;
    private final Queries queries;
    private final SealedSources sources;

    public SealedStore(Store store, Seal seal) {
        this.store = store;
        this.webhooks = new SealedWebhooks(seal);
        this.queries = new SealedQueries(store.queries(), webhooks);
        this.sources = new SealedSources(store.sources(), seal);
    }

    @Override
    public void onCommit(CommitListener listener) {
        store.onCommit(commit -> listener.committed(open(commit)));
    }

    @Override
    public void onWrite(WriteListener listener) {
        store.onWrite(listener);
    }

    @Override
    public Future<StoreSize> size() {
        return store.size();
    }

    private Commit open(Commit commit) {
        return commit.webhooks().isEmpty()
                ? commit
                : new Commit(
                        commit.webhooks().stream().map(webhooks::open).toList(),
                        commit.settled(),
                        commit.reopened(),
                        commit.cancelled(),
                        commit.made(),
                        commit.circuits(),
                        commit.eventTypes());
    }

    @Override
    public <R> Future<R> write(Operation<R> operation) {
        return store.write(sealing(operation)).map(this::opened);
    }

    // The operation that goes in and the one that comes out answer the same type.
    @SuppressWarnings("unchecked")
    private <R> Operation<R> sealing(Operation<R> operation) {
        if (operation instanceof Operation.CreateWebhook create) {
            return (Operation<R>) new Operation.CreateWebhook(webhooks.seal(create.webhook()));
        }
        if (operation instanceof Operation.SaveWebhook save) {
            return (Operation<R>) new Operation.SaveWebhook(webhooks.seal(save.webhook()), save.ifVersion());
        }
        if (operation instanceof Operation.CreateSource create) {
            return (Operation<R>) new Operation.CreateSource(sources.seal(create.source()));
        }
        if (operation instanceof Operation.SaveSourceSecret save) {
            return (Operation<R>) new Operation.SaveSourceSecret(sources.seal(save.source()));
        }
        if (operation instanceof Operation.ChangeAll all) {
            List<Operation<?>> sealed = new ArrayList<>(all.changes().size());
            all.changes().forEach(change -> sealed.add(sealing(change)));
            return (Operation<R>) new Operation.ChangeAll(sealed);
        }
        return operation;
    }

    @SuppressWarnings("unchecked")
    private <R> R opened(R answer) {
        return answer instanceof Webhook webhook ? (R) webhooks.open(webhook) : answer;
    }

    @Override
    public boolean isWritable() {
        return store.isWritable();
    }

    @Override
    public Queries queries() {
        return queries;
    }

    @Override
    public AccessQueries access() {
        return store.access();
    }

    @Override
    public SourceQueries sources() {
        return sources;
    }

    @Override
    public EventTypeQueries eventTypes() {
        return store.eventTypes();
    }

    @Override
    public ReplayQueries replays() {
        return store.replays();
    }

    @Override
    public Future<List<Webhook>> registeredWebhooks() {
        return store.registeredWebhooks()
                .map(stored -> stored.stream().map(webhooks::open).toList());
    }

    @Override
    public Future<List<WaitingDelivery>> firstAttempts(WebhookId webhookId, int limit) {
        return store.firstAttempts(webhookId, limit);
    }

    @Override
    public Future<List<WaitingDelivery>> retries(WebhookId webhookId, int limit) {
        return store.retries(webhookId, limit);
    }

    @Override
    public Future<Map<WebhookId, Backlog>> backlogs(Collection<WebhookId> webhookIds) {
        return store.backlogs(webhookIds);
    }

    @Override
    public Future<Map<EventId, Payload>> payloads(Collection<EventId> eventIds) {
        return store.payloads(eventIds);
    }

    @Override
    public Future<Optional<WebhookId>> webhookOf(DeliveryId deliveryId) {
        return store.webhookOf(deliveryId);
    }

    @Override
    public Future<String> identity() {
        return store.identity();
    }

    @Override
    public Future<Void> close() {
        return store.close();
    }
}
