package io.longline.dispatch;

import io.longline.bus.Addresses;
import io.longline.bus.PayloadMemory;
import io.longline.bus.ShardCommit;
import io.longline.bus.SharedPayload;
import io.longline.bus.WebhooksChanged;
import io.longline.model.EventId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Commit;
import io.longline.store.Store.CommitListener;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands each commit on: to every shard that it did something for, one message with all of it; to the dispatcher, the
 * webhooks that it changed. Called on the store's thread, in the order of the commits, which is the order of the messages.
 */
public final class CommitRouter implements CommitListener {
    /** Webhooks in one message: the dispatcher compiles their filters, and must not be kept by thousands of them. */
    private static final int MOST_AT_ONCE = 200;

    private final EventBus bus;
    private final PayloadMemory memory;
    private final int shards;

    public CommitRouter(EventBus bus, PayloadMemory memory, int shards) {
        this.bus = bus;
        this.memory = memory;
        this.shards = shards;
    }

    @Override
    public void committed(Commit commit) {
        List<Webhook> changed = List.copyOf(commit.webhooks());
        for (int from = 0; from < changed.size(); from += MOST_AT_ONCE) {
            int to = Math.min(changed.size(), from + MOST_AT_ONCE);
            bus.send(Addresses.EVENTS, new WebhooksChanged(changed.subList(from, to)));
        }
        Map<Integer, ShardCommit> messages = new TreeMap<>();
        for (Webhook webhook : commit.webhooks()) {
            of(messages, webhook.id()).webhooks().add(webhook);
        }
        for (Commit.Settled settled : commit.settled()) {
            of(messages, settled.webhookId()).settled().add(settled);
        }
        for (Commit.Touched touched : commit.reopened()) {
            of(messages, touched.webhookId()).reopened().add(touched);
        }
        for (Commit.Touched touched : commit.cancelled()) {
            of(messages, touched.webhookId()).cancelled().add(touched);
        }
        Map<EventId, SharedPayload> payloads = new HashMap<>();
        for (Commit.Made made : commit.made()) {
            SharedPayload payload = payloads.computeIfAbsent(
                    made.eventId(), id -> new SharedPayload(made.event().payload(), memory));
            of(messages, made.webhookId()).made().add(new ShardCommit.NewDelivery(made, payload));
        }
        messages.forEach((shard, message) -> bus.send(Addresses.deliveries(shard), message));
    }

    private ShardCommit of(Map<Integer, ShardCommit> messages, WebhookId webhookId) {
        return messages.computeIfAbsent(
                Addresses.shardOf(webhookId, shards),
                shard -> new ShardCommit(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }
}
