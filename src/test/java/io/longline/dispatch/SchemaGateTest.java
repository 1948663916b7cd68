package io.longline.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.EventDraft;
import io.longline.bus.ForeignWork;
import io.longline.bus.Reply;
import io.longline.bus.Reply.Misfit;
import io.longline.bus.Reply.Misfits;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.bus.Request.PublishEach;
import io.longline.config.Settings;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import io.longline.store.Operation.EventTypeChange;
import io.longline.store.Operation.SaveEventTypes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events are held against the schemas of their types before they are taken in. */
class SchemaGateTest extends DispatchFixture {
    private static final int MOST_PAYLOAD = 1_000;

    private EventTypeRules rules;
    private SchemaGate gate;

    @BeforeEach
    void openTheGate() {
        Settings.Ingest settings =
                new Settings.Ingest(100, 1 << 20, 10_000, 8, MOST_PAYLOAD, 1_000, 1 << 20, Duration.ofHours(24));
        rules = new EventTypeRules(store);
        store.onCommit(rules::committed);
        Intake intake = new Intake(store, new SubscriptionIndex(), ids, time, settings, accepted -> {});
        gate = new SchemaGate(rules, intake, store, ForeignWork.pool(vertx), MOST_PAYLOAD);
    }

    private static EventTypeDraft judging(String name, String schema) {
        return new EventTypeDraft(name, null, schema, null, true);
    }

    private boolean save(EventType type, long ifVersion) {
        return await(store.write(new SaveEventTypes(List.of(new EventTypeChange(type, ifVersion)))));
    }

    private static EventDraft draft(String type, String data) {
        return new EventDraft("default", type, data.getBytes(UTF_8), "{}".getBytes(UTF_8), null);
    }

    private Reply publish(EventDraft... drafts) {
        return onContext(() -> gate.publish(new Publish(List.of(drafts), null)));
    }

    @Test
    void events_areJudgedByTheVersionThatIsCommitted_andByNoneOnceItIsArchived() {
        EventType first = EventType.of("default", judging("a", "{\"type\":\"object\"}"), time.now());
        EventType second = first.as(judging("a", "{\"type\":\"array\"}"), time.now());

        assertThat(publish(draft("a", "1"))).isInstanceOf(Reply.Published.class);
        assertThat(save(first, 0)).isTrue();
        assertThat(publish(draft("a", "1")))
                .isEqualTo(new Misfits(List.of(new Misfit(0, "", "integer found, object expected"))));
        assertThat(publish(draft("a", "{}"))).isInstanceOf(Reply.Published.class);
        assertThat(save(second, 1)).isTrue();
        assertThat(save(second, 1)).as("somebody was faster").isFalse();
        assertThat(publish(draft("b", "1"), draft("a", "{}")))
                .isEqualTo(new Misfits(List.of(new Misfit(1, "", "object found, array expected"))));
        assertThat(publish(draft("a", "[]"))).isInstanceOf(Reply.Published.class);
        assertThat(publish(draft("a", "\"" + "x".repeat(MOST_PAYLOAD) + "\"")))
                .as("what is too large is not judged")
                .isInstanceOf(Reply.PayloadTooLarge.class);
        assertThat(save(second.archived(time.now()), 2)).isTrue();
        assertThat(publish(draft("a", "1"))).isInstanceOf(Reply.Published.class);
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("4");
    }

    @Test
    void eventTypes_areWrittenTogetherOrNotAtAll() {
        EventType first = EventType.of("default", judging("a", "{}"), time.now());
        EventType other = EventType.of("default", judging("b", "{}"), time.now());
        save(first, 0);

        boolean written = await(
                store.write(new SaveEventTypes(List.of(new EventTypeChange(other, 0), new EventTypeChange(first, 0)))));

        assertThat(written).isFalse();
        assertThat(rows("SELECT name FROM event_type_definitions")).containsExactly("a");
        assertThat(await(store.eventTypes().judging())).hasSize(1);
    }

    @Test
    void whatLonglineRaisesItself_isNeverJudged() {
        save(EventType.of("default", judging("system.error", "{\"type\":\"array\"}"), time.now()), 0);

        assertThat(publish(draft("system.error", "{}"))).isInstanceOf(Reply.Published.class);
    }

    @Test
    void schemaThatCannotBeUsedAnyMore_refusesItsEventsAndNoOthers() {
        save(EventType.of("default", judging("old", "{\"pattern\":\"(?=a)\"}"), time.now()), 0);

        assertThat(publish(draft("old", "1")))
                .isInstanceOfSatisfying(
                        Misfits.class,
                        misfits -> assertThat(misfits.misfits().get(0).detail()).contains("has to be saved anew"));
        assertThat(publish(draft("new", "1"))).isInstanceOf(Reply.Published.class);
    }

    @Test
    void publishEach_refusesEachByItself_andKnowsWhatItTookBefore() {
        List<EventDraft> drafts = new ArrayList<>();
        List<Idempotency> keys = new ArrayList<>();
        for (int number = 0; number < 40; number++) {
            drafts.add(draft("a", number % 3 == 0 ? "{}" : "1"));
            keys.add(new Idempotency("default", "outbox", "row " + number, ""));
        }
        Future<Reply> before = Future.future(promise -> context.runOnContext(
                ignored -> gate.publishEach(new PublishEach(drafts.subList(1, 2), keys.subList(1, 2)))
                        .onComplete(promise)));
        await(before);
        save(EventType.of("default", judging("a", "{\"type\":\"object\"}"), time.now()), 0);

        Reply.Each each = (Reply.Each) onContext(() -> gate.publishEach(new PublishEach(drafts, keys)));

        assertThat(each.replies()).hasSize(40);
        assertThat(each.replies().get(1)).isInstanceOf(Reply.Replayed.class);
        IntStream.range(2, 40)
                .forEach(number -> assertThat(each.replies().get(number))
                        .isInstanceOf(number % 3 == 0 ? Reply.Published.class : Misfits.class));
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("15");
    }
}
