package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.WebhookId;
import io.longline.store.Backlog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The store is the truth: a sweep finds whatever memory forgot, a restart above all. */
class ShardSweepTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    @Test
    void f1_everyPendingRowIsSentAfterTheFirstSweepOfARestart() {
        List<DeliveryId> made = new ArrayList<>(world.accept(60, webhook));
        world.pump();
        ShardSteps.endOldest(world, 5, ShardWorld.ERROR);
        world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        made.addAll(world.accept(3, webhook));

        ShardWorld next = world.restarted();
        assertThat(next.lane(webhook).isAwaitingFirstSweep()).isTrue();
        assertThat(next.sent).isEmpty();
        assertThat(next.readsBegun).isZero();
        next.sweep();
        assertThat(next.flights).isNotEmpty();
        next.endAll(ShardWorld.OK);
        next.advance(Duration.ofSeconds(6));
        next.endAll(ShardWorld.OK);

        assertThat(sentIds(next)).containsExactlyInAnyOrderElementsOf(made);
        assertThat(next.store.rows.values()).allMatch(row -> row.status == DeliveryStatus.SUCCEEDED);
        assertThat(next.lane(webhook).isBehind()).isFalse();
    }

    @Test
    void e9_circuitThatAnEarlierProcessLeftOpenIsClosedWhenCircuitsAreSwitchedOff() {
        world.accept(30, webhook);
        world.pump();
        ShardSteps.endOldest(world, 10, ShardWorld.ERROR);
        assertThat(world.store.webhooks.get(webhook).circuit()).isEqualTo(CircuitStatus.OPEN);
        ShardWorld next = new ShardWorld(
                ShardWorld.withoutCircuits(16, 8, 16),
                ShardWorld.MEMORY_BYTES,
                world.time,
                world.store,
                new SplittableRandom(1));
        next.shard.begin(world.store.registeredWebhooks());

        next.sweep();

        assertThat(next.flights).hasSize(4);
        assertThat(next.flights.values()).noneMatch(Flight::probe);
    }

    /** What comes between the start and the first sweep is behind what an earlier process left. */
    @Test
    void f1_deliveryMadeBeforeTheFirstSweepIsSentOnceAfterIt() {
        List<DeliveryId> made = new ArrayList<>(world.accept(20, webhook));
        ShardWorld next = world.restarted();

        made.addAll(next.accept(5, webhook));
        next.pump();
        assertThat(next.sent).isEmpty();
        next.sweep();
        next.endAll(ShardWorld.OK);

        assertThat(sentIds(next)).containsExactlyElementsOf(made);
    }

    @Test
    void f1_retryThatIsDueLaterWaitsForItsTimeAfterARestart() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        long dueAt = world.store.rows.get(delivery).nextAttemptAt;

        ShardWorld next = world.restarted();
        next.sweep();
        next.advance(Duration.ofMillis(dueAt - next.time.wallMillis() - 1));
        assertThat(next.flights).isEmpty();
        next.advance(Duration.ofMillis(1));

        assertThat(next.flights).containsOnlyKeys(delivery);
        assertThat(next.flights.get(delivery).attemptNumber()).isEqualTo(2);
    }

    /** The first look failed; the next comes later. */
    @Test
    void f1_sweepThatNeverReturnedIsMadeUpForByTheNext() {
        List<DeliveryId> made = world.accept(20, webhook);
        ShardWorld next = world.restarted();
        next.shard.sweep(next.shard.lanesToSweep());
        next.advance(Duration.ofMinutes(1));
        assertThat(next.sent).isEmpty();

        next.sweep();
        next.endAll(ShardWorld.OK);

        assertThat(sentIds(next)).containsExactlyElementsOf(made);
    }

    @Test
    void sweep_findsDeliveriesWhoseMessageWasLost() {
        List<DeliveryId> made = new ArrayList<>(world.accept(7, webhook));
        world.messages.clear();
        world.pump();
        assertThat(world.sent).isEmpty();
        world.advance(Duration.ofMillis(Lane.LONGEST_WAY_MILLIS));

        world.sweep();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    /** A busy lane that every look set back would read from the store what memory is just being told. */
    @Test
    void e4_sweepDoesNotMissADeliveryWhoseMessageIsOnItsWay() {
        DeliveryId fresh = world.accept(webhook);
        world.write();
        assertThat(world.messages).isNotEmpty();
        List<WebhookId> lanes = world.shard.lanesToSweep();
        world.shard.sweep(lanes);

        world.shard.swept(lanes, world.store.backlogs(lanes));

        assertThat(world.lane(webhook).isBehind()).isFalse();
        assertThat(world.readsBegun).isZero();
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactly(fresh);
    }

    /** The clock was put back: nothing is young for ever. */
    @Test
    void e18_sweepFindsADeliveryThatSeemsToComeFromTheFuture() {
        DeliveryId lost = world.accept(webhook);
        world.messages.clear();
        world.pump();
        world.time.jumpWall(-Duration.ofHours(1).toMillis());

        world.sweep();

        assertThat(world.flights).containsOnlyKeys(lost);
    }

    @Test
    void sweep_findsADeliveryWhoseResultWasRefusedAndItIsSentAgain() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        refuse(delivery);
        assertThat(world.shard.isQuiet()).isTrue();
        world.advance(Duration.ofMillis(Lane.LONGEST_WAY_MILLIS));

        world.sweep();

        assertThat(world.flights).containsOnlyKeys(delivery);
        assertThat(world.flights.get(delivery).attemptNumber())
                .as("the first was not stored")
                .isEqualTo(1);
        world.end(delivery, ShardWorld.OK);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.SUCCEEDED);
    }

    @Test
    void sweep_findsARetryWhoseResultWasRefused() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(6));
        refuse(delivery);
        assertThat(world.flights).isEmpty();

        world.sweep();

        assertThat(world.flights).containsOnlyKeys(delivery);
        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(2);
    }

    @Test
    void sweep_findsWhatCouldNotBeExpired() {
        world.edit(webhook, change -> change.paused(true));
        DeliveryId delivery = world.accept(webhook);
        world.advance(Duration.ofDays(8));
        world.pump();
        world.edit(webhook, change -> change.paused(false));
        deliverAll(world);
        while (!world.reads.isEmpty()) {
            ShardSteps.answerReads(world);
        }
        assertThat(world.unwritten).hasSize(1);
        world.unwritten.clear();
        world.shard.recordRefused(webhook, delivery);

        world.sweep();

        assertThat(world.store.rows.get(delivery).reason).isEqualTo("expired");
        assertThat(world.shard.isQuiet()).isTrue();
    }

    @Test
    void sweep_ofLanesThatForgotNothingReadsNothingAndSendsNothing() {
        world.accept(10, webhook);
        world.pump();
        world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        int sent = world.sent.size();

        for (int index = 0; index < 20; index++) {
            List<WebhookId> lanes = world.shard.lanesToSweep();
            world.shard.sweep(lanes);
            world.shard.swept(lanes, world.store.backlogs(lanes));
        }

        assertThat(world.readsBegun).isZero();
        assertThat(world.sent).hasSize(sent);
    }

    /** The look was slow: what it found has been sent and recorded since. */
    @Test
    void e4_sweepThatBeganBeforeAResultWasRecordedSendsNothingTwice() {
        List<DeliveryId> made = world.accept(3, webhook);
        world.pump();
        List<WebhookId> lanes = world.shard.lanesToSweep();
        world.shard.sweep(lanes);
        Map<WebhookId, Backlog> found = world.store.backlogs(lanes);
        assertThat(found.get(webhook).firstAttempt()).isEqualTo(made.get(0));
        world.endAll(ShardWorld.OK);

        world.shard.swept(lanes, found);
        world.pump();
        world.sweep();

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    /** The look found nothing, since it began before anything was there. */
    @Test
    void e4_sweepThatFoundNothingDoesNotMakeALaneForgetWhatWasLeftToTheStoreSince() {
        ShardWorld next = world.restarted();
        List<WebhookId> lanes = next.shard.lanesToSweep();
        next.shard.sweep(lanes);
        Map<WebhookId, Backlog> found = next.store.backlogs(lanes);
        List<DeliveryId> made = next.accept(3, webhook);
        next.pump();

        next.shard.swept(lanes, found);
        next.pump();
        next.endAll(ShardWorld.OK);

        assertThat(sentIds(next)).containsExactlyElementsOf(made);
    }

    /** The real store is asked for some hundred lanes at a time. */
    @Test
    void sweep_ofSomeLanesLeavesTheOthersWaitingForTheirs() {
        WebhookId second = world.webhook();
        world.accept(1, webhook, second);
        ShardWorld next = world.restarted();

        List<WebhookId> some = List.of(webhook);
        next.shard.sweep(some);
        next.shard.swept(some, next.store.backlogs(some));
        next.pump();

        assertThat(ShardSteps.sentTo(next, webhook)).hasSize(1);
        assertThat(ShardSteps.sentTo(next, second)).isEmpty();
        next.sweep();
        assertThat(ShardSteps.sentTo(next, second)).hasSize(1);
    }

    private void refuse(DeliveryId delivery) {
        world.endOnly(delivery, ShardWorld.OK);
        world.unwritten.removeLast();
        world.shard.recordRefused(webhook, delivery);
        world.pump();
    }
}
