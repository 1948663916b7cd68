package io.longline.store.sql;

import io.longline.model.DeliveryId;
import io.longline.model.EventType;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Commit;
import io.longline.store.Operation.NewEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a transaction does beside its rows: what is to be reported, and what is to be counted. For one thread. */
public final class Effects {
    final Counted counted = new Counted();
    private final List<Webhook> webhooks = new ArrayList<>();
    private final List<Commit.Settled> settled = new ArrayList<>();
    private final List<Commit.Touched> reopened = new ArrayList<>();
    private final List<Commit.Touched> cancelled = new ArrayList<>();
    private final List<Commit.Made> made = new ArrayList<>();
    /** New deliveries, whatever they are to become, that are not in their webhooks' table yet. */
    final List<Commit.Touched> inserted = new ArrayList<>();

    private final List<WebhookId> circuits = new ArrayList<>();
    private final List<EventType> eventTypes = new ArrayList<>();
    private final Set<WebhookId> deleted = new HashSet<>();

    void webhook(Webhook webhook) {
        webhooks.add(webhook);
        if (webhook.isDeleted()) {
            deleted.add(webhook.id());
        }
    }

    void settled(WebhookId webhookId, DeliveryId deliveryId, @Nullable Long nextAttemptAtMillis) {
        settled.add(new Commit.Settled(webhookId, deliveryId, nextAttemptAtMillis));
    }

    void reopened(WebhookId webhookId, DeliveryId deliveryId) {
        reopened.add(new Commit.Touched(webhookId, deliveryId));
    }

    void cancelled(WebhookId webhookId, DeliveryId deliveryId) {
        cancelled.add(new Commit.Touched(webhookId, deliveryId));
    }

    void made(WebhookId webhookId, DeliveryId deliveryId, NewEvent event) {
        made.add(new Commit.Made(webhookId, deliveryId, event));
    }

    void inserted(WebhookId webhookId, DeliveryId deliveryId) {
        inserted.add(new Commit.Touched(webhookId, deliveryId));
    }

    void circuit(WebhookId webhookId) {
        circuits.add(webhookId);
    }

    void eventType(EventType type) {
        eventTypes.add(type);
    }

    boolean deletes(WebhookId webhookId) {
        return deleted.contains(webhookId);
    }

    /** The webhooks that are deleted once this is committed. */
    public Set<WebhookId> deleted() {
        return deleted;
    }

    /** A fresh one for an operation by itself, which still knows what this transaction has deleted. */
    public Effects own() {
        Effects own = new Effects();
        own.deleted.addAll(deleted);
        return own;
    }

    /** Takes over what another one gathered. */
    public void add(Effects other) {
        counted.add(other.counted);
        webhooks.addAll(other.webhooks);
        settled.addAll(other.settled);
        reopened.addAll(other.reopened);
        cancelled.addAll(other.cancelled);
        made.addAll(other.made);
        inserted.addAll(other.inserted);
        circuits.addAll(other.circuits);
        eventTypes.addAll(other.eventTypes);
        deleted.addAll(other.deleted);
    }

    /** What is to be reported. */
    public Commit commit() {
        return new Commit(webhooks, settled, reopened, cancelled, made, circuits, eventTypes);
    }
}
