package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.endRound;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.RetryPolicy;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lane holds a bounded number of due deliveries in memory; the store holds the rest. */
class ShardWindowTest {
    private static final int MANY = 10_000;

    @Test
    void e5_windowNeverHoldsMoreThanItsBoundWithTenThousandWaiting() {
        ShardWorld world = new ShardWorld(ShardWorld.settings(16, 8, 64));
        WebhookId webhook = world.webhook();
        world.watcher = flight -> assertThat(world.lane(webhook).waitingCount()).isLessThanOrEqualTo(64);

        List<DeliveryId> made = world.accept(MANY, webhook);
        while (!world.messages.isEmpty()) {
            world.deliver();
            assertThat(world.lane(webhook).waitingCount()).isLessThanOrEqualTo(64);
        }
        while (!world.flights.isEmpty()) {
            endRound(world, ShardWorld.OK);
            assertThat(world.lane(webhook).waitingCount()).isLessThanOrEqualTo(64);
        }

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
        assertThat(world.readsBegun).as("half a window at a time at least").isLessThan(MANY / 20);
    }

    /** What a read asks for goes by what there is room for, not by what waits. */
    @Test
    void e5_readsAskForNoMoreThanTheWindowAndWhatIsUnderWay() {
        ShardWorld world = new ShardWorld();
        WebhookId webhook = world.webhook();
        world.accept(500, webhook);
        deliverAll(world);

        for (int round = 0; round < 100; round++) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
            world.write();
            deliverAll(world);
            world.reads.forEach(read -> assertThat(read.limit()).isBetween(1, 16 + 8 + 1));
            ShardSteps.answerReads(world);
        }

        assertThat(world.readsBegun).isPositive();
    }

    @Test
    void e5_failedDeliveryLeavesTheWindowAndIsReadWhenDue() {
        ShardWorld world = new ShardWorld();
        WebhookId webhook = world.webhook();
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        world.end(delivery, ShardWorld.ERROR);

        long dueAt = world.store.rows.get(delivery).nextAttemptAt;
        assertThat(dueAt - world.time.wallMillis()).isBetween(5_000L, 5_500L);
        assertThat(world.lane(webhook).waitingCount()).isZero();
        assertThat(world.lane(webhook).isIdle()).isTrue();
        assertThat(world.lane(webhook).nextRetryAtWall()).isEqualTo(dueAt);
        int readsBefore = world.readsBegun;
        world.advance(Duration.ofMillis(dueAt - world.time.wallMillis() - 1));
        assertThat(world.flights).isEmpty();
        assertThat(world.readsBegun).isEqualTo(readsBefore);
        world.advance(Duration.ofMillis(1));
        assertThat(world.flights).containsOnlyKeys(delivery);
        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(2);
    }

    /** The later of two is not forgotten when the earlier is read. */
    @Test
    void e5_eachFailedDeliveryIsSentAtItsOwnTime() {
        ShardWorld world = new ShardWorld();
        WebhookId webhook = world.webhook(
                builder -> builder.retry(new RetryPolicy(0, Duration.ZERO, List.of(Duration.ofMinutes(10)))));
        DeliveryId early = world.accept(webhook);
        world.pump();
        world.end(early, ShardWorld.ERROR);
        world.advance(Duration.ofMinutes(5));
        DeliveryId late = world.accept(webhook);
        world.pump();
        world.end(late, ShardWorld.ERROR);

        long earlyAt = world.store.rows.get(early).nextAttemptAt;
        long lateAt = world.store.rows.get(late).nextAttemptAt;
        world.advance(Duration.ofMillis(earlyAt - world.time.wallMillis()));
        assertThat(world.flights).containsOnlyKeys(early);
        world.end(early, ShardWorld.OK);
        world.advance(Duration.ofMillis(lateAt - world.time.wallMillis() - 1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));
        assertThat(world.flights).containsOnlyKeys(late);
    }

    /** Deliveries that were under way when a read was asked for are recorded before the store looks. */
    @Test
    void e5_readThatBringsMoreThanThereIsRoomForFillsTheWindowAndNoMore() {
        ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(8, 8, 16));
        WebhookId webhook = world.webhook();
        List<DeliveryId> made = world.accept(60, webhook);
        deliverAll(world);
        while (world.reads.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }
        while (!world.flights.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.TIMED_OUT);
        }
        world.write();
        deliverAll(world);
        ShardWorld.Read asked = world.reads.remove(0);
        ShardWorld.Read late = world.read(webhook, false, asked.limit());
        assertThat(late.rows()).hasSizeGreaterThan(12 + 8);
        world.reads.add(late);

        world.answer(late);

        assertThat(world.lane(webhook).waitingCount()).isLessThanOrEqualTo(12);
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofSeconds(6));
        world.endAll(ShardWorld.OK);
        assertThat(made).allSatisfy(id -> assertThat(world.status(id)).isEqualTo(DeliveryStatus.SUCCEEDED));
    }

    @Test
    void e5_windowKeepsWithinItsBoundWhenEverythingFails() {
        ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(16, 8, 16));
        WebhookId webhook = world.webhook();
        world.watcher = flight -> assertThat(world.lane(webhook).waitingCount()).isLessThanOrEqualTo(16);
        List<DeliveryId> made = world.accept(200, webhook);
        world.pump();

        for (int attempt = 0; attempt < 4; attempt++) {
            world.endAll(ShardWorld.ERROR);
            world.advance(Duration.ofMinutes(1));
        }
        world.endAll(ShardWorld.ERROR);

        assertThat(made).allSatisfy(id -> assertThat(world.status(id)).isEqualTo(DeliveryStatus.FAILED));
        assertThat(world.sent).hasSize(made.size() * 4);
        assertThat(world.lane(webhook).isIdle()).isTrue();
    }
}
