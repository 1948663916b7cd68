package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryStatus;
import io.longline.model.RetryPolicy;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A webhook that has failed all along for five days is disabled, and told of at half of that time. */
class FailingTimeTest {
    private static final Duration HALF = Duration.ofHours(60);
    private static final RetryPolicy PATIENT = new RetryPolicy(
            10, Duration.ofSeconds(1), new ArrayList<>(Collections.nCopies(2_000, Duration.ofMinutes(1))));

    private ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.retry(PATIENT));

    @Test
    void failing_forTheWholeTime_disablesWithTheReasonAndKeepsWhatWaits() {
        open();

        failFor(HALF.multipliedBy(2).plusHours(1));

        Webhook stored = world.store.webhooks.get(webhook);
        assertThat(stored.active()).isFalse();
        assertThat(stored.disabledReason()).isEqualTo("failing");
        assertThat(world.store.rows.values()).allMatch(row -> row.status == DeliveryStatus.PENDING);
        assertThat(world.flights).isEmpty();
    }

    @Test
    void failing_forHalfOfTheTime_isToldOnce() {
        open();

        failFor(HALF.minusHours(1));
        assertThat(world.toldOfFailing).isEmpty();
        failFor(HALF.dividedBy(2));

        assertThat(world.toldOfFailing).containsExactly(webhook);
        assertThat(world.store.webhooks.get(webhook).active()).isTrue();
    }

    @Test
    void failing_forLess_isForgottenAtASuccess() {
        open();
        failFor(HALF.multipliedBy(2).minusHours(1));

        succeedOnce();
        open();
        failFor(HALF);

        assertThat(world.store.webhooks.get(webhook).active()).isTrue();
        assertThat(world.store.webhooks.get(webhook).failingSince()).isNotNull();
    }

    @Test
    void failing_isCountedAcrossARestart() {
        open();
        failFor(HALF);
        world = world.restarted();
        world.sweep();

        failFor(HALF.plusHours(1));

        assertThat(world.store.webhooks.get(webhook).disabledReason()).isEqualTo("failing");
    }

    @Test
    void failing_thenSwitchedOnAgain_countsFromTheStart() {
        open();
        failFor(HALF.multipliedBy(2).plusHours(1));

        world.edit(webhook, builder -> builder.active(true).disabledReason(null));
        world.pump();
        failFor(HALF);

        assertThat(world.store.webhooks.get(webhook).active()).isTrue();
    }

    @Test
    void failing_withTheTimeSetToZero_isNeverDisabled() {
        ShardSettings forEver = new ShardSettings(
                16, 8, 16, Duration.ofDays(300), Duration.ofMinutes(10), Duration.ZERO, ShardWorld.SETTINGS.circuit());
        world = new ShardWorld(forEver);
        WebhookId other = world.webhook(builder -> builder.retry(PATIENT));
        world.accept(10, other);
        world.pump();

        failFor(HALF.multipliedBy(3));

        assertThat(world.store.webhooks.get(other).active()).isTrue();
        assertThat(world.toldOfFailing).isEmpty();
    }

    private void open() {
        world.accept(12, webhook);
        world.pump();
        while (world.lane(webhook).circuit().status() == CircuitStatus.CLOSED) {
            failWhatIsUnderWay();
            world.advance(Duration.ofSeconds(10));
        }
    }

    private void failWhatIsUnderWay() {
        for (Flight flight : List.copyOf(world.flights.values())) {
            world.end(flight.delivery().id(), ShardWorld.ERROR);
        }
    }

    /** The receiver refuses every probe for some time. */
    private void failFor(Duration time) {
        long end = world.time.monotonicMillis() + time.toMillis();
        while (world.time.monotonicMillis() < end) {
            failWhatIsUnderWay();
            world.advance(Duration.ofMinutes(1));
        }
    }

    private void succeedOnce() {
        while (world.flights.isEmpty()) {
            world.advance(Duration.ofMinutes(1));
        }
        world.end(world.flights.keySet().iterator().next(), ShardWorld.OK);
    }
}
