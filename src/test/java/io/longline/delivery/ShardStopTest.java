package io.longline.delivery;

import static io.longline.delivery.ShardSteps.oldest;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard that drains begins nothing and waits for what it began. */
class ShardStopTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    @Test
    void f14_nothingNewBeginsOnceItStops() {
        List<DeliveryId> made = world.accept(40, webhook);
        world.pump();
        world.end(made.get(0), ShardWorld.ERROR);
        int sent = world.sent.size();
        int reads = world.readsBegun;

        world.shard.stop();
        world.accept(3, webhook);
        WebhookId fresh = world.webhook();
        world.accept(fresh);
        world.edit(webhook, change -> change.url("http://two.example/"));
        world.retryByHand(made.get(0));
        world.pump();
        world.advance(Duration.ofMinutes(1));
        world.shard.tick();
        world.sweep();
        world.endAll(ShardWorld.OK);
        world.shard.wake();

        assertThat(world.sent).hasSize(sent);
        assertThat(world.readsBegun).isEqualTo(reads);
        assertThat(world.shard.inFlight()).isZero();
    }

    /** Lanes stand in line for the slots that come free as attempts end. */
    @Test
    void f14_laneThatStandsInLineGetsNoTurnOnceItStops() {
        ShardWorld full = new ShardWorld(ShardWorld.withoutCircuits(2, 8, 16));
        for (int index = 0; index < 4; index++) {
            full.accept(5, full.webhook());
            full.pump();
        }
        int sent = full.sent.size();

        full.shard.stop();
        full.endAll(ShardWorld.OK);
        full.shard.tick();

        assertThat(full.sent).hasSize(sent);
        assertThat(full.shard.isQuiet()).isTrue();
    }

    @Test
    void f14_itIsQuietOnlyAfterEveryResultIsRecorded() {
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();
        world.shard.stop();
        assertThat(world.shard.isQuiet()).isFalse();

        world.endOnly(made.get(0), ShardWorld.OK);
        world.endOnly(made.get(1), ShardWorld.ERROR);
        assertThat(world.shard.inFlight()).isZero();
        assertThat(world.shard.isQuiet()).as("results are not yet recorded").isFalse();
        world.write();
        assertThat(world.shard.isQuiet()).as("the shard has not heard of it").isFalse();
        world.pump();

        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.status(made.get(0))).isEqualTo(DeliveryStatus.SUCCEEDED);
        assertThat(world.status(made.get(1))).isEqualTo(DeliveryStatus.PENDING);
    }

    @Test
    void f14_refusedResultCountsAsSettled() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.shard.stop();
        world.endOnly(delivery, ShardWorld.OK);
        world.unwritten.clear();

        world.shard.recordRefused(webhook, delivery);

        assertThat(world.shard.isQuiet()).isTrue();
    }

    @Test
    void f14_attemptThatCouldNotBeMadeDoesNotKeepItFromBecomingQuiet() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.shard.stop();

        world.notSent(delivery);
        world.advance(Duration.ofMinutes(1));

        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.flights).isEmpty();
    }

    @Test
    void f14_whatAStopLeavesIsSentAfterTheNextStart() {
        List<DeliveryId> made = world.accept(40, webhook);
        world.pump();
        world.shard.stop();
        world.endAll(ShardWorld.OK);
        int sent = world.sent.size();
        assertThat(sent).isEqualTo(4);

        ShardWorld next = world.restarted();
        next.sweep();
        next.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentIds(next)).containsExactlyElementsOf(made.subList(sent, made.size()));
    }

    @Test
    void f14_idleShardIsQuietAtOnce() {
        world.accept(webhook);
        world.pump();
        world.end(oldest(world), ShardWorld.OK);

        world.shard.stop();

        assertThat(world.shard.isQuiet()).isTrue();
    }
}
