package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.FailureReason;
import io.longline.model.Webhook;
import io.longline.policy.DeliveryState;
import io.longline.store.Operation;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.Operation.Target;
import io.longline.store.Queries.SystemStatistics;
import io.longline.store.Queries.WebhookStatistics;
import io.longline.store.sql.StatisticsModel.Tracked;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** E14: the figures are counters, written with what they count; whatever happens, they equal what happened. */
public abstract class StatisticsContract extends StoreContract {
    private static final String ALL_BUCKETS = """
            SELECT webhook_id AS owner, bucket_at, accepted, attempts_succeeded, attempts_failed, deliveries_succeeded,
                deliveries_failed, CAST(duration_ms AS INTEGER) FROM webhook_stats WHERE resolution_s = %d
            UNION ALL
            SELECT tenant, bucket_at, accepted, attempts_succeeded, attempts_failed, deliveries_succeeded,
                deliveries_failed, CAST(duration_ms AS INTEGER) FROM tenant_stats WHERE resolution_s = %d
            ORDER BY 1, 2""";

    private final StatisticsModel model = new StatisticsModel();
    private final List<Webhook> webhooks = new ArrayList<>();

    /** A course of things that may happen, some side by side in one commit; the seed tells which. */
    private void live(long seed, int rounds) {
        Random chance = new Random(seed);
        for (int count = 0; count < 4; count++) {
            register(count % 2 == 0 ? "default" : "acme");
        }
        for (int round = 0; round < rounds; round++) {
            now.addAndGet(chance.nextInt(40_000));
            switch (chance.nextInt(12)) {
                case 0, 1, 2 -> accept(chance);
                case 3, 4, 5, 6 -> attempt(chance);
                case 7, 8 -> retryByHand(chance);
                case 9 -> cancel(chance);
                case 10 -> expire(chance);
                default -> deleteOne(chance);
            }
        }
        // The tables follow a commit for many owners within a fraction of a second; here at once.
        write(new Operation.Upkeep(new Job.CatchUp(), now.get(), 1));
    }

    private void register(String tenant) {
        Webhook webhook = webhook().tenant(tenant).build();
        webhooks.add(write(new Operation.CreateWebhook(webhook)));
    }

    private void accept(Random chance) {
        List<Future<?>> written = new ArrayList<>();
        for (int count = chance.nextInt(6); count >= 0; count--) {
            Webhook first = webhooks.get(chance.nextInt(webhooks.size()));
            Webhook[] receivers = webhooks.stream()
                    .filter(webhook -> webhook.tenant().equals(first.tenant()) && chance.nextInt(3) > 0)
                    .toArray(Webhook[]::new);
            NewEvent event = event(first.tenant(), "order.created", receivers);
            written.add(store.write(accept(event)));
            model.accepted(first.tenant(), event.acceptedAtMillis());
            for (int index = 0; index < receivers.length; index++) {
                Target target = event.targets().get(index);
                model.made(target.deliveryId(), receivers[index], event.acceptedAtMillis());
            }
        }
        written.forEach(StoreContract::await);
    }

    private void attempt(Random chance) {
        List<Tracked> some = new ArrayList<>(model.deliveries);
        Collections.shuffle(some, chance);
        List<Future<?>> written = new ArrayList<>();
        for (Tracked delivery : some.subList(0, Math.min(5, some.size()))) {
            if (!delivery.waits() && chance.nextInt(4) > 0) {
                continue; // a late result for a delivery that has been called off is rare
            }
            if (delivery.waits() || delivery.status == DeliveryStatus.CANCELLED) {
                written.add(store.write(attempt(delivery, chance)));
            }
        }
        written.forEach(StoreContract::await);
    }

    private RecordAttempt attempt(Tracked delivery, Random chance) {
        durationMillis = chance.nextInt(2_000);
        int number = delivery.attempts + 1;
        int kind = chance.nextInt(3);
        DeliveryState next = switch (kind) {
            case 0 -> new DeliveryState.Succeeded(number);
            case 1 -> new DeliveryState.Failed(number, FailureReason.ATTEMPTS_EXHAUSTED);
            default -> new DeliveryState.Pending(number, number, Instant.ofEpochMilli(now.get() + 5_000));
        };
        model.attempted(delivery, kind == 0, (long) durationMillis, next.status(), now.get());
        Webhook webhook = delivery.webhook;
        return result(webhook.id(), webhook.tenant(), delivery.id, number, kind == 0 ? 200 : 500, next, null);
    }

    private void retryByHand(Random chance) {
        if (!model.deliveries.isEmpty()) {
            Tracked any = model.deliveries.get(chance.nextInt(model.deliveries.size()));
            if (write(new Operation.RetryDelivery(any.id, now.get())) == Operation.Manual.DONE) {
                any.status = DeliveryStatus.PENDING;
            }
        }
    }

    private void cancel(Random chance) {
        if (!model.deliveries.isEmpty()) {
            Tracked any = model.deliveries.get(chance.nextInt(model.deliveries.size()));
            if (write(new Operation.CancelDelivery(any.id, now.get())) == Operation.Manual.DONE) {
                any.status = DeliveryStatus.CANCELLED;
            }
        }
    }

    private void expire(Random chance) {
        List<Tracked> waiting = model.waiting();
        if (!waiting.isEmpty()) {
            Tracked any = waiting.get(chance.nextInt(waiting.size()));
            write(new Operation.ExpireDeliveries(any.webhook.id(), any.webhook.tenant(), List.of(any.id), now.get()));
            model.expired(any, now.get());
        }
    }

    private void deleteOne(Random chance) {
        Webhook webhook = webhooks.remove(chance.nextInt(webhooks.size()));
        write(new Operation.DeleteWebhook(webhook.id(), Instant.ofEpochMilli(now.get())));
        model.deleted(webhook);
        register(webhook.tenant());
        if (chance.nextBoolean()) {
            step(new Job.CancelOfDeleted(), 3);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void e14_theFiguresEqualWhatHappened(long seed) {
        live(seed, 250);

        assertThat(rows(ALL_BUCKETS.formatted(60, 60))).containsExactlyElementsOf(model.buckets(60_000));
        for (String owner : List.of("*", "default", "acme")) {
            assertThat(rows("SELECT pending, retrying FROM tenant_totals WHERE tenant = '" + owner + "'"))
                    .as(owner)
                    .containsExactly(model.waitingOf(owner));
        }
        for (Webhook webhook : webhooks) {
            WebhookStatistics figures = await(store.queries().webhookStatistics(webhook.id()));
            long[] sum = model.sum(webhook.id().value(), 0, Long.MAX_VALUE);
            assertThat(figures.succeededAttempts()).isEqualTo(sum[1]);
            assertThat(figures.failedAttempts()).isEqualTo(sum[2]);
            assertThat(figures.pending() + ",")
                    .isEqualTo(model.waitingOf(webhook.id().value()).split(",")[0] + ",");
            if (sum[1] + sum[2] > 0) {
                assertThat(figures.averageDurationMillis())
                        .isCloseTo((double) sum[5] / (sum[1] + sum[2]), within(0.001));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void e14_theFiguresSurviveARestartAndGoOn(long seed) {
        live(seed, 60);

        reopen();
        live(seed + 10, 60);

        assertThat(rows(ALL_BUCKETS.formatted(60, 60))).containsExactlyElementsOf(model.buckets(60_000));
        assertThat(rows("SELECT pending, retrying FROM tenant_totals WHERE tenant = '*'"))
                .containsExactly(model.waitingOf("*"));
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void e14_minutesBecomeHoursAndNothingIsLost(long seed) {
        live(seed, 150);

        int steps = stepsUntilDone(new Job.RollUpStatistics(now.get() + 60_000), 7);

        assertThat(steps).isGreaterThan(3);
        assertThat(rows(ALL_BUCKETS.formatted(3_600, 3_600))).containsExactlyElementsOf(model.buckets(3_600_000));
        assertThat(rows(ALL_BUCKETS.formatted(60, 60))).isEmpty();
    }

    @Test
    void e14_theLastDayIsExactToAMinute() {
        live(9, 100);
        long middle = (START + now.get()) / 2;
        Instant asked = Instant.ofEpochMilli(middle + Duration.ofDays(1).toMillis());
        long from = asked.toEpochMilli() / 60_000 * 60_000 - Duration.ofDays(1).toMillis() + 60_000;

        for (String tenant : new String[] {null, "default", "acme"}) {
            SystemStatistics figures = await(store.queries().statistics(tenant, asked));

            long[] day = model.sum(tenant == null ? "*" : tenant, from, Long.MAX_VALUE);
            assertThat(figures.succeeded24h()).isEqualTo(day[3]);
            assertThat(figures.failed24h()).isEqualTo(day[4]);
            assertThat(figures.averageDurationMillis24h())
                    .isCloseTo((double) day[5] / (day[1] + day[2]), within(0.001));
        }
    }

    @Test
    void e14_theFiguresOfNowCoverWhatWaitsAndTheMinuteBefore() {
        Webhook webhook = registered();
        write(new Operation.CreateWebhook(webhook().active(false).build()));
        DeliveryId oldest = delivered(webhook);
        DeliveryId done = delivered(webhook);
        write(failedOnce(webhook, oldest, 1, Instant.ofEpochMilli(START + 5_000)));
        write(succeeded(webhook, done, 1));
        delivered(webhook);

        SystemStatistics figures = await(store.queries().statistics(null, Instant.ofEpochMilli(START + 60_000)));

        assertThat(figures.totalWebhooks()).isEqualTo(2);
        assertThat(figures.activeWebhooks()).isEqualTo(1);
        assertThat(figures.pending()).isEqualTo(2);
        assertThat(figures.retrying()).isEqualTo(1);
        assertThat(figures.oldestPendingAt()).isEqualTo(Instant.ofEpochMilli(START));
        assertThat(figures.acceptedPerSecond()).isEqualTo(3 / 60.0);
        assertThat(figures.deliveredPerSecond()).isEqualTo(1 / 60.0);
        assertThat(figures.failedPerSecond()).isZero();
    }

    @Test
    void e14_aManualRetryThatEndsCountsOnceMore() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(succeeded(webhook, id, 1));
        write(new Operation.RetryDelivery(id, START));

        write(succeeded(webhook, id, 2));

        assertThat(rows("SELECT deliveries_succeeded, attempts_succeeded FROM webhook_stats"))
                .containsExactly("2,2");
    }

    @Test
    void e14_theTimesOfTheLastSuccessAndFailureNeverGoBack() {
        Webhook webhook = registered();
        DeliveryId id = delivered(webhook);
        write(failedOnce(webhook, id, 1, Instant.ofEpochMilli(START)));
        now.addAndGet(10_000);
        write(succeeded(webhook, id, 2));
        now.addAndGet(-5_000);

        write(succeeded(webhook, delivered(webhook), 1));

        WebhookStatistics figures = await(store.queries().webhookStatistics(webhook.id()));
        assertThat(figures.lastFailureAt()).isEqualTo(Instant.ofEpochMilli(START));
        assertThat(figures.lastSuccessAt()).isEqualTo(Instant.ofEpochMilli(START + 10_000));
    }
}
