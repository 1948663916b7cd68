package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.bus.EventDraft;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.Request.Idempotency;
import io.longline.model.AuditEntry;
import io.longline.model.Grants;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.security.WebhookSecret;
import io.longline.store.Operation;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.WebhookFilter;
import io.longline.store.Queries.WebhookStatistics;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API without HTTP, for the program that Longline runs in: the same bodies, checks, limits and messages, so that
 * nothing can be told afterwards from what came over the network. For any thread; futures fail as {@link #refusal} reads.
 */
public final class Desk {
    private static final Caller PROGRAM = new Caller("library", Grants.ALL, null, null);
    private static final int TRIES = 5;

    private final ApiParts parts;

    public Desk(ApiParts parts) {
        this.parts = parts;
    }

    /**
     * Why something was refused.
     *
     * @param status as the HTTP API would have answered
     * @param line what is wrong, with the field where it is one's
     */
    public record Refusal(int status, String line) {}

    /** An event whose fields have been found good. */
    public static final class CheckedEvent {
        private final EventDraft draft;

        private CheckedEvent(EventDraft draft) {
            this.draft = draft;
        }

        /** The bytes that it carries. */
        public int bytes() {
            return draft.data().length + draft.metadata().length;
        }
    }

    /** What a failed future's exception says; empty when it is no refusal but a fault. */
    public static Optional<Refusal> refusal(Throwable fault) {
        if (fault instanceof StoreUnavailableException) {
            return Optional.of(new Refusal(503, "The store does not answer now: " + fault.getMessage()));
        }
        if (!(fault instanceof Problem problem)) {
            return Optional.empty();
        }
        String line = problem.faults().isEmpty()
                ? String.valueOf(problem.getMessage())
                : problem.faults().stream()
                        .map(each -> each.pointer().isEmpty()
                                ? each.detail()
                                : each.pointer().substring(1).replace('/', '.') + " " + each.detail())
                        .collect(Collectors.joining("; "));
        return Optional.of(new Refusal(problem.status(), line));
    }

    /** Registers a webhook that is described as in {@code POST /api/webhooks}. */
    public Future<Webhook> register(JsonNode body) {
        return refusable(() -> {
            WebhookBuilder builder = new WebhookBuilder(parts.ids().webhook(), parts.now());
            Webhook webhook = WebhookForm.create(
                    body,
                    builder,
                    PROGRAM,
                    parts.settings().delivery().rules(),
                    () -> WebhookSecret.generate(parts.random()));
            return audit("webhook.create", webhook)
                    .compose(noted -> parts.ask(new Request.CreateWebhook(webhook)))
                    .map(reply -> ((Reply.Saved) reply).webhook());
        });
    }

    /** Changes a webhook by a merge patch as {@code PATCH /api/webhooks/{id}} takes it. */
    public Future<Webhook> update(String id, JsonNode patch) {
        return refusable(() -> webhook(id).compose(webhook -> {
            Webhook changed = changed(webhook, patch);
            return audit("webhook.update", webhook).compose(noted -> save(webhook.version(), changed, patch, TRIES));
        }));
    }

    private Webhook changed(Webhook webhook, JsonNode patch) {
        return WebhookForm.patch(webhook, patch, parts.settings().delivery().rules(), parts.now());
    }

    /** Somebody else may have been faster: then the change is made on what they left. */
    private Future<Webhook> save(long ifVersion, Webhook changed, JsonNode patch, int triesLeft) {
        return parts.ask(new Request.SaveWebhook(changed, ifVersion)).compose(reply -> {
            Future<Webhook> current = webhook(changed.id().value());
            if (!(reply instanceof Reply.Stale)) {
                return current;
            }
            if (triesLeft <= 1) {
                throw Problem.of(409, "The webhook is being changed by others; try again");
            }
            return current.compose(found -> save(found.version(), changed(found, patch), patch, triesLeft - 1));
        });
    }

    /** Deletes a webhook; what waits for it is cancelled. */
    public Future<Void> unregister(String id) {
        return refusable(() -> webhook(id)
                .compose(webhook -> audit("webhook.delete", webhook)
                        .compose(noted -> parts.ask(new Request.DeleteWebhook(webhook.id())))
                        .map(reply -> {
                            if (reply instanceof Reply.Unknown) {
                                throw Problem.notFound();
                            }
                            return null;
                        })));
    }

    /** A webhook, with its secrets. */
    public Future<Webhook> webhook(String id) {
        return refusable(() -> {
            WebhookId webhookId = WebhookId.parse(id).orElseThrow(() -> unknown(id));
            return parts.store().queries().webhook(webhookId).map(found -> found.orElseThrow(() -> unknown(id)));
        });
    }

    private static Problem unknown(String id) {
        return Problem.of(404, "There is no webhook " + id);
    }

    /**
     * A page of webhooks, newest first.
     *
     * @param event only those that would receive an event of this name; {@code null} for all
     * @param cursor where the last page ended; {@code null} for the first
     */
    public Future<Page<Webhook>> webhooks(@Nullable String event, @Nullable String cursor, int limit) {
        return refusable(() -> parts.store()
                .queries()
                .webhooks(new WebhookFilter(null, null, event, null), new PageRequest(cursor, limit)));
    }

    /** A webhook's running figures. */
    public Future<WebhookStatistics> statistics(String id) {
        return refusable(
                () -> webhook(id).compose(webhook -> parts.store().queries().webhookStatistics(webhook.id())));
    }

    /**
     * Looks an event over, which is described as in {@code POST /api/events/trigger}.
     *
     * @throws RuntimeException that {@link #refusal} reads
     */
    public CheckedEvent check(byte[] body) {
        return new CheckedEvent(EventForm.one(body, PROGRAM));
    }

    /** Accepts an event; answers once it is committed with all of its deliveries. */
    public Future<Reply.Receipt> publish(CheckedEvent event, @Nullable String idempotencyKey) {
        return publish(List.of(event), idempotencyKey, "trigger").map(receipts -> receipts.get(0));
    }

    /** Accepts events, all of them or none. */
    public Future<List<Reply.Receipt>> publishAll(List<CheckedEvent> events, @Nullable String idempotencyKey) {
        return publish(events, idempotencyKey, "batch");
    }

    private Future<List<Reply.Receipt>> publish(List<CheckedEvent> events, @Nullable String key, String scope) {
        return refusable(() -> {
            if (parts.state().isDraining()) {
                throw Problem.unavailable("Longline is stopping and takes nothing new in");
            }
            List<EventDraft> drafts = new ArrayList<>(events.size());
            Admission.Permit permit = parts.admission().permit();
            try {
                for (CheckedEvent event : events) {
                    drafts.add(event.draft);
                    permit.bytes(event.bytes());
                }
                permit.events(drafts.size());
            } catch (Problem full) {
                permit.release();
                throw full;
            }
            return parts.ask(new Request.Publish(drafts, idempotency(drafts, key, scope)))
                    .onComplete(done -> permit.release())
                    .map(reply -> receipts(reply, drafts.size() == 1));
        });
    }

    private static @Nullable Idempotency idempotency(List<EventDraft> drafts, @Nullable String key, String scope) {
        if (key == null) {
            return null;
        }
        return new Idempotency(drafts.get(0).tenant(), scope, key, EventDraft.sha256(drafts));
    }

    private static List<Reply.Receipt> receipts(Reply reply, boolean single) {
        if (reply instanceof Reply.Published published) {
            return published.receipts();
        }
        if (reply instanceof Reply.Replayed replayed) {
            return replayed.receipts();
        }
        throw Publisher.refused(reply, single);
    }

    /** Changes are noted in the audit log, whoever makes them. */
    private Future<Void> audit(String action, Webhook webhook) {
        return parts.store()
                .write(new Operation.RecordAudit(new AuditEntry(
                        parts.ids().next(AuditEntry.PREFIX),
                        parts.now(),
                        PROGRAM.actor(),
                        "",
                        action,
                        webhook.id().value(),
                        webhook.tenant(),
                        "")));
    }

    private static <T> Future<T> refusable(Supplier<Future<T>> call) {
        try {
            return call.get();
        } catch (Problem refused) {
            return Future.failedFuture(refused);
        }
    }
}
