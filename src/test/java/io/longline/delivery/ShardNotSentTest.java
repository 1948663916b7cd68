package io.longline.delivery;

import static io.longline.delivery.ShardSteps.oldest;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An attempt that could not be made, through no fault of the receiver's, costs a second and nothing else. */
class ShardNotSentTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    @Test
    void e4_deliveryThatCouldNotBeSentGoesAgainAfterASecondWithoutSpendingAnAttempt() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        world.notSent(delivery);
        assertThat(world.memory.held()).isZero();
        world.advance(Duration.ofMillis(999));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));

        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(1);
        assertThat(world.store.rows.get(delivery).attempts).isZero();
        world.end(delivery, ShardWorld.OK);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.SUCCEEDED);
        assertThat(world.memory.held()).isZero();
    }

    @Test
    void e4_retryThatCouldNotBeSentGoesAgainAfterASecondWithoutSpendingAnAttempt() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(6));

        world.notSent(delivery);
        world.advance(Duration.ofSeconds(1));

        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(2);
        assertThat(world.flights.get(delivery).delivery().budgetUsed()).isEqualTo(1);
    }

    @Test
    void e4_otherDeliveriesOfTheLaneAreNeitherLostNorSentTwice() {
        List<DeliveryId> made = world.accept(40, webhook);
        world.pump();
        for (int round = 0; round < 10; round++) {
            world.notSent(oldest(world));
            world.end(oldest(world), ShardWorld.OK);
            world.advance(Duration.ofSeconds(1));
        }
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofSeconds(2));
        world.endAll(ShardWorld.OK);

        assertThat(made).allSatisfy(id -> assertThat(world.status(id)).isEqualTo(DeliveryStatus.SUCCEEDED));
        assertThat(world.sent).hasSize(made.size() + 10);
        assertThat(world.lane(webhook).isIdle()).isTrue();
    }

    /** The circuit stays open, its wait is not doubled, and the next due delivery is the probe after a second. */
    @Test
    void e9_probeThatCouldNotBeSentGoesAgainAfterASecondWithoutSpendingAnAttempt() {
        world.accept(40, webhook);
        world.pump();
        ShardSteps.endOldest(world, 10, ShardWorld.NOT_WANTED);
        ShardSteps.endOldest(world, 10, ShardWorld.ERROR);
        world.endAll(ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(30));
        DeliveryId probe = oldest(world);
        int attempts = world.store.rows.get(probe).attempts;

        world.notSent(probe);
        assertThat(world.lane(webhook).circuit().status()).isEqualTo(CircuitStatus.OPEN);
        world.advance(Duration.ofMillis(999));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));

        assertThat(world.flights).hasSize(1);
        assertThat(world.flights.values()).allMatch(Flight::probe);
        assertThat(world.store.rows.get(probe).attempts).isEqualTo(attempts);
        world.end(oldest(world), ShardWorld.ERROR);
        world.advance(Duration.ofSeconds(60).minusMillis(1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));
        assertThat(world.flights).hasSize(1);
    }

    @Test
    void e11_deliveryCancelledWhileItCouldNotBeSentIsNotSentAgain() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.cancelByHand(delivery);
        world.pump();

        world.notSent(delivery);
        world.advance(Duration.ofMinutes(1));

        assertThat(sentIds(world)).containsExactly(delivery);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(world.lane(webhook).isIdle()).isTrue();
    }

    @Test
    void e8_deliveryThatCouldNotBeSentWaitsWhenItsWebhookWasPausedMeanwhile() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.edit(webhook, change -> change.paused(true));
        world.pump();

        world.notSent(delivery);
        world.advance(Duration.ofMinutes(1));
        assertThat(world.flights).isEmpty();
        world.edit(webhook, change -> change.paused(false));
        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @Test
    void e10_deliveryThatCouldNotBeSentForADeletedWebhookLeavesNoLaneBehind() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.commit(new Operation.DeleteWebhook(webhook, world.time.source().now()));
        world.pump();

        world.notSent(delivery);

        assertThat(world.lane(webhook)).isNull();
        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.memory.held()).isZero();
    }
}
