package io.longline.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.EventDraft;
import io.longline.bus.Reply;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.bus.Request.ReplayEvent;
import io.longline.config.Settings;
import io.longline.model.EventId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeTest extends DispatchFixture {
    private static final int MOST_WAITING = 10;
    private static final int MOST_FAN_OUT = 8;
    private static final int MOST_PAYLOAD = 1_000;

    private Intake intake;

    private final SubscriptionIndex index = new SubscriptionIndex();

    @BeforeEach
    void subscribeThree() {
        Settings.Ingest settings = new Settings.Ingest(
                100, 1 << 20, MOST_WAITING, MOST_FAN_OUT, MOST_PAYLOAD, 100, 1 << 20, Duration.ofHours(24));
        for (int count = 0; count < 3; count++) {
            index.put(registered("order.*"));
        }
        intake = new Intake(store, index, ids, time, settings, accepted -> {});
    }

    private static EventDraft draft(String type, String data) {
        return new EventDraft("default", type, data.getBytes(UTF_8), "{}".getBytes(UTF_8), null);
    }

    private static Publish publish(EventDraft... drafts) {
        return new Publish(List.of(drafts), null);
    }

    @Test
    void publish_answersOnceTheEventAndAllItsDeliveriesAreCommitted() {
        Reply reply = onContext(() -> intake.publish(publish(draft("order.created", "{\"n\":1}"))));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Published.class,
                        published -> assertThat(published.receipts())
                                .singleElement()
                                .satisfies(receipt -> {
                                    assertThat(receipt.deliveries()).isEqualTo(3);
                                    assertThat(receipt.timestamp()).isEqualTo(Instant.ofEpochMilli(now.get()));
                                }));
        assertThat(rows("SELECT count(*) FROM deliveries")).containsExactly("3");
    }

    @Test
    void e1_aCallThatWouldMakeTooManyDeliveriesStoresNothing() {
        EventDraft draft = draft("order.created", "{}");

        Reply reply = onContext(() -> intake.publish(publish(draft, draft, draft)));

        assertThat(reply).isEqualTo(new Reply.TooManyDeliveries(9, MOST_FAN_OUT));
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("0");
    }

    @Test
    void e1_whatWouldWaitPastTheBoundIsRefusedUntilTheRestIsWritten() {
        EventDraft draft = draft("order.created", "{}");
        List<Reply> replies = new ArrayList<>();

        onContext(() -> {
            List<Future<Reply>> given = List.of(
                    intake.publish(publish(draft, draft)),
                    intake.publish(publish(draft)),
                    intake.publish(publish(draft)));
            return Future.join(given).onComplete(done -> given.forEach(one -> replies.add(one.result())));
        });
        Reply later = onContext(() -> intake.publish(publish(draft)));

        assertThat(replies.subList(0, 2)).hasOnlyElementsOfType(Reply.Published.class);
        assertThat(replies.get(2)).isEqualTo(new Reply.Overloaded());
        assertThat(later).isInstanceOf(Reply.Published.class);
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("4");
    }

    @Test
    void e1_anEventThatNobodySubscribesToTakesNoRoom() {
        Reply reply = onContext(() -> intake.publish(publish(draft("user.created", "{}"))));

        assertThat(reply).isInstanceOf(Reply.Published.class);
        assertThat(rows("SELECT delivery_count FROM events")).containsExactly("0");
    }

    @Test
    void publish_ofOnePayloadTooLargeStoresNoneOfTheBatch() {
        EventDraft small = draft("order.created", "{}");
        EventDraft large = draft("order.created", "\"" + "x".repeat(MOST_PAYLOAD) + "\"");

        Reply reply = onContext(() -> intake.publish(publish(small, large)));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.PayloadTooLarge.class,
                        refused -> assertThat(refused.index()).isEqualTo(1));
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("0");
    }

    @Test
    void e12_aRepeatedCallIsAnsweredWithTheFirstReceipts() {
        Idempotency key = new Idempotency("default", "trigger", "k", "sha");
        Publish call = new Publish(List.of(draft("order.created", "{}")), key);
        Reply first = onContext(() -> intake.publish(call));

        Reply second = onContext(() -> intake.publish(call));

        assertThat(second).isEqualTo(new Reply.Replayed(((Reply.Published) first).receipts()));
    }

    @Test
    void e12_aTwinGivenAtOnceWaitsForTheFirst() {
        Idempotency key = new Idempotency("default", "trigger", "k", "sha");
        Publish call = new Publish(List.of(draft("order.created", "{}")), key);
        List<Reply> replies = new ArrayList<>();

        onContext(() -> {
            List<Future<Reply>> twins = List.of(intake.publish(call), intake.publish(call));
            return Future.join(twins).onComplete(done -> twins.forEach(one -> replies.add(one.result())));
        });

        assertThat(replies.get(0)).isInstanceOf(Reply.Published.class);
        assertThat(replies.get(1)).isEqualTo(new Reply.Replayed(((Reply.Published) replies.get(0)).receipts()));
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("1");
    }

    @Test
    void e1_aReplayIsBoundedAsAnEventIs() {
        Reply.Published published =
                (Reply.Published) onContext(() -> intake.publish(publish(draft("order.created", "{}"))));
        EventId id = EventId.parse(published.receipts().get(0).id()).orElseThrow();
        for (int count = 0; count < MOST_FAN_OUT; count++) {
            index.put(registered("order.*"));
        }

        Reply reply = onContext(() -> intake.replay(new ReplayEvent(id, "default", "order.created", null)));

        assertThat(reply).isEqualTo(new Reply.TooManyDeliveries(MOST_FAN_OUT + 3, MOST_FAN_OUT));
        assertThat(rows("SELECT count(*) FROM deliveries")).containsExactly("3");
    }

    @Test
    void e1_aReplayTakesRoomLikeAnEvent() {
        Reply.Published published =
                (Reply.Published) onContext(() -> intake.publish(publish(draft("order.created", "{}"))));
        EventId id = EventId.parse(published.receipts().get(0).id()).orElseThrow();
        ReplayEvent replay = new ReplayEvent(id, "default", "order.created", null);
        List<Reply> replies = new ArrayList<>();

        onContext(() -> {
            List<Future<Reply>> many = new ArrayList<>();
            for (int count = 0; count <= MOST_WAITING; count++) {
                many.add(intake.replay(replay));
            }
            return Future.join(many).onComplete(done -> many.forEach(one -> replies.add(one.result())));
        });

        assertThat(replies).contains(new Reply.Overloaded());
        assertThat(replies.get(0)).isInstanceOf(Reply.Replaying.class);
    }

    @Test
    void publish_thatFailedGivesItsRoomBack() {
        await(store.close());
        EventDraft draft = draft("order.created", "{}");
        List<Boolean> overloaded = new ArrayList<>();

        for (int count = 0; count < 5; count++) {
            onContext(() -> intake.publish(publish(draft, draft))
                    .map(reply -> overloaded.add(reply instanceof Reply.Overloaded))
                    .recover(refused -> Future.succeededFuture(true)));
        }

        assertThat(overloaded).isEmpty();
    }
}
