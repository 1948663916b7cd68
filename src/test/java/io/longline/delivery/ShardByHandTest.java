package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Outcome;
import io.longline.model.RetryPolicy;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people do to single deliveries. */
class ShardByHandTest {
    private static final RetryPolicy ONE_RETRY = new RetryPolicy(1, Duration.ofMinutes(1), null);

    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.retry(ONE_RETRY));

    @Test
    void e11_retryOfAWaitingDeliverySendsAtOnceWithAFreshBudget() {
        DeliveryId delivery = failed(1);

        retry(delivery);

        assertThat(world.flights).containsOnlyKeys(delivery);
        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(2);
        assertThat(world.flights.get(delivery).delivery().budgetUsed()).isZero();
        world.end(delivery, ShardWorld.ERROR);
        assertThat(world.status(delivery)).as("one retry is left of the budget").isEqualTo(DeliveryStatus.PENDING);
        world.advance(Duration.ofMinutes(2));
        world.end(delivery, ShardWorld.ERROR);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.FAILED);
        assertThat(world.store.rows.get(delivery).attempts).isEqualTo(3);
    }

    /** The time it was due at before brings no second attempt. */
    @Test
    void e11_retryOfAWaitingDeliverySendsItOnce() {
        DeliveryId delivery = failed(1);

        retry(delivery);
        world.end(delivery, ShardWorld.OK);
        world.advance(Duration.ofHours(1));
        world.sweep();

        assertThat(sentIds(world)).containsExactly(delivery, delivery);
    }

    @Test
    void e11_retryOfADeliveryInTheWindowSendsItOnce() {
        List<DeliveryId> made = world.accept(8, webhook);
        world.pump();
        world.time.advance(5_000);

        retry(made.get(6));
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void e11_retryOfAFinalDeliveryRunsTheAttemptNumberOn(int retries) {
        DeliveryId delivery = failed(2);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.FAILED);

        for (int more = 1; more <= retries; more++) {
            retry(delivery);
            assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(2 + more);
            world.end(delivery, ShardWorld.OK);
            assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.SUCCEEDED);
        }
    }

    @Test
    void e11_retryOfACancelledDeliveryThatWasNeverSentSendsIt() {
        List<DeliveryId> made = world.accept(6, webhook);
        world.pump();
        world.cancelByHand(made.get(5));
        world.pump();
        world.endAll(ShardWorld.OK);

        retry(made.get(5));

        assertThat(world.flights).containsOnlyKeys(made.get(5));
        assertThat(world.flights.get(made.get(5)).attemptNumber()).isEqualTo(1);
    }

    /** Its age counts from the retry. */
    @Test
    void e11_retryOfAnExpiredDeliverySendsIt() {
        world.edit(webhook, change -> change.paused(true));
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.advance(Duration.ofDays(8));
        world.edit(webhook, change -> change.paused(false));
        world.pump();
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.FAILED);

        retry(delivery);

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @Test
    void e11_retryWhileAReadThatBeganBeforeIsUnderWaySendsOnceWithTheFreshBudget() {
        List<DeliveryId> made = world.accept(3, webhook);
        world.pump();
        world.endAll(ShardWorld.ERROR);
        world.time.advance(70_000);
        world.wakeAt = Lane.NEVER;
        world.shard.wake();
        assertThat(world.reads).hasSize(1);

        world.retryByHand(made.get(1));
        deliverAll(world);
        world.pump();

        assertThat(sentIds(world).subList(3, world.sent.size())).containsExactlyInAnyOrderElementsOf(made);
        assertThat(world.flights.get(made.get(1)).delivery().budgetUsed()).isZero();
        assertThat(world.flights.get(made.get(0)).delivery().budgetUsed()).isEqualTo(1);
    }

    /** Sent before the retry is written and recorded after it, an attempt would take the fresh budget away. */
    @Test
    void e11_deliveryIsNotSentWhileItsRetryIsBeingWritten() {
        DeliveryId delivery = failed(1);
        assertThat(world.beginRetry(delivery)).isTrue();

        passTimeBeforeAnyWrite(Duration.ofMinutes(2));
        assertThat(world.flights).isEmpty();
        world.pump();

        assertThat(world.flights.get(delivery).delivery().budgetUsed()).isZero();
        world.end(delivery, ShardWorld.ERROR);
        assertThat(world.store.rows.get(delivery).budgetUsed).isEqualTo(1);
        assertThat(world.status(delivery)).as("one retry is left of the budget").isEqualTo(DeliveryStatus.PENDING);
    }

    @Test
    void e11_deliveryInTheWindowIsNotSentWhileItsRetryIsBeingWritten() {
        List<DeliveryId> made = world.accept(8, webhook);
        world.pump();
        assertThat(world.beginRetry(made.get(5))).isTrue();

        for (int left = 0; left < 6; left++) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }
        assertThat(sentIds(world)).hasSize(7).doesNotContain(made.get(5));
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
        assertThat(world.memory.held()).isZero();
    }

    /** The message of the commit, and the answer to whoever asked for it, come in any order. */
    @Test
    void e11_retryThatIsAnsweredBeforeItsCommitIsHeardOfSendsOnce() {
        DeliveryId delivery = failed(1);
        world.beginRetry(delivery);
        world.write();

        world.endRetry();
        ShardSteps.answerReads(world);
        assertThat(world.flights).containsOnlyKeys(delivery);
        world.pump();
        world.end(delivery, ShardWorld.OK);
        world.advance(Duration.ofHours(1));

        assertThat(sentIds(world)).containsExactly(delivery, delivery);
        assertThat(world.lane(webhook).isIdle()).isTrue();
    }

    /** The store refused it: the delivery goes on as it was. */
    @Test
    void e11_retryThatCouldNotBeWrittenLeavesTheDeliveryToItsTime() {
        DeliveryId delivery = failed(1);
        world.beginRetry(delivery);
        world.unwritten.clear();

        world.shard.endRetry(webhook, delivery);
        world.pump();
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMinutes(2));

        assertThat(world.flights.get(delivery).delivery().budgetUsed()).isEqualTo(1);
    }

    @Test
    void e11_deliveryThatIsRetriedTwiceAtOnceIsSentOnceWhenBothAreWritten() {
        DeliveryId delivery = failed(2);
        assertThat(world.beginRetry(delivery)).isTrue();
        assertThat(world.beginRetry(delivery)).isTrue();
        world.write();
        ShardSteps.deliverAll(world);

        world.endRetry();
        ShardSteps.answerReads(world);
        assertThat(world.flights).isEmpty();
        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
        world.end(delivery, ShardWorld.OK);
        assertThat(sentIds(world)).hasSize(3);
    }

    @Test
    void e11_deliveryInFlightIsNotRetried() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        assertThat(world.beginRetry(delivery)).isFalse();
        world.end(delivery, ShardWorld.ERROR);

        assertThat(world.beginRetry(delivery)).isTrue();
    }

    @Test
    void e11_retryDoesNotWaitForABusyReadToEnd() {
        DeliveryId delivery = failed(1);
        world.accept(40, webhook);
        deliverAll(world);
        while (world.reads.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }

        retry(delivery);
        world.endAll(ShardWorld.OK);

        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.SUCCEEDED);
        assertThat(sentIds(world)).hasSize(42);
    }

    @Test
    void e11_cancelTakesADeliveryOutOfTheWindow() {
        List<DeliveryId> made = world.accept(8, webhook);
        world.pump();
        int waiting = world.lane(webhook).waitingCount();

        world.cancelByHand(made.get(6));
        world.pump();

        assertThat(world.lane(webhook).waitingCount()).isEqualTo(waiting - 1);
        assertThat(world.memory.held()).isEqualTo(7 * ShardWorld.PAYLOAD_BYTES);
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).hasSize(7).doesNotContain(made.get(6));
        assertThat(world.status(made.get(6))).isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(world.memory.held()).isZero();
    }

    @Test
    void e11_cancelledDeliveryIsNotBroughtBackByAReadThatBeganBefore() {
        List<DeliveryId> made = world.accept(40, webhook);
        deliverAll(world);
        while (world.reads.isEmpty()) {
            world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        }
        // Four in flight and twelve in the window: the next is in the store alone.
        DeliveryId called = made.get(16);
        assertThat(world.reads.get(0).rows()).anyMatch(row -> row.id().equals(called));

        world.cancelByHand(called);
        deliverAll(world);
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).hasSize(made.size() - 1).doesNotContain(called);
    }

    @Test
    void e11_cancelledDeliveryThatWaitsForItsRetryIsNotSentAgain() {
        DeliveryId delivery = failed(1);

        world.cancelByHand(delivery);
        world.pump();
        world.advance(Duration.ofHours(1));

        assertThat(sentIds(world)).containsExactly(delivery);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500, 404})
    void e11_resultOfADeliveryCancelledInFlightDoesNotOverrideIt(int status) {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.cancelByHand(delivery);
        world.pump();
        assertThat(world.flights).as("it goes on").containsOnlyKeys(delivery);

        world.end(delivery, new Outcome.Answered(status, null));
        world.advance(Duration.ofHours(1));
        world.sweep();

        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(world.store.rows.get(delivery).attempts)
                .as("the attempt is kept")
                .isEqualTo(1);
        assertThat(sentIds(world)).containsExactly(delivery);
        assertThat(world.lane(webhook).isIdle()).isTrue();
        assertThat(world.shard.isQuiet()).isTrue();
    }

    /** The API refuses such a retry; one that slipped past it all the same must not send beside the attempt under way. */
    @Test
    void e11_deliveryCancelledInFlightStaysBusyAndIsNotSentBesideItself() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        world.cancelByHand(delivery);
        world.pump();
        assertThat(world.shard.isBusyWith(webhook, delivery)).isTrue();
        retry(delivery);

        assertThat(sentIds(world)).containsExactly(delivery);
        world.end(delivery, ShardWorld.OK);
        assertThat(world.status(delivery)).isEqualTo(DeliveryStatus.SUCCEEDED);
        assertThat(sentIds(world)).containsExactly(delivery);
    }

    /** What the API goes by when it refuses a retry: in flight or unrecorded, but not waiting. */
    @Test
    void e11_deliveryIsBusyFromItsAttemptUntilItsResultIsRecorded() {
        List<DeliveryId> made = world.accept(5, webhook);
        world.pump();
        assertThat(world.shard.isBusyWith(webhook, made.get(0))).isTrue();
        assertThat(world.shard.isBusyWith(webhook, made.get(4)))
                .as("in the window")
                .isFalse();

        world.endOnly(made.get(0), ShardWorld.ERROR);
        assertThat(world.shard.isBusyWith(webhook, made.get(0)))
                .as("not yet recorded")
                .isTrue();
        world.pump();

        assertThat(world.shard.isBusyWith(webhook, made.get(0))).isFalse();
    }

    @Test
    void e11_retryOfAHeldWebhooksDeliveryWaitsForTheRelease() {
        DeliveryId delivery = failed(2);
        world.edit(webhook, change -> change.paused(true));
        world.pump();

        retry(delivery);
        assertThat(world.flights).isEmpty();
        world.edit(webhook, change -> change.paused(false));
        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    /** A delivery that failed so many times. */
    private DeliveryId failed(int times) {
        DeliveryId delivery = world.accept(webhook);
        world.pump();
        world.end(delivery, ShardWorld.ERROR);
        for (int time = 1; time < times; time++) {
            world.advance(Duration.ofMinutes(2));
            world.end(delivery, ShardWorld.ERROR);
        }
        return delivery;
    }

    /** Timers fire and reads return, but the store writes nothing. */
    private void passTimeBeforeAnyWrite(Duration duration) {
        world.time.advance(duration.toMillis());
        world.wakeAt = Lane.NEVER;
        world.shard.wake();
        ShardSteps.answerReads(world);
        ShardSteps.answerReads(world);
    }

    private void retry(DeliveryId delivery) {
        world.retryByHand(delivery);
        world.pump();
    }
}
