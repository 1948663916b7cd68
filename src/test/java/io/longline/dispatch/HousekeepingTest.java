package io.longline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.SystemErrors;
import io.longline.config.Settings;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.store.Operation;
import io.longline.store.Operation.AcceptEvents;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeepingTest extends DispatchFixture {
    private static final Duration AGE = Duration.ofDays(30);

    private Housekeeping housekeeping;

    private void begin(Duration interval) {
        begin(interval, 400);
    }

    private void begin(Duration interval, int mostSteps) {
        Settings.Retention retention = new Settings.Retention(AGE, AGE, Duration.ofDays(60), AGE, AGE, interval);
        housekeeping = new Housekeeping(
                vertx, store, time, retention, new SystemErrors(vertx.eventBus(), time, "1"), mostSteps);
        context.runOnContext(ignored -> housekeeping.begin());
    }

    @AfterEach
    void end() {
        context.runOnContext(ignored -> housekeeping.end());
    }

    private void accept(Webhook webhook, int count) {
        List<NewEvent> events = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            EventId id = ids.event();
            Payload payload = Payload.of("{}".getBytes(StandardCharsets.UTF_8));
            DeliveryId delivery = ids.delivery();
            long acceptedAt = IdGenerator.millisOf(id.value());
            events.add(new NewEvent(
                    id,
                    "default",
                    "order.created",
                    payload,
                    acceptedAt,
                    Instant.ofEpochMilli(acceptedAt),
                    List.of(new Target(delivery, webhook.id()))));
        }
        await(store.write(new AcceptEvents(events, null)));
    }

    private void until(String sql, String expected) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(rows(sql)).containsExactly(expected));
    }

    @Test
    void e13_aRoundTakesWhatIsOldInAsManyStepsAsItNeedsAndLeavesWhatWaits() {
        Webhook cancelled = registered("*");
        Webhook waiting = registered("*");
        accept(cancelled, 1_200);
        accept(waiting, 3);
        await(store.write(new Operation.DeleteWebhook(cancelled.id(), time.now())));
        now.addAndGet(AGE.plusDays(3).toMillis());

        begin(Duration.ofMillis(20));

        until("SELECT count(*) FROM events", "3");
        until("SELECT count(*) FROM webhooks", "1");
        until("SELECT count(*) FROM tenant_stats WHERE resolution_s = 60", "0");
        until("PRAGMA freelist_count", "0");
        assertThat(rows("SELECT status FROM deliveries"))
                .containsOnly("pending")
                .hasSize(3);
    }

    /** However much is old: a round that gave way does not wait for its turn again. */
    @Test
    void e13_aRoundThatGaveWayGoesOnSoon() {
        Webhook cancelled = registered("*");
        accept(cancelled, 5_000);
        await(store.write(new Operation.DeleteWebhook(cancelled.id(), time.now())));
        now.addAndGet(AGE.plusDays(3).toMillis());

        begin(Duration.ofSeconds(4), 1);

        // In steps of 500 and rounds of one step, more rounds than the intervals of that time.
        until("SELECT count(*) FROM events", "0");
    }

    @Test
    void e10_whatADeletionLeftBehindIsRewrittenAtTheStart() {
        Webhook webhook = registered("*");
        accept(webhook, 1_200);
        await(store.write(new Operation.DeleteWebhook(webhook.id(), time.now())));

        begin(Duration.ofHours(1));

        until("SELECT count(*) FROM deliveries WHERE status = 'cancelled'", "1200");
    }

    @Test
    void e10_whatADeletionLeavesBehindIsRewrittenSoon() {
        begin(Duration.ofHours(1));
        until("SELECT count(*) FROM webhooks WHERE cancelling = 1", "0");
        Webhook webhook = registered("*");
        accept(webhook, 700);
        await(store.write(new Operation.DeleteWebhook(webhook.id(), time.now())));

        context.runOnContext(ignored -> housekeeping.cancelSoon());

        until("SELECT count(*) FROM deliveries WHERE status = 'cancelled'", "700");
        until("SELECT count(*) FROM webhooks WHERE cancelling = 1", "0");
    }
}
