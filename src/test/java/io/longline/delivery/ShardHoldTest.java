package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A webhook that is held costs nothing, keeps everything, and goes on at once. */
class ShardHoldTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    /** What holds a webhook, and what lets it go. */
    private enum Hold {
        PAUSED(change -> change.paused(true), change -> change.paused(false)),
        DISABLED(change -> change.active(false), change -> change.active(true));

        private final UnaryOperator<WebhookBuilder> begin;
        private final UnaryOperator<WebhookBuilder> end;

        Hold(UnaryOperator<WebhookBuilder> begin, UnaryOperator<WebhookBuilder> end) {
            this.begin = begin;
            this.end = end;
        }
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void e8_heldWebhookIsNeitherSweptNorReadAndSetsNoTimers(Hold hold) {
        world.accept(40, webhook);
        world.pump();
        world.end(ShardSteps.oldest(world), ShardWorld.ERROR);
        change(hold.begin);
        world.endAll(ShardWorld.ERROR);
        int reads = world.readsBegun;
        int timers = world.timersSet;
        int sent = world.sent.size();

        passHours();

        assertThat(world.shard.lanesToSweep()).doesNotContain(webhook);
        assertThat(world.readsBegun).isEqualTo(reads);
        assertThat(world.timersSet - timers).as("timers").isLessThanOrEqualTo(1);
        assertThat(world.sent).hasSize(sent);
        assertThat(world.lane(webhook).waitingCount()).isZero();
        assertThat(world.lane(webhook).isIdle()).isTrue();
        assertThat(world.memory.held()).isZero();
    }

    /** A flood for a webhook that is held costs no reads, no timers and no memory either. */
    @Test
    void e8_floodForAPausedWebhookCostsNothing() {
        change(Hold.PAUSED.begin);
        int timers = world.timersSet;

        world.accept(2_000, webhook);
        world.pump();
        passHours();

        assertThat(world.readsBegun).isZero();
        assertThat(world.timersSet).isEqualTo(timers);
        assertThat(world.memory.held()).isZero();
    }

    @Test
    void e8_openCircuitIsNeitherSweptNorReadAndSetsOneTimerForItsProbe() {
        world.accept(40, webhook);
        world.pump();
        while (world.lane(webhook).circuit().status() == CircuitStatus.CLOSED) {
            world.end(ShardSteps.oldest(world), ShardWorld.ERROR);
        }
        world.endAll(ShardWorld.ERROR);
        int reads = world.readsBegun;
        int timers = world.timersSet;
        int sent = world.sent.size();

        world.accept(2_000, webhook);
        world.pump();
        for (int second = 0; second < 29; second++) {
            world.advance(Duration.ofSeconds(1));
            world.shard.tick();
            world.sweep();
        }

        assertThat(world.shard.lanesToSweep()).doesNotContain(webhook);
        assertThat(world.readsBegun).isEqualTo(reads);
        assertThat(world.timersSet - timers)
                .as("timers, those among them that retries had asked for before")
                .isLessThanOrEqualTo(4);
        assertThat(world.sent).hasSize(sent);
    }

    /** Eight hours of a receiver that is gone: a probe each ten minutes, and next to nothing else. */
    @Test
    void e8_circuitThatStaysOpenCostsAFewTimersAndReadsForEachProbe() {
        world.accept(500, webhook);
        world.pump();
        while (world.lane(webhook).circuit().status() == CircuitStatus.CLOSED) {
            world.end(ShardSteps.oldest(world), ShardWorld.ERROR);
        }
        world.endAll(ShardWorld.ERROR);
        int reads = world.readsBegun;
        int timers = world.timersSet;
        int sent = world.sent.size();

        ShardSteps.run(world, Duration.ofHours(8), Duration.ofMinutes(1), ShardWorld.ERROR);

        int probes = world.sent.size() - sent;
        assertThat(probes).isBetween(48, 56);
        assertThat(world.readsBegun - reads).as("reads").isLessThanOrEqualTo(4 * probes);
        assertThat(world.timersSet - timers).as("timers").isLessThanOrEqualTo(4 * probes);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void e8_releaseResumesAtOnce(Hold hold) {
        List<DeliveryId> made = world.accept(40, webhook);
        world.pump();
        change(hold.begin);
        world.endAll(ShardWorld.OK);
        assertThat(world.sent).hasSize(4);

        change(hold.end);

        assertThat(world.flights).as("without a wake-up, a tick or a sweep").isNotEmpty();
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void e8_pausedWebhookCollectsAndSendsAllOnceAfterwards() {
        change(Hold.PAUSED.begin);
        List<DeliveryId> made = world.accept(100, webhook);
        world.pump();
        world.advance(Duration.ofHours(1));
        assertThat(world.sent).isEmpty();
        assertThat(made).allSatisfy(id -> assertThat(world.status(id)).isEqualTo(DeliveryStatus.PENDING));

        change(Hold.PAUSED.end);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    @Test
    void e8_readThatReturnsAfterThePauseFillsNothingAndLosesNothing() {
        List<DeliveryId> made = world.accept(40, webhook);
        deliverAll(world);
        while (world.reads.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }
        world.edit(webhook, Hold.PAUSED.begin);
        deliverAll(world);

        ShardSteps.answerReads(world);
        assertThat(world.lane(webhook).waitingCount()).isZero();
        world.endAll(ShardWorld.OK);

        change(Hold.PAUSED.end);
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    /** What was in flight when the hold began ends as it would have; its retry waits for the release. */
    @ParameterizedTest
    @EnumSource(Hold.class)
    void e8_resultsOfAttemptsThatWereUnderWayCount(Hold hold) {
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();
        change(hold.begin);

        world.end(made.get(0), ShardWorld.OK);
        world.end(made.get(1), ShardWorld.ERROR);
        world.advance(Duration.ofHours(1));

        assertThat(world.status(made.get(0))).isEqualTo(DeliveryStatus.SUCCEEDED);
        assertThat(world.flights).isEmpty();
        change(hold.end);
        assertThat(world.flights).containsOnlyKeys(made.get(1));
        assertThat(world.flights.get(made.get(1)).attemptNumber()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Hold.class)
    void e8_webhookThatIsHeldAtTheStartIsLeftOutOfTheSweepAndResumesAtOnce(Hold hold) {
        List<DeliveryId> made = new ArrayList<>(world.accept(10, webhook));
        world.pump();
        world.endOnly(made.get(0), ShardWorld.ERROR);
        world.write();
        world.edit(webhook, hold.begin);
        ShardWorld next = world.restarted();

        assertThat(next.shard.lanesToSweep()).isEmpty();
        next.sweep();
        next.advance(Duration.ofHours(1));
        assertThat(next.sent).isEmpty();
        assertThat(next.readsBegun).isZero();

        next.edit(webhook, hold.end);
        next.pump();
        assertThat(next.flights).isNotEmpty();
        next.endAll(ShardWorld.OK);
        assertThat(sentIds(next)).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void e8_holdingOneWebhookDoesNotHoldAnother() {
        WebhookId other = world.webhook();
        change(Hold.PAUSED.begin);

        world.accept(10, webhook, other);
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentTo(world, other)).hasSize(10);
        assertThat(ShardSteps.sentTo(world, webhook)).isEmpty();
    }

    private void change(UnaryOperator<WebhookBuilder> change) {
        world.edit(webhook, change);
        world.pump();
    }

    private void passHours() {
        for (int minute = 0; minute < 300; minute++) {
            world.advance(Duration.ofMinutes(1));
            world.shard.tick();
            world.sweep();
        }
    }
}
