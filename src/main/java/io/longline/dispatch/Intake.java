package io.longline.dispatch;

import io.longline.bus.EventDraft;
import io.longline.bus.EventPayload;
import io.longline.bus.Reply;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.bus.Request.PublishEach;
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
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
        return publish(
                publish.drafts(),
                publish.idempotency(),
                publish.keys(),
                time.wallMillis() + settings.idempotency().toMillis());
    }

    /** Each by itself, in their order; once there is no room for one, those after it wait as well. */
    Future<Reply> publishEach(PublishEach publish) {
        List<Future<Reply>> replies = new ArrayList<>(publish.drafts().size());
        boolean isFull = false;
        for (int place = 0; place < publish.drafts().size(); place++) {
            Future<Reply> reply = isFull
                    ? Future.succeededFuture(new Reply.Overloaded())
                    : publish(
                            List.of(publish.drafts().get(place)), publish.keys().get(place), List.of(), Long.MAX_VALUE);
            isFull |= reply.succeeded() && reply.result() instanceof Reply.Overloaded;
            replies.add(reply.otherwise(Intake::fault));
        }
        return Future.all(replies)
                .map(done -> new Reply.Each(replies.stream().map(Future::result).toList()));
    }

    private static Reply fault(Throwable fault) {
        return fault instanceof StoreUnavailableException
                ? new Reply.Unavailable(String.valueOf(fault.getMessage()))
                : new Reply.Refused();
    }

    private Future<Reply> publish(
            List<EventDraft> drafts, @Nullable Idempotency key, List<Idempotency> keys, long keysExpireAt) {
        List<Match> matches = new ArrayList<>(drafts.size());
        int rows = 0;
        for (EventDraft draft : drafts) {
            Match match = match(draft);
            matches.add(match);
            rows += match.receivers().size();
        }
        Optional<Reply> refusal = refusal(rows);
        if (refusal.isPresent()) {
            return Future.succeededFuture(refusal.get());
        }
        List<NewEvent> events = new ArrayList<>(drafts.size());
        for (int place = 0; place < matches.size(); place++) {
            NewEvent event = event(matches.get(place));
            if (event.payload().size() > settings.maxPayloadBytes()) {
                return Future.succeededFuture(
                        new Reply.PayloadTooLarge(place, event.payload().size(), settings.maxPayloadBytes()));
            }
            events.add(event);
        }
        List<IdempotencyClaim> claims = new ArrayList<>(keys.size());
        for (int place = 0; place < keys.size(); place++) {
            claims.add(claim(keys.get(place), List.of(events.get(place)), keysExpireAt));
        }
        IdempotencyClaim claim = key == null ? null : claim(key, events, keysExpireAt);
        return commit(new AcceptEvents(events, claim, claims), rows);
    }

    /**
     * A draft and those who get it.
     *
     * @param frozen what became of it already, because a filter had to see it; {@code null} for most
     */
    private record Match(
            EventDraft draft, @Nullable Frozen frozen, Collection<WebhookId> receivers, List<WebhookId> filtered) {}

    /** A draft with its identifier and times, serialised. */
    private record Frozen(EventId id, long acceptedAt, Instant occurredAt, Payload payload) {}

    private Match match(EventDraft draft) {
        Collection<WebhookId> subscribers = index.match(draft.tenant(), draft.type());
        if (!index.filters().concern(subscribers)) {
            return new Match(draft, null, subscribers, List.of());
        }
        Frozen frozen = freeze(draft);
        if (frozen.payload().size() > settings.maxPayloadBytes()) {
            // About to be refused: it is not worth anybody's judgement.
            return new Match(draft, frozen, List.of(), List.of());
        }
        EventFilters.Selection selection =
                index.filters().select(subscribers, frozen.payload(), draft.tenant(), time.monotonicNanos());
        return new Match(draft, frozen, selection.reached(), selection.filtered());
    }

    /** Has an event delivered again to all who subscribe to it now and whose filters let it through, or to one of them. */
    Future<Reply> replay(ReplayEvent replay) {
        Collection<WebhookId> receivers = receivers(replay);
        if (receivers.isEmpty() && replay.only() != null) {
            return Future.succeededFuture(new Reply.Unknown());
        }
        if (replay.only() != null || !index.filters().concern(receivers)) {
            return replay(replay, receivers);
        }
        return store.payloads(List.of(replay.eventId())).compose(payloads -> {
            Payload payload = payloads.get(replay.eventId());
            return payload == null
                    ? Future.succeededFuture(new Reply.Unknown())
                    : replay(
                            replay,
                            index.filters()
                                    .select(receivers, payload, replay.tenant(), time.monotonicNanos())
                                    .reached());
        });
    }

    private Future<Reply> replay(ReplayEvent replay, Collection<WebhookId> receivers) {
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

    private Future<Reply> commit(AcceptEvents accept, int rows) {
        List<NewEvent> events = accept.events();
        return write(accept, rows).map(acceptance -> {
            Optional<Reply> earlier = earlier(acceptance);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            Map<Integer, String> known = acceptance instanceof Acceptance.StoredRest rest ? rest.answers() : Map.of();
            accepted.accept(events.size() - known.size());
            List<Reply.Receipt> receipts = Receipts.of(events);
            known.forEach((place, answer) ->
                    receipts.set(place, Receipts.decode(answer).get(0)));
            return known.size() == events.size() ? new Reply.Replayed(receipts) : new Reply.Published(receipts);
        });
    }

    private static Optional<Reply> earlier(Acceptance acceptance) {
        if (acceptance instanceof Acceptance.Replayed replayed) {
            return Optional.of(new Reply.Replayed(Receipts.decode(replayed.answer())));
        }
        return acceptance instanceof Acceptance.KeyConflict ? Optional.of(new Reply.KeyConflict()) : Optional.empty();
    }

    /** What an earlier call with that key came to, whatever would become of the same call now. */
    Future<Optional<Reply>> recall(Idempotency key) {
        IdempotencyClaim claim = new IdempotencyClaim(
                key.tenant(), key.scope(), key.key(), key.bodySha256(), "", time.wallMillis(), Long.MAX_VALUE);
        return store.write(new Operation.RecallAnswer(claim)).map(found -> found.flatMap(Intake::earlier));
    }

    private NewEvent event(Match match) {
        EventDraft draft = match.draft();
        Frozen frozen = match.frozen() == null ? freeze(draft) : match.frozen();
        return new NewEvent(
                frozen.id(),
                draft.tenant(),
                draft.type(),
                frozen.payload(),
                frozen.acceptedAt(),
                frozen.occurredAt(),
                targets(match.receivers()),
                match.filtered());
    }

    private Frozen freeze(EventDraft draft) {
        EventId id = ids.event();
        // The time in the identifier, which never goes back, so that lists by time and by identifier agree.
        long acceptedAt = IdGenerator.millisOf(id.value());
        Instant occurredAt = draft.occurredAt() == null ? Instant.ofEpochMilli(acceptedAt) : draft.occurredAt();
        Payload payload = EventPayload.of(id.value(), draft.type(), occurredAt, draft.data(), draft.metadata());
        return new Frozen(id, acceptedAt, occurredAt, payload);
    }

    private List<Target> targets(Collection<WebhookId> match) {
        List<Target> targets = new ArrayList<>(match.size());
        for (WebhookId webhookId : match) {
            targets.add(new Target(ids.delivery(), webhookId));
        }
        return targets;
    }

    private IdempotencyClaim claim(Idempotency key, List<NewEvent> events, long expiresAt) {
        return new IdempotencyClaim(
                key.tenant(),
                key.scope(),
                key.key(),
                key.bodySha256(),
                Receipts.encode(Receipts.of(events)),
                time.wallMillis(),
                expiresAt);
    }
}
