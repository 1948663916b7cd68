package io.longline.dispatch;

import io.longline.bus.EventDraft;
import io.longline.bus.EventPayload;
import io.longline.bus.Reply;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.bus.Request.ReplayEvent;
import io.longline.config.Settings;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.model.WebhookId;
import io.longline.store.Acceptance;
import io.longline.store.Operation;
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
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Turns drafts into events with their deliveries, makes deliveries of old events, and has them committed. For the dispatcher's thread. */
final class Intake {
    private final Store store;
    private final SubscriptionIndex index;
    private final IdGenerator ids;
    private final TimeSource time;
    private final Settings.Ingest settings;
    private final IntConsumer accepted;
    private int waitingDeliveries;

    /** @param accepted told how many events a commit has taken in */
    Intake(
            Store store,
            SubscriptionIndex index,
            IdGenerator ids,
            TimeSource time,
            Settings.Ingest settings,
            IntConsumer accepted) {
        this.accepted = accepted;
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
        Optional<Reply> refusal = refusal(rows);
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal.get());
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

    /** Has an event delivered again to all who subscribe to it now, or to one of them. */
    Future<Reply> replay(ReplayEvent replay) {
        Collection<WebhookId> receivers = receivers(replay);
        if (receivers.isEmpty() && replay.only() != null) {
            return Future.succeededFuture(new Reply.Unknown());
        }
        Optional<Reply> refusal = refusal(receivers.size());
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal.get());
        }
        List<Target> targets = targets(receivers);
        return write(
                        new Operation.ReplayEvent(replay.eventId(), replay.tenant(), targets, time.wallMillis()),
                        targets.size())
                .map(Reply.Replaying::new);
    }

    private Collection<WebhookId> receivers(ReplayEvent replay) {
        if (replay.only() == null) {
            return index.match(replay.tenant(), replay.type());
        }
        return index.get(replay.only())
                .filter(webhook -> webhook.tenant().equals(replay.tenant()))
                .map(webhook -> List.of(webhook.id()))
                .orElse(List.of());
    }

    /** Why no more deliveries can be made now; empty when they can. */
    private Optional<Reply> refusal(int rows) {
        if (rows > settings.maxFanOut()) {
            return Optional.of(new Reply.TooManyDeliveries(rows, settings.maxFanOut()));
        }
        boolean overloaded = waitingDeliveries > 0 && waitingDeliveries + rows > settings.maxWaitingDeliveries();
        return overloaded ? Optional.of(new Reply.Overloaded()) : Optional.empty();
    }

    private <R> Future<R> write(Operation<R> operation, int rows) {
        waitingDeliveries += rows;
        return store.write(operation).onComplete(done -> waitingDeliveries -= rows);
    }

    private Future<Reply> commit(List<NewEvent> events, @Nullable IdempotencyClaim claim, int rows) {
        return write(new AcceptEvents(events, claim), rows).map(acceptance -> {
            if (acceptance instanceof Acceptance.Replayed replayed) {
                return new Reply.Replayed(Receipts.decode(replayed.answer()));
            }
            if (acceptance instanceof Acceptance.KeyConflict) {
                return new Reply.KeyConflict();
            }
            accepted.accept(events.size());
            return new Reply.Published(Receipts.of(events));
        });
    }

    private NewEvent event(EventDraft draft, Collection<WebhookId> match) {
        EventId id = ids.event();
        // The time in the identifier, which never goes back, so that lists by time and by identifier agree.
        long acceptedAt = IdGenerator.millisOf(id.value());
        Instant occurredAt = draft.occurredAt() == null ? Instant.ofEpochMilli(acceptedAt) : draft.occurredAt();
        Payload payload = EventPayload.of(id.value(), draft.type(), occurredAt, draft.data(), draft.metadata());
        return new NewEvent(id, draft.tenant(), draft.type(), payload, acceptedAt, occurredAt, targets(match));
    }

    private List<Target> targets(Collection<WebhookId> match) {
        List<Target> targets = new ArrayList<>(match.size());
        for (WebhookId webhookId : match) {
            targets.add(new Target(ids.delivery(), webhookId));
        }
        return targets;
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
