package io.longline.bus;

import io.longline.model.Webhook;
import io.longline.store.Commit;
import java.util.List;

/**
 * All that one commit did for one shard; the messages come in the order of the commits.
 *
 * @param made new deliveries, each with the payload that its event's deliveries share
 */
public record ShardCommit(
        List<Webhook> webhooks,
        List<Commit.Settled> settled,
        List<Commit.Touched> reopened,
        List<Commit.Touched> cancelled,
        List<NewDelivery> made)
        implements LocalMessage {
    /** A new delivery, and the payload that may be held for it. */
    public record NewDelivery(Commit.Made delivery, SharedPayload payload) {}
}
