package io.longline.delivery;

import static io.longline.delivery.ShardSteps.endOldest;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another URL is another receiver: nothing that the one before it earned, or spoiled, is carried over. */
class ShardMoveTest {
    private static final int SLOTS = 16;

    private final ShardWorld world = new ShardWorld(ShardWorld.settings(SLOTS, 8, 64));
    private final WebhookId webhook = world.webhook();

    @Test
    void e6_webhookThatMovesStartsWithFourSlots() {
        world.accept(60, webhook);
        world.pump();
        endOldest(world, 10, ShardWorld.OK);
        assertThat(world.inFlight(webhook)).isEqualTo(8);

        move();
        endOldest(world, 8, ShardWorld.OK);

        assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(4);
        assertThat(world.inFlight(webhook)).isEqualTo(4);
    }

    @Test
    void e6_webhookThatMovesHasToProveItselfAgain() {
        world.accept(60, webhook);
        world.pump();
        endOldest(world, 10, ShardWorld.OK);

        move();
        assertThat(world.lane(webhook).pace().isProven(world.time.monotonicMillis()))
                .isFalse();
        world.accept(60, world.webhook());
        world.pump();

        assertThat(world.flights).as("half of the slots").hasSize(SLOTS / 2);
    }

    @Test
    void e6_webhookThatMovesIsNotKnownToHang() {
        world.accept(60, webhook);
        world.pump();
        endOldest(world, 1, ShardWorld.TIMED_OUT);
        assertThat(world.lane(webhook).pace().isSlow()).isTrue();

        move();
        endOldest(world, 2, ShardWorld.TIMED_OUT);

        assertThat(world.lane(webhook).pace().isSlow()).isFalse();
        assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(4);
    }

    /** They were sent before it moved and end after it. */
    @Test
    void e9_failuresOfTheReceiverBeforeDoNotCountForTheCircuit() {
        world.accept(60, webhook);
        world.pump();
        endOldest(world, 10, ShardWorld.OK);
        endOldest(world, 5, ShardWorld.ERROR);

        move();
        endOldest(world, 8, ShardWorld.ERROR);
        endOldest(world, 4, ShardWorld.ERROR);

        assertThat(world.lane(webhook).circuit().status()).isEqualTo(CircuitStatus.CLOSED);
    }

    @Test
    void e9_successOfTheReceiverBeforeDoesNotCloseTheCircuit() {
        world.accept(60, webhook);
        world.pump();
        List<DeliveryId> before = List.copyOf(world.flights.keySet());
        move();
        world.end(before.get(0), ShardWorld.OK);
        world.end(before.get(1), ShardWorld.OK);
        world.end(before.get(2), ShardWorld.OK);
        for (int failures = 0; failures < 10; failures++) {
            DeliveryId newest = List.copyOf(world.flights.keySet()).get(world.flights.size() - 1);
            world.end(newest, ShardWorld.ERROR);
        }
        assertThat(world.lane(webhook).circuit().status()).isEqualTo(CircuitStatus.OPEN);

        world.end(before.get(3), ShardWorld.OK);

        assertThat(world.lane(webhook).circuit().status()).isEqualTo(CircuitStatus.OPEN);
    }

    @Test
    void e7_retryAfterOfTheReceiverBeforeDoesNotRestTheLane() {
        world.accept(60, webhook);
        world.pump();
        move();

        endOldest(world, 1, new Outcome.Answered(503, Duration.ofMinutes(5)));

        assertThat(world.inFlight(webhook)).isEqualTo(4);
    }

    /** Only the URL, and being switched on, are a fresh start. */
    @Test
    void e6_resultsOfAttemptsSentBeforeAnyOtherChangeCount() {
        world.accept(60, webhook);
        world.pump();
        world.edit(webhook, change -> change.description("the same receiver"));
        world.pump();

        endOldest(world, 2, ShardWorld.OK);

        assertThat(world.lane(webhook).pace().slots().count()).isEqualTo(6);
    }

    private void move() {
        world.edit(webhook, change -> change.url("http://two.example/"));
        world.pump();
    }
}
