package io.longline.bus;

import io.longline.model.WebhookId;

/** The addresses on the event bus. */
public final class Addresses {
    /** Where {@link Request.ToDispatcher} and {@link WebhooksChanged} go. */
    public static final String EVENTS = "longline.events";

    private static final String DELIVERIES = "longline.deliveries.";

    private Addresses() {}

    /** Where {@link Request.ToShard} and {@link ShardCommit} of a shard go. */
    public static String deliveries(int shard) {
        return DELIVERIES + shard;
    }

    /** The shard that a webhook always lives on. */
    public static int shardOf(WebhookId webhookId, int shards) {
        return Math.floorMod(webhookId.value().hashCode(), shards);
    }
}
