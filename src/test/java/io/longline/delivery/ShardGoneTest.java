package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation.RecordAttempt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A receiver that answers 410 is gone, unless its webhook was changed meanwhile. */
class ShardGoneTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.maxInFlight(2));
    private final List<DeliveryId> made = world.accept(30, webhook);

    @Test
    void e3_goneDisablesTheWebhookWithTheVersionThatWasSentWith() {
        world.edit(webhook, change -> change.description("the second version"));
        world.pump();
        DeliveryId delivery = made.get(0);
        world.end(delivery, ShardWorld.OK);
        world.end(made.get(1), ShardWorld.OK);
        long version = world.flights.get(made.get(2)).webhook().version();

        world.endOnly(made.get(2), ShardWorld.GONE);

        RecordAttempt result = (RecordAttempt) world.unwritten.getLast();
        assertThat(result.disable()).isNotNull();
        assertThat(result.disable().reason()).isEqualTo("gone");
        assertThat(result.disable().ifVersion()).isEqualTo(version).isEqualTo(2);
        world.pump();
        assertThat(stored().active()).isFalse();
        assertThat(stored().disabledReason()).isEqualTo("gone");
        assertThat(world.status(made.get(2))).isEqualTo(DeliveryStatus.FAILED);
        assertThat(world.store.rows.get(made.get(2)).reason).isEqualTo("gone");
    }

    @Test
    void e3_nothingElseIsSentUntilTheResultIsRecorded() {
        world.pump();

        world.endOnly(made.get(0), ShardWorld.GONE);
        world.endOnly(made.get(1), ShardWorld.OK);
        ShardSteps.answerReads(world);
        world.accept(3, webhook);
        deliverAll(world);
        world.shard.tick();
        world.time.advance(120_000);
        world.shard.wake();
        assertThat(world.sent).as("before the result is recorded").hasSize(2);
        assertThat(world.reads).isEmpty();
        world.pump();

        world.advance(Duration.ofHours(1));
        world.sweep();
        assertThat(world.sent).as("the webhook is disabled").hasSize(2);
        assertThat(world.lane(webhook).waitingCount()).isZero();
    }

    @Test
    void e3_whatWaitsIsKeptAndSentOnceTheWebhookIsSwitchedOnAgain() {
        world.pump();
        world.end(made.get(0), ShardWorld.GONE);
        world.end(made.get(1), ShardWorld.OK);
        assertThat(world.sent).hasSize(2);

        world.edit(webhook, change -> change.active(true));
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
        assertThat(world.status(made.get(0))).isEqualTo(DeliveryStatus.FAILED);
    }

    @Test
    void e3_webhookThatWasEditedBeforeTheAnswerIsNotDisabledAndGoesOn() {
        world.pump();
        world.edit(webhook, change -> change.url("http://two.example/"));
        deliverAll(world);

        world.endOnly(made.get(0), ShardWorld.GONE);

        assertThat(world.flights).as("at once").containsKey(made.get(2));
        world.endAll(ShardWorld.OK);
        assertThat(stored().active()).isTrue();
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void e3_webhookThatIsEditedBetweenAnswerAndRecordIsNotDisabledAndGoesOn() {
        world.pump();
        world.endOnly(made.get(0), ShardWorld.GONE);
        world.endOnly(made.get(1), ShardWorld.OK);
        assertThat(world.flights).isEmpty();

        world.edit(webhook, change -> change.url("http://two.example/"));
        deliverAll(world);
        while (!world.reads.isEmpty()) {
            ShardSteps.answerReads(world);
        }
        assertThat(world.unwritten).as("results not yet recorded").hasSize(2);
        assertThat(world.flights).isNotEmpty();
        world.endAll(ShardWorld.OK);
        assertThat(stored().active()).isTrue();
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    /** The edit is stored before the result, and its message comes after the answer. */
    @Test
    void e3_webhookThatWasEditedInTheStoreBeforeTheAnswerGoesOnWhenItsMessageComes() {
        world.pump();
        world.edit(webhook, change -> change.url("http://two.example/"));
        world.endOnly(made.get(0), ShardWorld.GONE);
        world.endOnly(made.get(1), ShardWorld.OK);
        assertThat(world.flights).isEmpty();

        world.pump();

        assertThat(stored().active()).isTrue();
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).containsExactlyInAnyOrderElementsOf(made);
    }

    /** The store would not take the result that disables: nothing may stay held for ever. */
    @Test
    void e3_goneWhoseResultWasRefusedIsSentAgain() {
        world.pump();
        world.endOnly(made.get(0), ShardWorld.GONE);
        world.unwritten.removeLast();

        world.shard.recordRefused(webhook, made.get(0));
        world.pump();
        world.sweep();
        world.endAll(ShardWorld.OK);

        assertThat(sentIds(world)).hasSize(made.size() + 1).containsAll(made);
        assertThat(sentIds(world).stream().filter(made.get(0)::equals)).hasSize(2);
    }

    @Test
    void e3_twoThatAreGoneAtOnceHoldUntilTheWebhookIsDisabled() {
        world.pump();
        world.endOnly(made.get(0), ShardWorld.GONE);
        world.endOnly(made.get(1), ShardWorld.GONE);

        world.pump();

        assertThat(world.sent).hasSize(2);
        assertThat(stored().active()).isFalse();
        assertThat(stored().version()).as("disabled once").isEqualTo(2);
        assertThat(world.shard.isQuiet()).isTrue();
    }

    private Webhook stored() {
        return world.store.webhooks.get(webhook);
    }
}
