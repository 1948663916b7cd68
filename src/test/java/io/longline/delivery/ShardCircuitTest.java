package io.longline.delivery;

import static io.longline.delivery.ShardSteps.endOldest;
import static io.longline.delivery.ShardSteps.oldest;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Outcome;
import io.longline.model.RetryPolicy;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A receiver that fails again and again is left alone but for probes. */
class ShardCircuitTest {
    private static final RetryPolicy HOURLY = new RetryPolicy(10, Duration.ofHours(1), null);

    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.retry(HOURLY));

    @Test
    void e9_opensAtTenFailuresInARow() {
        accept(30);

        endOldest(world, 9, ShardWorld.ERROR);
        assertThat(status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.flights).hasSize(4);
        endOldest(world, 1, ShardWorld.ERROR);

        assertThat(status()).isEqualTo(CircuitStatus.OPEN);
        assertThat(world.circuitMoves).containsExactly(CircuitStatus.OPEN);
        assertThat(world.flights).as("those under way end, no other begins").hasSize(3);
        assertThat(world.store.webhooks.get(webhook).circuit()).isEqualTo(CircuitStatus.OPEN);
        assertThat(world.store.webhooks.get(webhook).circuitRetryAt())
                .isEqualTo(world.time.source().now().plusSeconds(30));
    }

    @Test
    void e9_opensAtHalfOfTheLastTwenty() {
        accept(60);
        for (int pair = 0; pair < 9; pair++) {
            endOldest(world, 1, ShardWorld.ERROR);
            endOldest(world, 1, ShardWorld.OK);
        }
        endOldest(world, 1, ShardWorld.OK);
        assertThat(status()).isEqualTo(CircuitStatus.CLOSED);

        endOldest(world, 1, ShardWorld.ERROR);

        assertThat(status()).isEqualTo(CircuitStatus.OPEN);
    }

    static Stream<Outcome> failures() {
        return Stream.of(
                ShardWorld.TIMED_OUT,
                new Outcome.Unreachable("refused"),
                new Outcome.TlsFault("expired"),
                new Outcome.Answered(429, null),
                new Outcome.Answered(500, null),
                new Outcome.Answered(503, null));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void e9_failuresOfTheReceiverCount(Outcome outcome) {
        accept(30);

        endOldest(world, 10, outcome);

        assertThat(status()).isEqualTo(CircuitStatus.OPEN);
    }

    static Stream<Outcome> refusals() {
        return Stream.of(
                ShardWorld.NOT_WANTED,
                new Outcome.Answered(301, null),
                new Outcome.Answered(400, null),
                new Outcome.Blocked("blocked"),
                new Outcome.Malformed("no HTTP"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void e9_refusalsDoNotCount(Outcome outcome) {
        accept(60);

        endOldest(world, 40, outcome);

        assertThat(status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.circuitMoves).isEmpty();
    }

    @Test
    void e9_oneProbeAtATimeAfterWaitsThatDoubleUpToTenMinutes() {
        accept(60);
        open();

        for (int seconds : List.of(30, 60, 120, 240, 480, 600, 600, 600)) {
            world.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(world.flights).isEmpty();
            world.advance(Duration.ofMillis(1));
            assertThat(world.flights).as("after %d s", seconds).hasSize(1);
            world.flights.values().forEach(flight -> assertThat(flight.probe()).isTrue());
            assertThat(status()).isEqualTo(CircuitStatus.PROBING);
            world.accept(2, webhook);
            world.shard.tick();
            world.pump();
            assertThat(world.flights).hasSize(1);
            world.end(oldest(world), ShardWorld.ERROR);
        }
    }

    /** A slow attempt from before the circuit opened is still under way when the probe would be due. */
    @Test
    void e9_probeWaitsForTheLastOfWhatWasUnderWay() {
        accept(30);
        DeliveryId slow = oldest(world);
        while (status() == CircuitStatus.CLOSED) {
            world.end(List.copyOf(world.flights.keySet()).get(1), ShardWorld.ERROR);
        }
        endOthers(slow);
        world.advance(Duration.ofMinutes(4));
        assertThat(world.flights).containsOnlyKeys(slow);

        world.end(slow, ShardWorld.TIMED_OUT);

        assertThat(world.flights).hasSize(1).doesNotContainKey(slow);
        assertThat(status()).isEqualTo(CircuitStatus.PROBING);
    }

    @Test
    void e9_lateFailureDoesNotPutTheProbeOff() {
        accept(30);
        endOldest(world, 10, ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(20));
        world.endAll(ShardWorld.TIMED_OUT);

        world.advance(Duration.ofSeconds(10));

        assertThat(world.flights).hasSize(1);
    }

    @Test
    void e9_lateSuccessClosesIt() {
        accept(30);
        endOldest(world, 10, ShardWorld.ERROR);

        endOldest(world, 1, ShardWorld.OK);

        assertThat(status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.flights.size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void e9_successOfTheProbeClosesItAndEverythingFlows() {
        accept(60);
        open();
        world.advance(Duration.ofSeconds(30));

        world.end(oldest(world), ShardWorld.OK);

        assertThat(world.circuitMoves).containsExactly(CircuitStatus.OPEN, CircuitStatus.PROBING, CircuitStatus.CLOSED);
        assertThat(world.store.webhooks.get(webhook).circuit()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.flights.size()).isGreaterThanOrEqualTo(4);
        assertThat(world.flights.values()).noneMatch(Flight::probe);
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofHours(2));
        world.endAll(ShardWorld.OK);
        assertThat(world.store.rows.values()).allMatch(row -> row.status == DeliveryStatus.SUCCEEDED);
    }

    @Test
    void e9_afterAFailedProbeTheNextDueDeliveryIsTheProbe() {
        accept(60);
        open();
        world.advance(Duration.ofSeconds(30));
        DeliveryId first = oldest(world);

        world.end(first, ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(60));

        assertThat(world.flights).hasSize(1).doesNotContainKey(first);
        assertThat(world.store.rows.get(first).attempts)
                .as("a probe spends an attempt")
                .isEqualTo(1);
    }

    @Test
    void e9_whatWaitedLongerThanItsMaximumAgeFailsAsExpired() {
        List<DeliveryId> made = accept(60);
        open();
        int sent = world.sent.size();
        world.advance(Duration.ofSeconds(30));
        assertThat(world.flights).hasSize(1);
        world.end(oldest(world), ShardWorld.ERROR);

        world.time.advance(Duration.ofDays(7).toMillis() + 1);
        world.wake();

        assertThat(world.sent).hasSize(sent + 1);
        assertThat(made).allSatisfy(id -> {
            assertThat(world.status(id)).isEqualTo(DeliveryStatus.FAILED);
            assertThat(world.store.rows.get(id).reason).isEqualTo("expired");
        });
        assertThat(world.lane(webhook).isIdle()).isTrue();
        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.memory.held()).isZero();
    }

    @Test
    void e9_whatIsNotYetTooOldIsSentThoughOlderOnesExpire() {
        world.edit(webhook, change -> change.paused(true));
        List<DeliveryId> old = accept(150);
        world.advance(Duration.ofDays(4));
        List<DeliveryId> young = accept(20);
        world.advance(Duration.ofDays(3).plusMillis(1));

        world.edit(webhook, change -> change.paused(false));
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentIds(world)).containsExactlyElementsOf(young);
        assertThat(old)
                .allSatisfy(id -> assertThat(world.store.rows.get(id).reason).isEqualTo("expired"));
    }

    @Test
    void e9_atItsMaximumAgeExactlyADeliveryIsStillSent() {
        world.edit(webhook, change -> change.paused(true));
        DeliveryId delivery = accept(1).get(0);
        world.advance(Duration.ofDays(7));

        world.edit(webhook, change -> change.paused(false));
        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @Test
    void e9_anotherAddressClosesIt() {
        accept(60);
        open();

        world.edit(webhook, change -> change.url("http://two.example/"));
        world.pump();

        assertThat(status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.flights).isNotEmpty();
    }

    @Test
    void e9_restartWithAnOpenCircuitWaitsUntilTheStoredTime() {
        accept(60);
        open();
        world.advance(Duration.ofSeconds(12));

        ShardWorld next = world.restarted();
        next.sweep();

        next.advance(Duration.ofSeconds(18).minusMillis(1));
        assertThat(next.sent).isEmpty();
        next.advance(Duration.ofMillis(1));
        assertThat(next.flights).hasSize(1);
        assertThat(next.flights.values()).allMatch(Flight::probe);
        next.end(oldest(next), ShardWorld.OK);
        assertThat(next.flights.size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void e9_restartLongAfterTheStoredTimeProbesAtOnce() {
        accept(60);
        open();
        world.time.advance(Duration.ofHours(5).toMillis());

        ShardWorld next = world.restarted();
        next.sweep();

        assertThat(next.flights).hasSize(1);
        assertThat(next.flights.values()).allMatch(Flight::probe);
    }

    @Test
    void e9_circuitsThatAreSwitchedOffNeverOpen() {
        ShardWorld without = new ShardWorld(ShardWorld.withoutCircuits(16, 8, 16));
        WebhookId always = without.webhook(builder -> builder.retry(HOURLY));
        without.accept(60, always);
        without.pump();

        without.endAll(ShardWorld.ERROR);

        assertThat(without.sent).hasSize(60);
        assertThat(without.circuitMoves).isEmpty();
    }

    @Test
    void e9_openCircuitOfOneWebhookDoesNotHoldAnother() {
        WebhookId other = world.webhook();
        accept(30);
        open();

        world.accept(20, other);
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentTo(world, other)).hasSize(20);
    }

    private List<DeliveryId> accept(int count) {
        List<DeliveryId> made = world.accept(count, webhook);
        world.pump();
        return made;
    }

    private CircuitStatus status() {
        return world.lane(webhook).circuit().status();
    }

    /** Fails attempts until the circuit is open and nothing is under way. */
    private void open() {
        endOldest(world, 10, ShardWorld.ERROR);
        world.endAll(ShardWorld.ERROR);
        assertThat(status()).isEqualTo(CircuitStatus.OPEN);
    }

    private void endOthers(DeliveryId slow) {
        for (DeliveryId id : List.copyOf(world.flights.keySet())) {
            if (!id.equals(slow)) {
                world.end(id, ShardWorld.ERROR);
            }
        }
    }
}
