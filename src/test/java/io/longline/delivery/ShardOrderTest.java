package io.longline.delivery;

import static io.longline.delivery.ShardSteps.answerReads;
import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.longline.store.Operation.NewEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A delivery is sent once, whatever the order in which messages, reads and results come. */
class ShardOrderTest {
    /** Four in flight, six first attempts in the window: the eleventh is left to the store. */
    private static final ShardSettings SMALL = ShardWorld.settings(16, 8, 8);

    private static final int FILLS_LANE = 10;

    private final ShardWorld world = new ShardWorld(SMALL);
    private final WebhookId webhook = world.webhook();

    @Test
    void e4_deliveryMadeWhileBehindIsLeftToTheStoreAndSentOnceByARead() {
        List<DeliveryId> made = new ArrayList<>(world.accept(FILLS_LANE, webhook));
        deliverAll(world);
        assertThat(world.lane(webhook).isBehind()).isFalse();

        made.addAll(world.accept(5, webhook));
        deliverAll(world);

        assertThat(world.lane(webhook).isBehind()).isTrue();
        assertThat(world.lane(webhook).waitingCount()).isEqualTo(6);
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyElementsOf(made);
        assertThat(world.lane(webhook).isBehind()).isFalse();
    }

    /** There is room in the window again, but what the store alone holds is older. */
    @Test
    void e4_deliveryMadeWhileBehindDoesNotOvertakeWhatTheStoreHolds() {
        List<DeliveryId> made = new ArrayList<>(world.accept(FILLS_LANE + 4, webhook));
        deliverAll(world);
        beginRead();

        made.add(world.accept(webhook));
        deliverAll(world);

        assertThat(sentIds(world)).doesNotContain(made.get(made.size() - 1));
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    @Test
    void e4_readThatBeganBeforeAResultWasRecordedDoesNotSendItAgain() {
        List<DeliveryId> made = world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        List<DeliveryId> answered = beginRead();
        assertThat(idsRead()).containsAll(answered);

        world.write();
        deliverAll(world);
        answerReads(world);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    /** The same with retries: the read shows each as due that an attempt has meanwhile answered for. */
    @Test
    void e4_readOfRetriesThatBeganBeforeAResultWasRecordedDoesNotSendThemAgain() {
        List<DeliveryId> made = world.accept(4, webhook);
        world.pump();
        world.endAll(ShardWorld.ERROR);
        world.time.advance(6_000);
        world.wakeAt = Lane.NEVER;
        world.shard.wake();
        answerReads(world);
        world.endOnly(ShardSteps.oldest(world), ShardWorld.OK);
        assertThat(world.reads).as("more retries are read").hasSize(1);
        assertThat(world.reads.get(0).rows()).hasSize(4);

        world.write();
        deliverAll(world);
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world).subList(4, world.sent.size())).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void e4_deliveryAnsweredButNotYetRecordedIsNotSentAgainThoughAReadShowsItAsPending() {
        List<DeliveryId> made = world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        List<DeliveryId> answered = beginRead();
        assertThat(idsRead()).containsAll(answered);

        answerReads(world);
        world.shard.tick();
        assertThat(answered).allSatisfy(id -> assertThat(world.flights).doesNotContainKey(id));

        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    /** A message is slower than the read that brings what it tells of. */
    @Test
    void e4_deliveryThatAReadAndThenItsMessageBringIsSentOnce() {
        List<DeliveryId> made = new ArrayList<>(world.accept(FILLS_LANE + 1, webhook));
        deliverAll(world);
        List<DeliveryId> late = world.accept(2, webhook);
        made.addAll(late);
        beginRead();
        assertThat(idsRead()).containsAll(late);

        answerReads(world);
        deliverAll(world);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void e4_shortReadCatchesUpWhenNothingWasLeftToTheStoreSinceItBegan() {
        world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        beginRead();

        answerReads(world);

        assertThat(world.lane(webhook).isBehind()).isFalse();
    }

    @Test
    void e4_shortReadDoesNotCatchUpWhenSomethingWasLeftToTheStoreSinceItBegan() {
        world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        beginRead();
        List<DeliveryId> late = world.accept(FILLS_LANE * 2, webhook);
        deliverAll(world);
        assertThat(idsRead()).doesNotContainAnyElementsOf(late);

        answerReads(world);

        assertThat(world.lane(webhook).isBehind()).isTrue();
        world.endAll(ShardWorld.OK);
        assertThat(late).allMatch(id -> world.status(id) == DeliveryStatus.SUCCEEDED);
        assertThat(world.lane(webhook).isBehind()).isFalse();
    }

    /** Otherwise a lane whose deliveries come faster than a read takes would never catch up. */
    @Test
    void e4_shortReadCatchesUpWithWhatCameMeanwhile() {
        List<DeliveryId> made = new ArrayList<>(world.accept(FILLS_LANE + 2, webhook));
        deliverAll(world);
        beginRead();
        DeliveryId late = world.accept(webhook);
        made.add(late);
        deliverAll(world);
        assertThat(idsRead()).doesNotContain(late);

        answerReads(world);

        assertThat(world.lane(webhook).isBehind()).isFalse();
        long reads = world.readsBegun;
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyElementsOf(made);
        assertThat(world.readsBegun).isEqualTo(reads);
    }

    /** What came before the read looked comes with it as well. */
    @Test
    void e4_deliveryThatCameAndWasReadIsSentOnce() {
        world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        world.accept(webhook);
        world.write();
        beginRead();
        deliverAll(world);

        answerReads(world);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).doesNotHaveDuplicates().hasSize(FILLS_LANE + 3);
        assertThat(world.memory.held()).as("nothing is held any more").isZero();
    }

    @Test
    void e4_deliveryCalledOffDuringAReadIsNotSent() {
        world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        beginRead();
        DeliveryId late = world.accept(webhook);
        deliverAll(world);
        world.cancelByHand(late);
        deliverAll(world);

        answerReads(world);
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).doesNotContain(late);
        assertThat(world.memory.held()).as("nothing is held any more").isZero();
    }

    @Test
    void e4_readThatReturnsAsManyRowsAsItAskedForDoesNotCatchUp() {
        world.accept(FILLS_LANE + 30, webhook);
        deliverAll(world);
        beginRead();
        assertThat(world.reads.get(0).rows()).hasSize(world.reads.get(0).limit());

        answerReads(world);

        assertThat(world.lane(webhook).isBehind()).isTrue();
    }

    @Test
    void e4_readThatFailedIsDoneAgainAfterASecondAndNotBefore() {
        List<DeliveryId> made = world.accept(FILLS_LANE + 2, webhook);
        deliverAll(world);
        beginRead();

        world.fail(world.reads.get(0));
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofMillis(999));
        assertThat(sentIds(world)).hasSize(FILLS_LANE);
        assertThat(world.readsBegun).isEqualTo(1);

        world.advance(Duration.ofMillis(1));
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyElementsOf(made);
    }

    @Test
    void e4_messagesOfCommitsAreActedUponInTheirOrder() {
        DeliveryId before = world.accept(webhook);
        world.edit(webhook, change -> change.url("http://two.example/"));
        DeliveryId after = world.accept(webhook);

        deliverAll(world);

        assertThat(sentIds(world)).containsExactly(before, after);
        assertThat(world.flights.get(before).webhook().url()).isEqualTo("http://one.example/");
        assertThat(world.flights.get(after).webhook().url()).isEqualTo("http://two.example/");
    }

    /** E3 as well: a webhook that one commit registers gets the event that the same commit stores. */
    @Test
    void e4_webhookAndItsFirstDeliveryComeInOneMessage() {
        Webhook created = world.newWebhook(builder -> builder);
        NewEvent event = world.event(created.id());

        world.commit(new Operation.CreateWebhook(created), new Operation.AcceptEvents(List.of(event), null));
        deliverAll(world);

        assertThat(sentIds(world)).containsExactly(event.targets().get(0).deliveryId());
    }

    /** Answers two attempts, which leaves the window empty enough for a read; their results wait to be written. */
    private List<DeliveryId> beginRead() {
        List<DeliveryId> answered = List.copyOf(world.flights.keySet()).subList(0, 2);
        answered.forEach(id -> world.endOnly(id, ShardWorld.OK));
        assertThat(world.reads).as("reads under way").hasSize(1);
        return answered;
    }

    private List<DeliveryId> idsRead() {
        return world.reads.get(0).rows().stream().map(row -> row.id()).toList();
    }
}
