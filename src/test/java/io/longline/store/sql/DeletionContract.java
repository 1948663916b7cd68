package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Webhook;
import io.longline.store.Operation;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Target;
import io.longline.store.Queries.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E10: deleting a webhook answers at once, whatever waits for it. */
public abstract class DeletionContract extends StoreContract {
    private static final Instant DELETED_AT = Instant.ofEpochMilli(START + 1_000);

    private Webhook webhook;
    private Webhook other;

    @BeforeEach
    void registerTwo() {
        webhook = registered();
        other = registered();
    }

    private boolean delete() {
        return write(new Operation.DeleteWebhook(webhook.id(), DELETED_AT));
    }

    /** One event for each, so many times; every third has failed once. Answers the deliveries of the first webhook. */
    private List<DeliveryId> backlog(int size) {
        List<DeliveryId> waiting = new ArrayList<>();
        NewEvent[] events = new NewEvent[size];
        for (int index = 0; index < size; index++) {
            events[index] = event(webhook, other);
            waiting.add(events[index].targets().get(0).deliveryId());
        }
        write(accept(events));
        for (int index = 0; index < size; index += 3) {
            write(failedOnce(webhook, waiting.get(index), 1, Instant.ofEpochMilli(START + 5_000)));
        }
        return waiting;
    }

    @Test
    void e10_deletingIsOneStepWhateverWaits() {
        backlog(100);

        boolean deleted = delete();

        assertThat(deleted).isTrue();
        assertThat(rows("SELECT count(*) FROM deliveries WHERE status = 'cancelled'"))
                .containsExactly("0");
        assertThat(commits.get(commits.size() - 1).webhooks())
                .singleElement()
                .satisfies(reported -> assertThat(reported.isDeleted()).isTrue());
        assertThat(await(store.queries().webhook(webhook.id()))).isEmpty();
        assertThat(await(store.registeredWebhooks())).containsExactly(other);
        assertThat(delete()).isFalse();
    }

    @Test
    void e10_theSecretGoesWithTheWebhook() {
        Webhook signed = write(new Operation.CreateWebhook(webhook()
                .secrets(new io.longline.model.SigningSecrets("whsec_a", "whsec_b", DELETED_AT))
                .build()));

        write(new Operation.DeleteWebhook(signed.id(), DELETED_AT));

        assertThat(rows("SELECT secret, previous_secret FROM webhooks WHERE id = '" + signed.id() + "'"))
                .containsExactly("null,null");
    }

    @Test
    void e10_readsShowWhatWaitedAsCancelledAtOnce() {
        List<DeliveryId> waiting = backlog(3);

        delete();

        for (DeliveryId id : waiting) {
            Delivery read = await(store.queries().delivery(id)).orElseThrow();
            assertThat(read.status()).isEqualTo(DeliveryStatus.CANCELLED);
            assertThat(read.nextAttemptAt()).isNull();
            assertThat(read.finishedAt()).isEqualTo(DELETED_AT);
            assertThat(read.held()).isFalse();
        }
        assertThat(listed(DeliveryStatus.CANCELLED)).containsExactlyInAnyOrderElementsOf(waiting);
        assertThat(listed(DeliveryStatus.PENDING)).hasSize(3).doesNotContainAnyElementsOf(waiting);
    }

    private List<DeliveryId> listed(DeliveryStatus status) {
        var filter =
                new io.longline.store.Queries.DeliveryFilter(status, null, null, null, null, null, null, null, null);
        return await(store.queries().deliveries(filter, new PageRequest(null, 100))).items().stream()
                .map(Delivery::id)
                .toList();
    }

    @Test
    void e10_whatWaitedIsRewrittenInStepsAndNobodyElses() {
        backlog(30);
        delete();

        int steps = stepsUntilDone(new Job.CancelOfDeleted(), 8);

        assertThat(steps).isGreaterThanOrEqualTo(4);
        assertThat(rows("SELECT webhook_id, status, count(*), sum(next_attempt_at IS NULL), sum(finished_at IS NULL)"
                        + " FROM deliveries GROUP BY 1, 2"))
                .containsExactlyInAnyOrder(webhook.id() + ",cancelled,30,30,0", other.id() + ",pending,30,0,30");
    }

    @Test
    void e10_theRewritingGoesOnAfterARestart() {
        backlog(30);
        delete();
        step(new Job.CancelOfDeleted(), 8);

        reopen();
        stepsUntilDone(new Job.CancelOfDeleted(), 8);

        assertThat(rows("SELECT count(*) FROM deliveries WHERE status = 'cancelled'"))
                .containsExactly("30");
    }

    @Test
    void e10_aStepNeverRewritesMoreThanItMay() {
        backlog(30);
        delete();

        int changed = step(new Job.CancelOfDeleted(), 8);

        assertThat(changed).isBetween(1, 8);
        assertThat(rows("SELECT count(*) FROM deliveries WHERE status = 'cancelled'"))
                .containsExactly(String.valueOf(changed));
    }

    @Test
    void e10_aResultInFlightDoesNotOverrideTheDeletion() {
        DeliveryId inFlight = backlog(1).get(0);
        delete();

        write(succeeded(webhook, inFlight, 2));

        assertThat(await(store.queries().delivery(inFlight)).orElseThrow().status())
                .isEqualTo(DeliveryStatus.CANCELLED);
        assertThat(rows("SELECT count(*) FROM delivery_attempts")).containsExactly("2");
        stepsUntilDone(new Job.CancelOfDeleted(), 500);
        assertThat(rows("SELECT status FROM deliveries WHERE id = '" + inFlight + "'"))
                .containsExactly("cancelled");
    }

    @Test
    void e10_anExpiryDoesNotOverrideTheDeletion() {
        DeliveryId waiting = backlog(1).get(0);
        delete();

        write(new Operation.ExpireDeliveries(webhook.id(), "default", List.of(waiting), START));

        assertThat(await(store.queries().delivery(waiting)).orElseThrow().status())
                .isEqualTo(DeliveryStatus.CANCELLED);
    }

    @Test
    void e10_anEventMatchedBeforeTheDeletionIsCancelledFromTheStart() {
        delete();
        stepsUntilDone(new Job.CancelOfDeleted(), 500);
        int reported = commits.size();

        write(accept(event(webhook)));

        assertThat(rows("SELECT status, next_attempt_at FROM deliveries")).containsExactly("cancelled,null");
        assertThat(commits).hasSize(reported);
    }

    @Test
    void e14_aDeletionTakesWhatWaitedOutOfTheFigures() {
        backlog(30);

        delete();

        assertThat(await(store.queries().webhookStatistics(webhook.id())).pending())
                .isZero();
        assertThat(rows("SELECT tenant, pending, retrying FROM tenant_totals ORDER BY tenant"))
                .containsExactly("*,30,0", "default,30,0");
        stepsUntilDone(new Job.CancelOfDeleted(), 8);
        assertThat(rows("SELECT tenant, pending, retrying FROM tenant_totals ORDER BY tenant"))
                .containsExactly("*,30,0", "default,30,0");
    }

    /** The figures that a deletion subtracts are those of that very moment, also of its own commit. */
    @Test
    void e14_aDeletionSeesWhatItsOwnCommitCounted() {
        List<DeliveryId> waiting = backlog(3);

        together(() -> List.of(
                        store.write(succeeded(webhook, waiting.get(1), 1)),
                        store.write(new Operation.DeleteWebhook(webhook.id(), DELETED_AT))))
                .forEach(StoreContract::await);

        assertThat(rows("SELECT tenant, pending, retrying FROM tenant_totals ORDER BY tenant"))
                .containsExactly("*,3,0", "default,3,0");
    }

    @Test
    void e13_aDeletedWebhookGoesOnceNothingPointsAtIt() {
        backlog(2);
        delete();
        long later = START + Duration.ofDays(31).toMillis();
        now.set(later);
        assertThat(step(new Job.DropWebhooks(later), 500)).isZero();
        stepsUntilDone(new Job.CancelOfDeleted(), 500);
        stepsUntilDone(new Job.DropDeliveries(later), 500);

        int dropped = step(new Job.DropWebhooks(later), 500);

        assertThat(dropped).isEqualTo(1);
        assertThat(rows("SELECT id FROM webhooks")).containsExactly(other.id().value());
        assertThat(rows("SELECT webhook_id FROM webhook_totals"))
                .containsExactly(other.id().value());
    }

    @Test
    void e10_aResultLeavesTheDeliveryOfADeletedWebhookAloneAfterARestartToo() {
        Webhook webhook = registered();
        DeliveryId delivery = delivered(webhook);
        write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(START)));

        reopen();
        write(succeeded(webhook, delivery, 1));
        stepsUntilDone(new Job.CancelOfDeleted(), 500);

        assertThat(rows("SELECT status, attempts FROM deliveries")).containsExactly("cancelled,1");
    }

    @Test
    void e3_aDeliveryIsReadByItsOwnWebhookAlone() {
        NewEvent event = event(webhook, other);
        write(accept(event));
        Target target = event.targets().get(1);

        assertThat(await(store.webhookOf(target.deliveryId()))).contains(other.id());
        assertThat(await(store.firstAttempts(other.id(), 10))).hasSize(1);
        assertThat(await(store.backlogs(List.of(other.id()))))
                .containsOnlyKeys(other.id())
                .allSatisfy((id, backlog) -> assertThat(backlog.firstAttempt()).isEqualTo(target.deliveryId()));
    }
}
