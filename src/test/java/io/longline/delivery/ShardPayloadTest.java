package io.longline.delivery;

import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.PayloadMemory.Share;
import io.longline.model.DeliveryId;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads in memory are shared, bounded, and given back. */
class ShardPayloadTest {
    private static final int BYTES = ShardWorld.PAYLOAD_BYTES;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 10, 1_000})
    void e5_payloadMemoryIsBoundedAndGivenBack(int payloads) {
        ShardWorld world = new ShardWorld(ShardWorld.SETTINGS, (long) payloads * BYTES);
        WebhookId webhook = world.webhook();
        // The one delivery that a shard without any may always load goes past a bound that is too small for it.
        long most = Math.max(1, payloads) * BYTES;
        world.watcher = flight -> assertThat(world.memory.held()).isBetween((long) BYTES, most);

        List<DeliveryId> made = world.accept(60, webhook);
        world.pump();
        while (!world.flights.isEmpty()) {
            ShardSteps.endOldest(world, 1, ShardWorld.OK);
            assertThat(world.memory.held()).isBetween(0L, most);
        }

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
        assertThat(world.memory.held()).isZero();
    }

    /** Room for eight: a quarter of it for those that wait, another for a lane that has not answered yet. */
    @Test
    void e5_deliveryBeyondTheBoundWaitsForASlotAndIsSentWithoutItsPayload() {
        ShardWorld world = new ShardWorld(ShardWorld.SETTINGS, 8 * BYTES);
        WebhookId webhook = world.webhook();

        List<DeliveryId> made = world.accept(6, webhook);
        world.pump();

        assertThat(sentIds(world)).as("slots for four, memory for three").containsExactlyElementsOf(made.subList(0, 3));
        assertThat(world.flights.get(made.get(0)).payload()).isNotNull();
        assertThat(world.flights.get(made.get(1)).payload()).isNotNull();
        assertThat(world.flights.get(made.get(2)).payload()).isNull();
        world.end(made.get(0), ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyElementsOf(made);
        assertThat(world.flights.get(made.get(3)).payload()).isNull();
        assertThat(world.memory.held()).isEqualTo(5 * BYTES);
    }

    @Test
    void e5_deliveryWithinTheBoundIsSentWithItsPayload() {
        ShardWorld world = new ShardWorld();
        DeliveryId delivery = world.accept(world.webhook());

        world.pump();

        assertThat(world.flights.get(delivery).payload()).isNotNull();
        assertThat(world.flights.get(delivery).payload().payload())
                .isEqualTo(world.store.rows.get(delivery).event.payload());
    }

    /** Read from the store, a delivery has no payload; whether it is there by a message or a read makes no difference. */
    @Test
    void e5_retryIsSentWithoutItsPayloadAndCountsAgainstTheBoundAllTheSame() {
        ShardWorld world = new ShardWorld();
        DeliveryId delivery = world.accept(world.webhook());
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        assertThat(world.memory.held()).isZero();

        world.advance(Duration.ofSeconds(6));

        assertThat(world.flights.get(delivery).payload()).isNull();
        assertThat(world.memory.held()).isEqualTo(BYTES);
        world.end(delivery, ShardWorld.OK);
        assertThat(world.memory.held()).isZero();
    }

    @Test
    void e5_payloadIsCountedOnceForAllDeliveriesOfItsEvent() {
        ShardWorld world = new ShardWorld();

        List<DeliveryId> made = world.accept(1, world.webhook(), world.webhook(), world.webhook());
        world.pump();

        assertThat(world.flights).containsOnlyKeys(made);
        assertThat(world.memory.held()).isEqualTo(BYTES);
        world.end(made.get(1), ShardWorld.OK);
        world.end(made.get(0), ShardWorld.ERROR);
        assertThat(world.memory.held()).isEqualTo(BYTES);
        world.end(made.get(2), ShardWorld.OK);
        assertThat(world.memory.held()).isZero();
    }

    /** The node's other shards take from the same memory. */
    @Test
    void e5_memoryThatIsGivenBackElsewhereIsUsedAtTheNextTick() {
        ShardWorld world = new ShardWorld(ShardWorld.SETTINGS, 40 * BYTES);
        world.memory.reserveAnyway(31 * BYTES, Share.PROVEN);
        WebhookId webhook = world.webhook();
        world.memory.reserveAnyway(9 * BYTES, Share.UNPROVEN);
        List<DeliveryId> made = world.accept(4, webhook);
        world.pump();
        assertThat(world.flights).hasSize(1);

        world.memory.release(9 * BYTES, Share.UNPROVEN);
        world.shard.tick();

        assertThat(world.flights).containsOnlyKeys(made);
    }

    @Test
    void e5_laneThatWaitsForMemoryKeepsItsTurn() {
        ShardWorld world = new ShardWorld(ShardWorld.SETTINGS, BYTES);
        DeliveryId holds = world.accept(world.webhook());
        world.pump();
        DeliveryId next = world.accept(world.webhook());
        world.pump();
        DeliveryId last = world.accept(world.webhook());
        world.pump();
        assertThat(world.flights).containsOnlyKeys(holds);

        world.end(holds, ShardWorld.OK);
        world.end(next, ShardWorld.OK);

        assertThat(sentIds(world)).containsExactly(holds, next, last);
    }

    @Test
    void e5_heldWebhookHoldsNoPayloads() {
        ShardWorld world = new ShardWorld();
        WebhookId webhook = world.webhook();
        world.accept(12, webhook);
        world.pump();
        assertThat(world.memory.held()).isEqualTo(12 * BYTES);

        world.edit(webhook, change -> change.paused(true));
        world.pump();

        assertThat(world.memory.held()).as("the four in flight").isEqualTo(4 * BYTES);
    }
}
