package io.longline.bus;

import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.Replay;
import io.longline.model.SigningSecrets;
import io.longline.model.Webhook;
import io.longline.model.WebhookFormat;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one verticle asks of another; each is answered with a {@link Reply}. */
public sealed interface Request extends LocalMessage {
    /** Asked of the dispatcher, which alone changes what is subscribed. */
    sealed interface ToDispatcher extends Request {}

    /** Asked of the shard on which the webhook lives. */
    sealed interface ToShard extends Request {}

    /**
     * Accept events: all of them, or none.
     *
     * @param idempotency {@code null} when the caller gave no key
     * @param keys one for each event, which tells it by itself and whatever its body, so that those known already are not
     *     stored again; empty for none
     */
    record Publish(List<EventDraft> drafts, @Nullable Idempotency idempotency, List<Idempotency> keys)
            implements ToDispatcher {
        /** Events that have no keys of their own. */
        public Publish(List<EventDraft> drafts, @Nullable Idempotency idempotency) {
            this(drafts, idempotency, List.of());
        }
    }

    /**
     * Accept events one by one, in their order: each is committed, refused or known by itself, and from the first on for
     * which there is no room none is taken. Answered with {@link Reply.Each}.
     *
     * @param keys one for each event; they last until they are told when to expire
     */
    record PublishEach(List<EventDraft> drafts, List<Idempotency> keys) implements ToDispatcher {
        public PublishEach {
            drafts = List.copyOf(drafts);
            keys = List.copyOf(keys);
        }
    }

    /**
     * An idempotency key.
     *
     * @param scope which call it belongs to; keys of different calls never meet
     * @param bodySha256 tells the same body from another
     */
    record Idempotency(String tenant, String scope, String key, String bodySha256) {}

    /** Register a webhook. */
    record CreateWebhook(Webhook webhook) implements ToDispatcher {}

    /** Store a changed webhook, if the stored one still has the version that was changed. */
    record SaveWebhook(Webhook webhook, long ifVersion) implements ToDispatcher {}

    /** Delete a webhook. */
    record DeleteWebhook(WebhookId id) implements ToDispatcher {}

    /** Answer as soon as events and attempts go by every commit of before, as far as these webhooks are concerned. */
    record HearChanges(Set<WebhookId> ids) implements ToDispatcher {
        public HearChanges {
            ids = Set.copyOf(ids);
        }
    }

    /**
     * Deliver an event again.
     *
     * @param only to this webhook; {@code null} for every current subscriber
     */
    record ReplayEvent(
            EventId eventId,
            String tenant,
            String type,
            @Nullable WebhookId only) implements ToDispatcher {}

    /**
     * Begin a replay.
     *
     * @param dryRun counts, and does nothing else
     */
    record StartReplay(Replay replay, boolean dryRun) implements ToDispatcher {}

    /** Answer as soon as every commit of before is heard of. */
    record HearCommits() implements ToShard {}

    /** Send a delivery at once, with a fresh budget. */
    record RetryDelivery(DeliveryId id, WebhookId webhookId) implements ToShard {}

    /** Call a waiting delivery off. */
    record CancelDelivery(DeliveryId id, WebhookId webhookId) implements ToShard {}

    /** Send one request now, without storing anything. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record SendTest(
            String url,
            SigningSecrets secrets,
            Map<String, String> headers,
            Duration timeout,
            String eventType,
            @Nullable WebhookId webhookId,
            WebhookFormat format,
            @Nullable String template,
            @Nullable String transform,
            String tenant,
            byte[] data)
            implements ToShard {}
}
