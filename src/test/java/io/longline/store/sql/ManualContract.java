package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Webhook;
import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.Manual;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.ReplayEvent;
import io.longline.store.Operation.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E11: what people do by hand. */
public abstract class ManualContract extends StoreContract {
    private Delivery read(DeliveryId id) {
        return await(store.queries().delivery(id)).orElseThrow();
    }

    private Commit lastCommit() {
        return commits.get(commits.size() - 1);
    }

    @Test
    void e11_aRetryReopensAFinalDeliveryWithAFreshBudgetAndItsHistory() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(succeeded(webhook, id, 1));

        Manual answered = write(new Operation.RetryDelivery(id, START + 7));

        assertThat(answered).isEqualTo(Manual.DONE);
        assertThat(lastCommit().reopened()).containsExactly(new Commit.Touched(webhook.id(), id));
        assertThat(await(store.retries(webhook.id(), 10))).singleElement().satisfies(waiting -> {
            assertThat(waiting.attempts()).isEqualTo(1);
            assertThat(waiting.budgetUsed()).isZero();
            assertThat(waiting.nextAttemptAtMillis()).isEqualTo(START + 7);
            assertThat(waiting.openedAtMillis()).isEqualTo(START + 7);
        });
        assertThat(read(id).finishedAt()).isNull();
    }

    @Test
    void e11_aRetryHastensADeliveryThatWaits() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(failedOnce(webhook, id, 1, Instant.ofEpochMilli(START + 100_000)));

        Manual answered = write(new Operation.RetryDelivery(id, START + 7));

        assertThat(answered).isEqualTo(Manual.DONE);
        assertThat(read(id).nextAttemptAt()).isEqualTo(Instant.ofEpochMilli(START + 7));
        assertThat(rows("SELECT pending, retrying FROM webhook_totals")).containsExactly("1,1");
    }

    @Test
    void e11_aCancelledDeliveryIsFinal() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        Manual first = write(new Operation.CancelDelivery(id, START + 7));

        Manual second = write(new Operation.CancelDelivery(id, START + 8));

        assertThat(first).isEqualTo(Manual.DONE);
        assertThat(second).isEqualTo(Manual.FINAL);
        assertThat(read(id).status()).isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(read(id).finishedAt()).isEqualTo(Instant.ofEpochMilli(START + 7));
        assertThat(lastCommit().cancelled()).containsExactly(new Commit.Touched(webhook.id(), id));
    }

    @Test
    void e11_aResultNeverOverridesACancellationButItsAttemptIsKept() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(new Operation.CancelDelivery(id, START));

        write(succeeded(webhook, id, 1));

        assertThat(read(id).status()).isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(read(id).attemptCount()).isEqualTo(1);
        assertThat(read(id).lastResponseCode()).isEqualTo(200);
        assertThat(await(store.queries().deliveryDetails(id)).orElseThrow().attempts())
                .hasSize(1);
        assertThat(lastCommit().settled()).containsExactly(new Commit.Settled(webhook.id(), id, null));
    }

    @Test
    void e11_nothingIsDoneByHandForADeletedWebhook() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(START)));

        assertThat(write(new Operation.RetryDelivery(id, START))).isEqualTo(Manual.UNKNOWN);
        assertThat(write(new Operation.CancelDelivery(id, START))).isEqualTo(Manual.UNKNOWN);
    }

    @Test
    void replay_reopensWhatIsFinalMakesWhatIsMissingAndLeavesWhatWaits() {
        Webhook ended = registered();
        Webhook waiting = registered();
        Webhook missing = registered();
        NewEvent event = event(ended, waiting);
        write(accept(event));
        write(succeeded(ended, event.targets().get(0).deliveryId(), 1));
        Target made = new Target(ids.delivery(), missing.id());

        int delivered = write(new ReplayEvent(
                event.id(),
                "default",
                List.of(new Target(ids.delivery(), ended.id()), new Target(ids.delivery(), waiting.id()), made),
                START + 7));

        assertThat(delivered).isEqualTo(2);
        assertThat(lastCommit().reopened())
                .containsExactlyInAnyOrder(
                        new Commit.Touched(ended.id(), event.targets().get(0).deliveryId()),
                        new Commit.Touched(missing.id(), made.deliveryId()));
        assertThat(rows("SELECT count(*) FROM deliveries WHERE status = 'pending'"))
                .containsExactly("3");
        assertThat(rows("SELECT pending, retrying FROM tenant_totals WHERE tenant = '*'"))
                .containsExactly("3,1");
    }

    @Test
    void replay_toAWebhookDeletedMeanwhileMakesNothing() {
        Webhook webhook = registered();
        NewEvent event = event(webhook);
        write(accept(event));
        Webhook deleted = registered();
        write(new Operation.DeleteWebhook(deleted.id(), Instant.ofEpochMilli(START)));

        int delivered = write(
                new ReplayEvent(event.id(), "default", List.of(new Target(ids.delivery(), deleted.id())), START + 7));

        assertThat(delivered).isZero();
        assertThat(rows("SELECT pending FROM tenant_totals WHERE tenant = '*'")).containsExactly("1");
        assertThat(rows("SELECT count(*) FROM deliveries")).containsExactly("1");
    }

    @Test
    void replay_toADeletedWebhookReopensNothing() {
        Webhook webhook = registered();
        NewEvent event = event(webhook);
        write(accept(event));
        write(succeeded(webhook, event.targets().get(0).deliveryId(), 1));
        write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(START)));

        int delivered = write(
                new ReplayEvent(event.id(), "default", List.of(new Target(ids.delivery(), webhook.id())), START + 7));

        assertThat(delivered).isZero();
        assertThat(rows("SELECT status FROM deliveries")).containsExactly("succeeded");
    }

    @Test
    void replay_ofAnEventThatRetentionTookMeanwhileMakesNothing() {
        Webhook webhook = registered();

        int delivered = write(
                new ReplayEvent(ids.event(), "default", List.of(new Target(ids.delivery(), webhook.id())), START + 7));

        assertThat(delivered).isZero();
        assertThat(rows("SELECT pending FROM webhook_totals")).isEmpty();
        assertThat(commits).hasSize(1);
    }
}
