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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Slots come free eight at once, of which the window can fill two with retries: each kind gets at least a fifth. */
    @ParameterizedTest
    @CsvSource({"300, 20", "20, 300", "300, 300"})
    void e5_floodOfEitherKindDoesNotStarveTheOther(int retries, int firsts) {
        ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(64, 8, 8));
        WebhookId webhook = world.webhook();
        world.accept(retries, webhook);
        world.pump();
        // Those that failed first must not come due before the last has failed.
        while (world.sent.size() < retries) {
            endRound(world, ShardWorld.ERROR);
        }
        endRound(world, ShardWorld.ERROR);
        assertThat(world.flights).isEmpty();
        world.edit(webhook, change -> change.paused(true));
        world.accept(firsts, webhook);
        world.pump();
        world.time.advance(10_000);
        int before = world.sent.size();

        world.edit(webhook, change -> change.paused(false));
        world.pump();
        int looked = Math.min(200, 4 * Math.min(retries, firsts) + 16);
        while (world.sent.size() < before + looked && !world.flights.isEmpty()) {
            endTogether(world);
        }

        List<Flight> sent = world.sent.subList(before, before + looked);
        long ofRetries =
                sent.stream().filter(flight -> flight.attemptNumber() == 2).count();
        assertThat(ofRetries).as("retries").isGreaterThanOrEqualTo(Math.min(retries, looked / 5));
        assertThat(looked - ofRetries).as("first attempts").isGreaterThanOrEqualTo(Math.min(firsts, looked / 5));
    }

    /** A read brings less than there are free slots, so that both kinds are wanted again whenever one returns. */
    @Test
    void e5_readsOfRetriesAndFirstAttemptsTakeTurns() {
        ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(64, 32, 4));
        WebhookId webhook = world.webhook();
        world.accept(100, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        world.accept(40, webhook);
        world.pump();
        while (!world.flights.isEmpty()) {
            endRound(world, ShardWorld.ERROR);
        }
        world.edit(webhook, change -> change.paused(true));
        world.accept(40, webhook);
        world.pump();
        world.time.advance(10_000);
        world.edit(webhook, change -> change.paused(false));
        deliverAll(world);

        StringBuilder kinds = new StringBuilder();
        while (world.flights.size() < 20 && !world.reads.isEmpty()) {
            kinds.append(world.reads.get(0).retries() ? 'r' : 'f');
            world.answer(world.reads.get(0));
        }

        assertThat(kinds.toString()).matches("f?(rf)+r?");
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

    /** Ends what is under way before any result is recorded, so that many slots come free at once. */
    private static void endTogether(ShardWorld world) {
        List.copyOf(world.flights.keySet()).forEach(id -> world.endOnly(id, ShardWorld.OK));
        world.pump();
    }
}
