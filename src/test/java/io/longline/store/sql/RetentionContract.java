package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.AuditEntry;
import io.longline.model.DeliveryId;
import io.longline.model.Webhook;
import io.longline.store.Operation;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.longline.store.PastDelivery;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E13: what is old goes, a small step at a time, and never what still waits. */
public abstract class RetentionContract extends StoreContract {
    private static final long AGE = Duration.ofDays(30).toMillis();

    /** Events of before the retention's bound, each with a delivery that has ended. */
    private List<NewEvent> ended(Webhook webhook, int count) {
        List<NewEvent> events = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            NewEvent event = event(webhook);
            write(accept(event));
            write(succeeded(webhook, event.targets().get(0).deliveryId(), 1));
            events.add(event);
        }
        return events;
    }

    private long passAges() {
        return now.addAndGet(AGE + 1_000) - AGE;
    }

    private List<String> count() {
        return rows("SELECT (SELECT count(*) FROM deliveries), (SELECT count(*) FROM delivery_attempts),"
                + " (SELECT count(*) FROM events)");
    }

    @Test
    void e13_finalDeliveriesGoWithTheirAttempts() {
        Webhook webhook = registered();
        ended(webhook, 3);
        long before = passAges();
        ended(webhook, 2);

        stepsUntilDone(new Job.DropDeliveries(before), 500);

        assertThat(count()).containsExactly("2,2,5");
    }

    /** A delivery that has ended elsewhere, and is not imported yet. */
    private PastDelivery past(Webhook webhook) {
        NewEvent event = event(webhook);
        DeliveryId delivery = event.targets().get(0).deliveryId();
        return new PastDelivery(
                event.id(),
                delivery,
                webhook.id(),
                webhook.tenant(),
                event.type(),
                event.payload(),
                event.occurredAt(),
                List.of(succeeded(webhook, delivery, 1).attempt()));
    }

    @Test
    void e13_whatIsImportedWhenItIsOld_goesWithinTheSameCommit_withoutATrace() {
        PastDelivery past = past(registered());
        long before = passAges();

        await(together(() -> Future.all(
                store.write(new Operation.ImportHistory(List.of(past))),
                store.write(new Operation.Upkeep(new Job.DropDeliveries(before), now.get(), 500)))));

        assertThat(count()).containsExactly("0,0,1");
    }

    @Test
    void e13_aDeletedWebhookStays_whenItsHistoryIsImportedWithinTheSameCommit() {
        Webhook webhook = registered();
        PastDelivery past = past(webhook);
        write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(now.get())));
        stepsUntilDone(new Job.CancelOfDeleted(), 500);
        long before = passAges();

        await(together(() -> Future.all(
                store.write(new Operation.ImportHistory(List.of(past))),
                store.write(new Operation.Upkeep(new Job.DropWebhooks(before), now.get(), 500)))));
        assertThat(rows("SELECT count(*) FROM webhooks")).containsExactly("1");

        stepsUntilDone(new Job.DropDeliveries(before), 500);
        stepsUntilDone(new Job.DropWebhooks(before), 500);
        assertThat(rows("SELECT count(*) FROM webhooks")).containsExactly("0");
    }

    @Test
    void e13_aStepDropsNoMoreThanItMay() {
        ended(registered(), 12);
        long before = passAges();

        // A delivery and its attempt are two rows.
        step(new Job.DropDeliveries(before), 10);

        assertThat(count()).containsExactly("7,7,12");
        step(new Job.DropEvents(before), 5);
        assertThat(count()).containsExactly("7,7,7");
    }

    /** Retries by hand may make any number of attempts. */
    @Test
    void e13_aStepDropsNoMoreThanItMayOfADeliveryWithManyAttempts() {
        Webhook webhook = registered();
        DeliveryId delivery = delivered(webhook);
        for (int attempt = 1; attempt < 12; attempt++) {
            write(failedOnce(webhook, delivery, attempt, Instant.ofEpochMilli(START)));
        }
        write(succeeded(webhook, delivery, 12));
        ended(webhook, 1);
        long before = passAges();

        int first = step(new Job.DropDeliveries(before), 5);
        List<String> afterOne = count();
        step(new Job.DropDeliveries(before), 5);
        List<String> afterTwo = count();
        stepsUntilDone(new Job.DropDeliveries(before), 5);

        assertThat(first).isEqualTo(5);
        assertThat(afterOne).containsExactly("2,8,2");
        assertThat(afterTwo).containsExactly("2,3,2");
        assertThat(count()).containsExactly("0,0,2");
    }

    @Test
    void e13_whatWaitsStaysWhateverItsAge() {
        Webhook webhook = registered();
        DeliveryId first = delivered(webhook);
        ended(webhook, 3);
        DeliveryId retry = delivered(webhook);
        write(failedOnce(webhook, retry, 1, Instant.ofEpochMilli(START + 5_000)));
        long before = passAges();

        stepsUntilDone(new Job.DropDeliveries(before), 2);
        stepsUntilDone(new Job.DropEvents(before), 2);

        assertThat(rows("SELECT id FROM deliveries ORDER BY id")).containsExactly(first.value(), retry.value());
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("2");
    }

    @Test
    void e13_whatHasEndedSinceAnEarlierRoundGoesInTheNext() {
        Webhook webhook = registered();
        DeliveryId waiting = delivered(webhook);
        long before = passAges();
        stepsUntilDone(new Job.DropDeliveries(before), 500);
        write(succeeded(webhook, waiting, 1));

        stepsUntilDone(new Job.DropDeliveries(before), 500);

        assertThat(count()).containsExactly("0,0,1");
    }

    @Test
    void e13_anEventStaysUntilNoneOfItsDeliveriesIsLeft() {
        Webhook webhook = registered();
        Webhook slow = registered();
        NewEvent event = event(webhook, slow);
        write(accept(event));
        write(succeeded(webhook, event.targets().get(0).deliveryId(), 1));
        long before = passAges();
        stepsUntilDone(new Job.DropDeliveries(before), 500);

        stepsUntilDone(new Job.DropEvents(before), 500);

        assertThat(rows("SELECT id FROM events")).containsExactly(event.id().value());
        write(succeeded(slow, event.targets().get(1).deliveryId(), 1));
        stepsUntilDone(new Job.DropDeliveries(before), 500);
        stepsUntilDone(new Job.DropEvents(before), 500);
        assertThat(rows("SELECT id FROM events")).isEmpty();
    }

    @Test
    void e13_anEventThatNobodySubscribedToGoesToo() {
        write(accept(event()));
        long before = passAges();

        stepsUntilDone(new Job.DropEvents(before), 500);

        assertThat(rows("SELECT id FROM events")).isEmpty();
    }

    /** A restart begins a round anew; it loses nothing of it. */
    @Test
    void e13_aRoundGoesOnAfterARestart() {
        ended(registered(), 10);
        long before = passAges();
        step(new Job.DropDeliveries(before), 4);

        reopen();
        stepsUntilDone(new Job.DropDeliveries(before), 4);

        assertThat(count()).containsExactly("0,0,10");
    }

    @Test
    void e13_auditGoesByItsOwnAge() {
        for (int index = 0; index < 3; index++) {
            write(audit("old"));
        }
        long before = passAges();
        write(audit("new"));

        int first = step(new Job.DropAudit(before), 2);
        int second = step(new Job.DropAudit(before), 2);

        assertThat(List.of(first, second)).containsExactly(2, 1);
        assertThat(rows("SELECT actor FROM audit")).containsExactly("new");
    }

    @Test
    void e13_eventTypesGoByWhenTheyWereSeenLast() {
        write(accept(event("default", "old.type")));
        write(accept(event("default", "seen.again")));
        long before = passAges();
        write(accept(event("default", "seen.again")));

        step(new Job.DropEventTypes(before), 500);

        assertThat(rows("SELECT name FROM event_types")).containsExactly("seen.again");
    }

    @Test
    void e13_statisticsOutliveWhatTheyCounted() {
        Webhook webhook = registered();
        ended(webhook, 3);
        long before = passAges();

        stepsUntilDone(new Job.DropDeliveries(before), 500);
        stepsUntilDone(new Job.DropEvents(before), 500);

        assertThat(await(store.queries().webhookStatistics(webhook.id())).succeededAttempts())
                .isEqualTo(3);
    }

    @Test
    void e13_statisticsGoByTheirOwnAge() {
        ended(registered(), 1);
        long before = passAges();
        ended(registered(), 1);
        stepsUntilDone(new Job.RollUpStatistics(now.get() + 60_000), 500);

        stepsUntilDone(new Job.DropStatistics(before), 1);

        assertThat(rows("SELECT DISTINCT bucket_at >= " + (before - 3_600_000) + " FROM tenant_stats"))
                .containsExactly("1");
        assertThat(rows("SELECT count(*) FROM webhook_stats")).containsExactly("1");
    }

    private Operation.RecordAudit audit(String actor) {
        Instant at = Instant.ofEpochMilli(now.get());
        return new Operation.RecordAudit(new AuditEntry(ids.next("aud_"), at, actor, "b", "c", "d", "e", ""));
    }
}
