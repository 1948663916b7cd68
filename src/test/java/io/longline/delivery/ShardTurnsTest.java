package io.longline.delivery;

import static io.longline.delivery.ShardSteps.endRound;
import static io.longline.delivery.ShardSteps.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slots are earned, and those that hang leave the rest room. */
class ShardTurnsTest {
    private static final int SLOTS = 16;
    private static final int HALF = SLOTS / 2;

    private final ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(SLOTS, 8, 64));

    @Test
    void e6_laneStartsWithFourSlots() {
        WebhookId webhook = world.webhook();

        world.accept(20, webhook);
        world.pump();

        assertThat(world.inFlight(webhook)).isEqualTo(4);
        assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(4);
    }

    @Test
    void e6_eachSuccessEarnsASlotUpToTheMostInFlight() {
        WebhookId webhook = world.webhook();
        world.accept(60, webhook);
        world.pump();

        for (int slots = 5; slots <= 12; slots++) {
            ShardSteps.endOldest(world, 1, ShardWorld.OK);
            assertThat(world.inFlight(webhook)).isEqualTo(Math.min(slots, 8));
        }
    }

    @Test
    void e6_webhooksOwnMostInFlightCountsBothBelowAndAboveTheDefault() {
        WebhookId low = world.webhook(builder -> builder.maxInFlight(2));
        WebhookId high = world.webhook(builder -> builder.maxInFlight(12));
        world.accept(40, low);
        world.pump();
        assertThat(world.inFlight(low)).isEqualTo(2);
        world.endAll(ShardWorld.OK);
        world.accept(40, high);
        world.pump();

        ShardSteps.endOldest(world, 20, ShardWorld.OK);

        assertThat(world.inFlight(high)).isEqualTo(12);
    }

    @Test
    void e6_mostInFlightThatIsLoweredHoldsForTheNextAttempts() {
        WebhookId webhook = world.webhook();
        world.accept(60, webhook);
        world.pump();
        ShardSteps.endOldest(world, 10, ShardWorld.OK);
        assertThat(world.inFlight(webhook)).isEqualTo(8);
        world.edit(webhook, change -> change.maxInFlight(3));
        world.pump();

        ShardSteps.endOldest(world, 5, ShardWorld.NOT_WANTED);
        assertThat(world.inFlight(webhook)).isEqualTo(3);
        ShardSteps.endOldest(world, 5, ShardWorld.NOT_WANTED);

        assertThat(world.inFlight(webhook)).isEqualTo(3);
    }

    @Test
    void e6_timeoutHalvesTheSlotsDownToOne() {
        WebhookId webhook = world.webhook();
        world.accept(60, webhook);
        world.pump();
        ShardSteps.endOldest(world, 4, ShardWorld.OK);
        assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(8);

        for (int slots : List.of(4, 2, 1, 1)) {
            ShardSteps.endOldest(world, 1, ShardWorld.TIMED_OUT);
            assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(slots);
        }
        ShardSteps.endOldest(world, 4, ShardWorld.ERROR);

        assertThat(world.inFlight(webhook)).isEqualTo(1);
        assertThat(world.lane(webhook).pace().slots().count())
                .as("an answer costs none")
                .isEqualTo(1);
    }

    @Test
    void e6_twentyWebhooksThatHangLeaveHalfOfTheSlotsToThoseThatAnswer() {
        List<WebhookId> healthy = List.of(world.webhook(), world.webhook());
        healthy.forEach(world::accept);
        world.pump();
        world.endAll(ShardWorld.OK);
        List<WebhookId> hanging = hang(20, 10);
        assertThat(world.flights).hasSize(HALF);

        world.accept(100, healthy.toArray(WebhookId[]::new));
        world.pump();
        int rounds = 0;
        while (inFlight(healthy) > 0) {
            rounds++;
            endHealthy(healthy);
            assertThat(inFlight(hanging)).as("attempts that hang").isEqualTo(HALF);
        }

        healthy.forEach(id -> assertThat(sentTo(world, id)).hasSize(101).doesNotHaveDuplicates());
        assertThat(rounds).as("eight at a time").isLessThanOrEqualTo(2 * 100 / HALF + 2);
    }

    /** Those that wait for a slot get one as those before them time out, in turn. */
    @Test
    void e6_webhooksThatHangTakeTurnsAmongThemselves() {
        List<WebhookId> hanging = hang(20, 10);

        for (int round = 0; round < 3; round++) {
            world.time.advance(30_000);
            List.copyOf(world.flights.keySet()).forEach(id -> world.end(id, ShardWorld.TIMED_OUT));
        }

        assertThat(hanging).allSatisfy(id -> assertThat(sentTo(world, id)).isNotEmpty());
        assertThat(world.flights.size()).isLessThanOrEqualTo(HALF);
    }

    /** Three could take all that is left to the unproven; a quarter is kept for those that have nothing under way. */
    @Test
    void e6_webhookThatIsNewIsNotShutOutByAFewThatHang() {
        hang(3, 50);
        WebhookId fresh = world.webhook();

        DeliveryId delivery = world.accept(fresh);
        world.pump();

        assertThat(world.flights).containsKey(delivery);
    }

    /** F8: however many hang, once that is known of them a quarter of the slots is not for them. */
    @Test
    void e6_webhookThatIsNewIsNotShutOutByManyThatAreKnownToHang() {
        hang(20, 50);
        for (int round = 0; round < 5; round++) {
            world.time.advance(30_000);
            List.copyOf(world.flights.keySet()).forEach(id -> world.end(id, ShardWorld.TIMED_OUT));
        }
        assertThat(world.flights).isNotEmpty();
        WebhookId fresh = world.webhook();

        DeliveryId delivery = world.accept(fresh);
        world.pump();

        assertThat(world.flights).containsKey(delivery);
    }

    /** It waited in line with those that hang, for as long as they did, after its first success as well. */
    @Test
    void e6_webhookThatAnswersForTheFirstTimeWaitsNoLongerWithThoseThatHang() {
        hang(6, 1);
        WebhookId fresh = world.webhook();
        List<DeliveryId> made = world.accept(20, fresh);
        world.pump();
        assertThat(world.inFlight(fresh)).isEqualTo(1);

        world.end(made.get(0), ShardWorld.OK);

        assertThat(world.inFlight(fresh)).isEqualTo(5);
    }

    @Test
    void e6_successVouchesForTenSecondsAndWhatHangsAfterwardsCountsAsUnproven() {
        WebhookId once = world.webhook();
        world.accept(30, once);
        world.pump();
        ShardSteps.endOldest(world, 4, ShardWorld.OK);
        assertThat(world.inFlight(once)).isEqualTo(8);
        WebhookId other = world.webhook();

        world.time.advance(10_001);
        world.shard.tick();
        world.accept(30, other);
        world.pump();

        assertThat(world.inFlight(other)).as("the half is taken").isZero();
        world.end(ShardSteps.oldest(world), ShardWorld.OK);
        assertThat(world.inFlight(other))
                .as("proven anew, the first no longer counts")
                .isPositive();
    }

    @Test
    void e6_webhooksThatAnswerTakeTurns() {
        WebhookId flooded = world.webhook();
        WebhookId calm = world.webhook();
        world.accept(1, flooded, calm);
        world.pump();
        world.endAll(ShardWorld.OK);
        world.accept(500, flooded);
        world.pump();

        DeliveryId one = world.accept(calm);
        world.pump();

        assertThat(world.flights).containsKey(one);
    }

    /** More proven webhooks than slots: one attempt a turn, so that each is served before any is served thrice. */
    @Test
    void e6_eachOfManyHasItsTurnBeforeAnyHasAThird() {
        List<WebhookId> many = new ArrayList<>();
        for (int index = 0; index < 40; index++) {
            WebhookId webhook = world.webhook(builder -> builder.maxInFlight(1));
            world.accept(webhook);
            world.pump();
            world.endAll(ShardWorld.OK);
            many.add(webhook);
        }
        int before = world.sent.size();
        many.forEach(id -> world.accept(20, id));
        world.pump();

        while (world.sent.size() < before + 80) {
            endRound(world, ShardWorld.OK);
        }

        List<Flight> first = world.sent.subList(before, before + 80);
        assertThat(many)
                .allSatisfy(id -> assertThat(first.stream()
                                .filter(flight -> flight.webhook().id().equals(id))
                                .count())
                        .isBetween(1L, 3L));
    }

    /** Results that the store has not taken are memory too. */
    @Test
    void e6_sendingStopsWhileTooManyResultsWaitForTheStore() {
        WebhookId webhook = world.webhook();
        world.accept(300, webhook);
        world.pump();

        while (!world.flights.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
            ShardSteps.answerReads(world);
        }

        assertThat(world.unwritten).hasSizeBetween(4 * SLOTS - 8, 4 * SLOTS + 8);
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(sentTo(world, webhook)).hasSize(300).doesNotHaveDuplicates();
        assertThat(world.shard.isQuiet()).isTrue();
    }

    /** Webhooks whose receivers take the request and say nothing. */
    private List<WebhookId> hang(int count, int deliveries) {
        List<WebhookId> hanging = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            hanging.add(world.webhook());
        }
        world.accept(deliveries, hanging.toArray(WebhookId[]::new));
        world.pump();
        return hanging;
    }

    private long inFlight(List<WebhookId> webhookIds) {
        return webhookIds.stream().mapToLong(world::inFlight).sum();
    }

    private void endHealthy(List<WebhookId> healthy) {
        world.advance(Duration.ofMillis(10));
        List.copyOf(world.flights.values()).stream()
                .filter(flight -> healthy.contains(flight.webhook().id()))
                .forEach(flight -> world.end(flight.delivery().id(), ShardWorld.OK));
    }
}
