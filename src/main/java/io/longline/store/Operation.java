package io.longline.store;

import io.longline.model.ApiKey;
import io.longline.model.Attempt;
import io.longline.model.AuditEntry;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.EventType;
import io.longline.model.KeyId;
import io.longline.model.Payload;
import io.longline.model.Replay;
import io.longline.model.ReplayId;
import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.DeliveryState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something to be written. Operations given to the store in an order are committed in that order, except that within
 * one commit attempt results come first, then webhook changes, then events.
 *
 * @param <R> what the write answers once it is committed
 */
public sealed interface Operation<R> {
    /** Where it stands within a commit: among the changes, if it does not say otherwise. */
    default Rank rank() {
        return Rank.CHANGE;
    }

    /** About how many rows it writes, by which commits are bounded. */
    default int weight() {
        return 1;
    }

    /** The order within a commit. */
    enum Rank {
        RESULT,
        CHANGE,
        INTAKE,
        UPKEEP
    }

    /**
     * Events with their deliveries: all of them, or none.
     *
     * @param claim for the call as a whole; {@code null} for none
     * @param claims one for each event, with the same hash for all; of those known already the events are not stored
     *     again; empty for none
     */
    record AcceptEvents(List<NewEvent> events, @Nullable IdempotencyClaim claim, List<IdempotencyClaim> claims)
            implements Operation<Acceptance> {
        public AcceptEvents {
            events = List.copyOf(events);
            claims = List.copyOf(claims);
        }

        /** Events that no key but the call's own tells from others. */
        public AcceptEvents(List<NewEvent> events, @Nullable IdempotencyClaim claim) {
            this(events, claim, List.of());
        }

        @Override
        public Rank rank() {
            return Rank.INTAKE;
        }

        @Override
        public int weight() {
            int rows = 0;
            for (NewEvent event : events) {
                rows += 1 + event.targets().size();
            }
            return rows;
        }
    }

    /**
     * An event to be stored.
     *
     * @param acceptedAtMillis the time in its identifier
     * @param occurredAt the time in its payload
     * @param filtered the webhooks whose filters kept it out
     */
    record NewEvent(
            EventId id,
            String tenant,
            String type,
            Payload payload,
            long acceptedAtMillis,
            Instant occurredAt,
            List<Target> targets,
            List<WebhookId> filtered) {
        public NewEvent {
            targets = List.copyOf(targets);
            filtered = List.copyOf(filtered);
        }

        /** An event that no filter kept from anybody. */
        public NewEvent(
                EventId id,
                String tenant,
                String type,
                Payload payload,
                long acceptedAtMillis,
                Instant occurredAt,
                List<Target> targets) {
            this(id, tenant, type, payload, acceptedAtMillis, occurredAt, targets, List.of());
        }
    }

    /** A delivery to be made: its identifier, and the webhook it goes to. */
    record Target(DeliveryId deliveryId, WebhookId webhookId) {}

    /**
     * Claims an idempotency key for an answer.
     *
     * @param scope which call the key belongs to
     * @param bodySha256 tells the same call from another
     * @param answer what a repetition is answered; opaque to the store
     * @param expiresAtMillis {@link Long#MAX_VALUE} to last until {@link ExpireClaims}
     */
    record IdempotencyClaim(
            String tenant,
            String scope,
            String key,
            String bodySha256,
            String answer,
            long nowMillis,
            long expiresAtMillis) {}

    /**
     * What an earlier call with the same key was answered, if there was one, once its commit is done; nothing is written.
     *
     * @param claim its answer and its age count for nothing
     */
    record RecallAnswer(IdempotencyClaim claim) implements Operation<Optional<Acceptance>> {
        @Override
        public Rank rank() {
            return Rank.INTAKE;
        }
    }

    /**
     * Idempotency keys that were to last until told otherwise last until that time.
     *
     * @param keys {@code null} for all of the scope
     */
    record ExpireClaims(
            String tenant, String scope, @Nullable List<String> keys, long expiresAtMillis) implements Operation<Void> {
        @Override
        public int weight() {
            return keys == null ? 1 : keys.size();
        }
    }

    /**
     * What an attempt came to. Never refused: it is kept until the store takes it. Answers whether it disabled the
     * webhook.
     *
     * @param next the delivery's state after it; not applied when the delivery is no longer pending
     * @param disable disables the webhook as well; {@code null} for most
     */
    record RecordAttempt(
            Attempt attempt,
            String tenant,
            DeliveryState next,
            long nowMillis,
            @Nullable Disable disable) implements Operation<Boolean> {
        @Override
        public Rank rank() {
            return Rank.RESULT;
        }

        @Override
        public int weight() {
            return 2;
        }
    }

    /**
     * An automatic disable.
     *
     * @param ifVersion applies only while the webhook still has this version
     */
    record Disable(String reason, long ifVersion) {}

    /** Deliveries of one webhook that waited too long: they fail without an attempt. */
    record ExpireDeliveries(WebhookId webhookId, String tenant, List<DeliveryId> ids, long nowMillis)
            implements Operation<Void> {
        @Override
        public Rank rank() {
            return Rank.RESULT;
        }

        @Override
        public int weight() {
            return ids.size();
        }
    }

    /**
     * What a webhook's breaker has come to.
     *
     * @param retryAt when an open one lets the next probe through
     * @param failingSince since when it has not been closed; {@code null} when it is
     */
    record RecordCircuit(
            WebhookId webhookId,
            CircuitStatus status,
            @Nullable Instant retryAt,
            @Nullable Instant failingSince) implements Operation<Void> {
        @Override
        public Rank rank() {
            return Rank.RESULT;
        }
    }

    /** A new webhook. */
    record CreateWebhook(Webhook webhook) implements Operation<Webhook> {}

    /** A changed webhook; answers whether the stored one still had the version that was changed. */
    record SaveWebhook(Webhook webhook, long ifVersion) implements Operation<Boolean> {}

    /**
     * Changes of whatever kind, with the audit rows that note them: all of them, or none. Answers the first that could not
     * be made; empty when all were.
     *
     * @param changes at most {@link Clash#MOST_CHANGES}; none of them a {@code ChangeAll} itself
     */
    record ChangeAll(List<Operation<?>> changes) implements Operation<Optional<Clash>> {
        public ChangeAll {
            changes = Clash.checked(changes);
        }

        @Override
        public int weight() {
            return changes.size();
        }
    }

    /** What became of deliveries before they came here; what is known of them already stays. Answers what was new. */
    record ImportHistory(List<PastDelivery> deliveries) implements Operation<PastDelivery.Counts> {
        public ImportHistory {
            deliveries = List.copyOf(deliveries);
        }

        @Override
        public Rank rank() {
            return Rank.UPKEEP;
        }

        @Override
        public int weight() {
            return deliveries.stream()
                    .mapToInt(delivery -> 2 + delivery.attempts().size())
                    .sum();
        }
    }

    /** Marks a webhook as deleted; answers whether there was one. */
    record DeleteWebhook(WebhookId id, Instant at) implements Operation<Boolean> {}

    /** By hand: a delivery is due at once, with a fresh budget; answers whether there is one that can be. */
    record RetryDelivery(DeliveryId id, long nowMillis) implements Operation<Manual> {}

    /** By hand: a waiting delivery is called off. */
    record CancelDelivery(DeliveryId id, long nowMillis) implements Operation<Manual> {}

    /** What came of something done by hand. */
    enum Manual {
        DONE,
        /** The delivery is final. */
        FINAL,
        /** There is no such delivery, or its webhook is deleted. */
        UNKNOWN
    }

    /** Delivers an event again: final deliveries are re-opened, missing ones are made; answers how many. */
    record ReplayEvent(EventId eventId, String tenant, List<Target> targets, long nowMillis)
            implements Operation<Integer> {
        @Override
        public int weight() {
            return targets.size();
        }
    }

    /** A new replay. */
    record CreateReplay(Replay replay) implements Operation<Boolean> {}

    /**
     * A step of a replay: what it makes and how far it has come, in one commit. Answers whether the replay was still where
     * the step began, without which nothing is done.
     *
     * @param replay as it was before the step
     * @param last whether nothing comes after it
     */
    record AdvanceReplay(Replay replay, Replay.Place to, List<ReplayTarget> targets, boolean last, long nowMillis)
            implements Operation<Boolean> {
        public AdvanceReplay {
            targets = List.copyOf(targets);
        }

        @Override
        public Rank rank() {
            return Rank.UPKEEP;
        }

        @Override
        public int weight() {
            return 1 + targets.size();
        }
    }

    /**
     * A delivery to be opened again or made.
     *
     * @param deliveryId what it is called if it is made
     */
    record ReplayTarget(EventId eventId, String tenant, WebhookId webhookId, DeliveryId deliveryId) {}

    /** Stops a replay; answers whether there was one that went on. */
    record CancelReplay(ReplayId id, long nowMillis) implements Operation<Boolean> {}

    /** Something that somebody did. */
    record RecordAudit(AuditEntry entry) implements Operation<Void> {}

    /** A new API key. */
    record CreateKey(ApiKey key) implements Operation<Void> {}

    /** Notes that a key was used. */
    record TouchKey(KeyId id, Instant at) implements Operation<Void> {}

    /** Forgets a key; answers whether there was one. */
    record DeleteKey(KeyId id) implements Operation<Boolean> {}

    /** A new source; answers whether its name was free, without which nothing is written. */
    record CreateSource(Source source) implements Operation<Boolean> {}

    /** A source's secret, written otherwise; answers whether there was the source. */
    record SaveSourceSecret(Source source) implements Operation<Boolean> {}

    /**
     * Notes that an apply made something.
     *
     * @param made {@code false} to note it no more
     */
    record NoteApplied(Applied applied, boolean made) implements Operation<Void> {}

    /** Forgets a source; answers whether there was one. */
    record DeleteSource(SourceId id) implements Operation<Boolean> {}

    /**
     * Event types as they are from now on: all of them, or none. Answers whether each was still at the version that was
     * changed, without which nothing is written.
     */
    record SaveEventTypes(List<EventTypeChange> changes) implements Operation<Boolean> {
        public SaveEventTypes {
            changes = List.copyOf(changes);
        }

        @Override
        public int weight() {
            return changes.size();
        }
    }

    /**
     * An event type as it is from now on.
     *
     * @param ifVersion the version that was changed; 0 when there is to be none of its name yet
     */
    record EventTypeChange(EventType eventType, long ifVersion) {}

    /** Upkeep: a bounded step of one of the background jobs; answers how many rows it changed. */
    record Upkeep(Job job, long nowMillis, int mostRows) implements Operation<Integer> {
        @Override
        public Rank rank() {
            return Rank.UPKEEP;
        }

        @Override
        public int weight() {
            return mostRows;
        }
    }

    /** A background job; each step is complete in itself, so that a job goes on after a restart. */
    sealed interface Job {
        /** Waiting deliveries of deleted webhooks become cancelled. */
        record CancelOfDeleted() implements Job {}

        /** Final deliveries of before that time go, with their attempts. */
        record DropDeliveries(long beforeMillis) implements Job {}

        /** Events of before that time go that have no delivery left. */
        record DropEvents(long beforeMillis) implements Job {}

        /** Deleted webhooks go that nothing points at any more. */
        record DropWebhooks(long beforeMillis) implements Job {}

        /** Idempotency keys go once they have expired. */
        record DropIdempotencyKeys() implements Job {}

        /** Audit rows of before that time go. */
        record DropAudit(long beforeMillis) implements Job {}

        /** Replays of before that time go that have ended. */
        record DropReplays(long beforeMillis) implements Job {}

        /** Minutes of statistics of before that time become hours. */
        record RollUpStatistics(long beforeMillis) implements Job {}

        /** Statistics of before that time go. */
        record DropStatistics(long beforeMillis) implements Job {}

        /** Event types seen last before that time go. */
        record DropEventTypes(long beforeMillis) implements Job {}

        /** Writes something, to find out whether the store takes writes. */
        record TryToWrite() implements Job {}

        /** What the last trial wrote goes. */
        record TakeTrialAway() implements Job {}

        /** Tables that follow commits are brought up to date: statistics, and the deliveries of each webhook. */
        record CatchUp() implements Job {}

        /** Gives free pages back to the file system. */
        record ReturnSpace() implements Job {}
    }
}
