package io.longline.delivery;

import static io.longline.delivery.ShardSteps.run;
import static io.longline.delivery.ShardSteps.sentIds;
import static io.longline.delivery.ShardSteps.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Outcome;
import io.longline.model.RetryPolicy;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks that jump and processes that freeze lose nothing and break no limit. */
class ShardClockTest {
    private static final long HOUR = 3_600_000;
    private static final Duration STEP = Duration.ofMillis(50);

    private final ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(16, 8, 16));

    /** World asserts at every attempt that neither bound of attempts in flight is passed. */
    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void f6_wallClockThatJumpsLosesNothing(long jump) {
        WebhookId webhook = world.webhook();
        List<DeliveryId> made = new ArrayList<>(world.accept(60, webhook));
        world.pump();
        for (int index = 0; index < 40; index++) {
            world.end(ShardSteps.oldest(world), index % 2 == 0 ? ShardWorld.ERROR : ShardWorld.OK);
        }

        world.time.jumpWall(jump);
        made.addAll(world.accept(20, webhook));
        world.pump();
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofHours(1).plusMinutes(2));
        world.endAll(ShardWorld.OK);

        assertThat(made).allSatisfy(id -> assertThat(world.status(id)).isEqualTo(DeliveryStatus.SUCCEEDED));
        assertThat(world.sent).as("twenty failed once").hasSize(made.size() + 20);
    }

    @Test
    void f6_retriesThatAJumpAheadMakesDueGoWithinAMinute() {
        WebhookId webhook = world.webhook(builder -> builder.retry(new RetryPolicy(3, Duration.ofMinutes(50), null)));
        List<DeliveryId> made = world.accept(30, webhook);
        world.pump();
        world.endAll(ShardWorld.ERROR);
        assertThat(world.flights).isEmpty();

        world.time.jumpWall(HOUR);
        world.advance(Duration.ofMinutes(1));
        assertThat(world.flights).hasSizeBetween(1, 8);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).hasSize(60);
        assertThat(sentIds(world).subList(30, 60)).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void f6_retriesThatAJumpBackPutsOffGoAtTheirTimeByTheNewClock() {
        WebhookId webhook = world.webhook();
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        long dueAt = world.store.rows.get(delivery).nextAttemptAt;

        world.time.jumpWall(-HOUR);
        world.advance(Duration.ofMillis(dueAt - world.time.wallMillis() - 1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    /** A new delivery is due when it is made, by whatever clock. */
    @Test
    void f6_firstAttemptsDoNotWaitForAWallClockThatWentBack() {
        WebhookId webhook = world.webhook();
        List<DeliveryId> made = world.accept(60, webhook);
        world.time.jumpWall(-HOUR);

        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void f6_rateLimitHoldsWhileTheWallClockJumps(long jump) {
        WebhookId webhook = world.webhook(builder -> builder.rateLimit(4.0));
        world.accept(200, webhook);
        world.pump();

        for (int round = 0; round < 10; round++) {
            world.time.jumpWall(round % 2 == 0 ? jump : -jump);
            run(world, Duration.ofSeconds(1), STEP, ShardWorld.OK);
        }

        assertThat(sentTo(world, webhook)).hasSize(1 + 40).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void e18_restsGoByTheMonotonicClock(long jump) {
        WebhookId webhook = world.webhook(builder -> builder.maxInFlight(1));
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();
        world.end(made.get(0), new Outcome.Answered(503, Duration.ofMinutes(5)));

        world.time.jumpWall(jump);
        world.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));

        assertThat(world.flights).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void e18_probesGoByTheMonotonicClock(long jump) {
        ShardWorld breaking = new ShardWorld();
        WebhookId webhook = breaking.webhook(builder -> builder.retry(new RetryPolicy(10, Duration.ofHours(10), null)));
        breaking.accept(30, webhook);
        breaking.pump();
        ShardSteps.endOldest(breaking, 10, ShardWorld.ERROR);
        breaking.endAll(ShardWorld.ERROR);

        breaking.time.jumpWall(jump);
        breaking.advance(Duration.ofSeconds(30).minusMillis(1));
        assertThat(breaking.flights).isEmpty();
        breaking.advance(Duration.ofMillis(1));

        assertThat(breaking.flights).hasSize(1);
    }

    /** A clock that is an hour behind after a restart must not make the first probe wait an hour. */
    @Test
    void f6_restartWithAClockThatWentBackWaitsForItsProbeAtMostTheLongestWait() {
        ShardWorld breaking = new ShardWorld();
        WebhookId webhook = breaking.webhook();
        breaking.accept(30, webhook);
        breaking.pump();
        ShardSteps.endOldest(breaking, 10, ShardWorld.ERROR);
        breaking.endAll(ShardWorld.ERROR);
        breaking.time.jumpWall(-HOUR);

        ShardWorld next = breaking.restarted();
        next.sweep();
        next.advance(Duration.ofMinutes(10));

        assertThat(next.flights).hasSize(1);
    }

    /** Retries fell due all through the freeze, and answers wait to be read: one wake-up must not become a stampede. */
    @Test
    void f5_freezeOfAMinuteMakesNoBurstAndSendsNothingTwice() {
        List<WebhookId> webhooks = new ArrayList<>();
        for (int index = 0; index < 10; index++) {
            webhooks.add(world.webhook());
        }
        List<DeliveryId> made = world.accept(20, webhooks.toArray(WebhookId[]::new));
        world.pump();
        world.endAll(ShardWorld.ERROR);
        int before = world.sent.size();

        world.time.advance(60_000);
        world.wake();

        assertThat(world.flights).as("all slots and no more").hasSizeBetween(1, 16);
        world.shard.tick();
        world.wake();
        world.sweep();
        assertThat(world.flights).hasSizeLessThanOrEqualTo(16);
        while (!world.flights.isEmpty()) {
            ShardSteps.endRound(world, ShardWorld.OK);
        }
        assertThat(sentIds(world).subList(before, world.sent.size())).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void f5_rateLimitHoldsAfterAFreeze() {
        WebhookId webhook = world.webhook(builder -> builder.rateLimit(4.0));
        world.accept(200, webhook);
        world.pump();
        run(world, Duration.ofSeconds(2), STEP, ShardWorld.OK);
        int before = world.sent.size();

        world.time.advance(60_000);
        world.wake();
        world.endAll(ShardWorld.OK);

        assertThat(world.sent.size() - before).as("nothing was saved up").isEqualTo(1);
        run(world, Duration.ofSeconds(5), STEP, ShardWorld.OK);
        assertThat(world.sent.size() - before).isEqualTo(1 + 20);
    }

    /** Its wait was over during the freeze; the probe is one all the same. */
    @Test
    void f5_probeAfterAFreezeIsOne() {
        ShardWorld breaking = new ShardWorld();
        WebhookId webhook = breaking.webhook();
        breaking.accept(60, webhook);
        breaking.pump();
        ShardSteps.endOldest(breaking, 10, ShardWorld.ERROR);
        breaking.endAll(ShardWorld.ERROR);

        breaking.time.advance(60_000);
        breaking.wake();
        breaking.shard.tick();
        breaking.wake();

        assertThat(breaking.flights).hasSize(1);
    }
}
