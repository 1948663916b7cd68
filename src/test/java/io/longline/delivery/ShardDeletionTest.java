package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A deleted webhook's lane is emptied at once and goes when its last attempt is settled. */
class ShardDeletionTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    @Test
    void e10_windowIsEmptiedAtOnceAndNothingElseIsSent() {
        world.accept(40, webhook);
        world.pump();

        delete();

        assertThat(world.lane(webhook).waitingCount()).isZero();
        assertThat(world.memory.held()).as("the four in flight").isEqualTo(4 * ShardWorld.PAYLOAD_BYTES);
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofHours(1));
        world.sweep();
        assertThat(world.sent).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 410, 500, 503})
    void e10_everythingInFlightIsSettledAndOnlyThenTheLaneIsDropped(int status) {
        world.accept(40, webhook);
        world.pump();
        delete();
        List<DeliveryId> inFlight = List.copyOf(world.flights.keySet());

        inFlight.forEach(id -> world.endOnly(id, new Outcome.Answered(status, Duration.ofSeconds(5))));
        assertThat(world.lane(webhook)).as("results are not yet recorded").isNotNull();
        assertThat(world.shard.isQuiet()).isFalse();
        world.pump();

        assertThat(world.lane(webhook)).isNull();
        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.memory.held()).isZero();
        assertThat(inFlight)
                .allSatisfy(id -> assertThat(world.store.rows.get(id).attempts).isEqualTo(1));
    }

    @Test
    void e10_laneWithoutAnythingUnderWayIsDroppedAtOnce() {
        world.accept(3, webhook);
        world.pump();
        world.endAll(ShardWorld.ERROR);

        delete();

        assertThat(world.lane(webhook)).isNull();
        assertThat(world.shard.lanesToSweep()).isEmpty();
    }

    @Test
    void e10_readThatReturnsAfterwardsBringsNothingBack() {
        world.accept(40, webhook);
        deliverAll(world);
        while (world.reads.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }
        int sent = world.sent.size();
        world.commit(new Operation.DeleteWebhook(webhook, world.time.source().now()));
        deliverAll(world);

        ShardSteps.answerReads(world);
        world.endAll(ShardWorld.OK);
        world.pump();

        assertThat(world.sent).hasSize(sent);
        assertThat(world.lane(webhook)).isNull();
        assertThat(world.shard.isQuiet()).isTrue();
    }

    @Test
    void e10_refusedResultOfADeletedWebhookDropsItsLaneToo() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        delete();
        world.endOnly(delivery, ShardWorld.OK);
        world.unwritten.clear();

        world.shard.recordRefused(webhook, delivery);

        assertThat(world.lane(webhook)).isNull();
        assertThat(world.shard.isQuiet()).isTrue();
    }

    /** Messages and looks that were under way find no lane. */
    @Test
    void e10_whatComesLateForALaneThatIsGoneChangesNothing() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        List<WebhookId> lanes = world.shard.lanesToSweep();
        world.shard.sweep(lanes);
        var found = world.store.backlogs(lanes);
        delete();

        world.shard.swept(lanes, found);
        world.shard.refillFailed(webhook);
        world.advance(Duration.ofHours(1));
        world.shard.tick();

        assertThat(world.lane(webhook)).isNull();
        assertThat(world.sent).hasSize(1);
        assertThat(world.shard.isBusyWith(webhook, delivery)).isFalse();
    }

    @Test
    void e10_slotsOfADeletedWebhookGoToOthers() {
        ShardWorld small = new ShardWorld(ShardWorld.withoutCircuits(2, 8, 16));
        WebhookId first = small.webhook();
        WebhookId second = small.webhook();
        small.accept(10, first);
        small.pump();
        small.accept(3, second);
        small.pump();
        small.commit(new Operation.DeleteWebhook(first, small.time.source().now()));
        small.pump();

        small.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentTo(small, first)).hasSize(1);
        assertThat(ShardSteps.sentTo(small, second)).hasSize(3);
    }

    private void delete() {
        world.commit(new Operation.DeleteWebhook(webhook, world.time.source().now()));
        world.pump();
    }
}
