package io.longline.dispatch;

import io.longline.bus.EventDraft;
import io.longline.bus.EventPayload;
import io.longline.bus.Reply;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.config.Settings;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.model.WebhookId;
import io.longline.store.Acceptance;
import io.longline.store.Operation.AcceptEvents;
import io.longline.store.Operation.IdempotencyClaim;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Target;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns drafts into events with their deliveries and has them committed. For the dispatcher's thread. */
final class Intake {
    private final Store store;
    private final SubscriptionIndex index;
    private final IdGenerator ids;
    private final TimeSource time;
    private final Settings.Ingest settings;
    private int waitingDeliveries;

    Intake(Store store, SubscriptionIndex index, IdGenerator ids, TimeSource time, Settings.Ingest settings) {
        this.store = store;
        this.index = index;
        this.ids = ids;
        this.time = time;
        this.settings = settings;
    }

    Future<Reply> publish(Publish publish) {
        List<Collection<WebhookId>> matches = new ArrayList<>(publish.drafts().size());
        int rows = 0;
        for (EventDraft draft : publish.drafts()) {
            Collection<WebhookId> match = index.match(draft.tenant(), draft.type());
            matches.add(match);
            rows += match.size();
        }
        if (rows > settings.maxFanOut()) {
            return Future.succeededFuture(new Reply.TooManyDeliveries(rows, settings.maxFanOut()));
        }
        if (waitingDeliveries > 0 && waitingDeliveries + rows > settings.maxWaitingDeliveries()) {
            return Future.succeededFuture(new Reply.Overloaded());
        }
        List<NewEvent> events = new ArrayList<>(publish.drafts().size());
        for (int place = 0; place < matches.size(); place++) {
            NewEvent event = event(publish.drafts().get(place), matches.get(place));
            if (event.payload().size() > settings.maxPayloadBytes()) {
                return Future.succeededFuture(
                        new Reply.PayloadTooLarge(place, event.payload().size(), settings.maxPayloadBytes()));
            }
            events.add(event);
        }
        return commit(events, claim(publish.idempotency(), events), rows);
    }

    private Future<Reply> commit(List<NewEvent> events, @Nullable IdempotencyClaim claim, int rows) {
        waitingDeliveries += rows;
        return store.write(new AcceptEvents(events, claim))
                .onComplete(done -> waitingDeliveries -= rows)
                .map(acceptance -> {
                    if (acceptance instanceof Acceptance.Replayed replayed) {
                        return new Reply.Replayed(Receipts.decode(replayed.answer()));
                    }
                    if (acceptance instanceof Acceptance.KeyConflict) {
                        return new Reply.KeyConflict();
                    }
                    return new Reply.Published(Receipts.of(events));
                });
    }

    private NewEvent event(EventDraft draft, Collection<WebhookId> match) {
        EventId id = ids.event();
        // The time in the identifier, which never goes back, so that lists by time and by identifier agree.
        long acceptedAt = IdGenerator.millisOf(id.value());
        Instant occurredAt = draft.occurredAt() == null ? Instant.ofEpochMilli(acceptedAt) : draft.occurredAt();
        Payload payload = EventPayload.of(id.value(), draft.type(), occurredAt, draft.data(), draft.metadata());
        List<Target> targets = new ArrayList<>(match.size());
        for (WebhookId webhookId : match) {
            targets.add(new Target(ids.delivery(), webhookId));
        }
        return new NewEvent(id, draft.tenant(), draft.type(), payload, acceptedAt, occurredAt, targets);
    }

    private @Nullable IdempotencyClaim claim(@Nullable Idempotency key, List<NewEvent> events) {
        if (key == null) {
            return null;
        }
        long now = time.wallMillis();
        return new IdempotencyClaim(
                key.tenant(),
                key.scope(),
                key.key(),
                key.bodySha256(),
                Receipts.encode(Receipts.of(events)),
                now,
                now + settings.idempotency().toMillis());
    }
}
