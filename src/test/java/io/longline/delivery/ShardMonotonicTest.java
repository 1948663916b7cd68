package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.WebhookId;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The monotonic clock counts from anywhere, below zero as well. */
class ShardMonotonicTest {
    @ParameterizedTest
    @ValueSource(longs = {-9_000_000_000_000L, -1_000_000, -1, 0, 1, 9_000_000_000_000L})
    void e18_firstDeliveryIsSentAtOnceWhereverTheMonotonicClockBegan(long start) {
        ShardWorld world = new ShardWorld(
                ShardWorld.SETTINGS,
                ShardWorld.MEMORY_BYTES,
                new ManualTime(start),
                new StoreModel(),
                new SplittableRandom(1));
        DeliveryId delivery = world.accept(world.webhook());

        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @ParameterizedTest
    @ValueSource(longs = {-9_000_000_000_000L, -1_000_000, -1, 0, 1, 9_000_000_000_000L})
    void e18_backlogIsReadAtOnceWhereverTheMonotonicClockBegan(long start) {
        ShardWorld world = new ShardWorld(
                ShardWorld.SETTINGS,
                ShardWorld.MEMORY_BYTES,
                new ManualTime(start),
                new StoreModel(),
                new SplittableRandom(1));
        WebhookId webhook = world.webhook();
        world.accept(3, webhook);
        ShardWorld next = world.restarted();

        next.sweep();

        assertThat(next.flights).hasSize(3);
    }
}
