package io.longline.delivery;

import io.longline.bus.PayloadMemory;
import io.longline.bus.SystemErrors;
import io.longline.config.Settings;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.policy.Circuit;
import io.longline.store.Store;
import io.longline.telemetry.Metrics;
import java.util.SplittableRandom;

/**
 * What every delivery verticle of a node is made of.
 *
 * @param chance decides the jitter
 * @param sealing whether secrets lie sealed in the store, so that no value of a webhook's own headers may stand there plain
 * @param version goes into the {@code User-Agent}
 */
public record DeliveryParts(
        Store store,
        TimeSource time,
        SplittableRandom chance,
        IdGenerator ids,
        PayloadMemory memory,
        SystemErrors errors,
        NameResolver names,
        Metrics metrics,
        Settings.Delivery settings,
        Circuit.Settings circuit,
        boolean sealing,
        String version) {
    /** The same parts with a source of chance of the shard's own, since that is for one thread. */
    public DeliveryParts forShard() {
        return new DeliveryParts(
                store, time, chance.split(), ids, memory, errors, names, metrics, settings, circuit, sealing, version);
    }

    /** Delivery verticles on this node. */
    int shards() {
        return settings.shards();
    }

    /** The share of the node's limits that each shard keeps to. */
    ShardSettings shardSettings() {
        return new ShardSettings(
                Math.max(1, settings.maxInFlight() / settings.shards()),
                settings.maxInFlightPerWebhook(),
                settings.window(),
                settings.maxAge(),
                settings.longestRest(),
                settings.disableAfter(),
                circuit);
    }
}
