package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import io.longline.security.DestinationRules;
import io.longline.security.WebhookSecret;
import io.longline.store.Queries;
import io.longline.store.Queries.WebhookFilter;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The routes of webhooks. */
final class WebhookHandlers {
    private static final int TRIES = 5;
    private static final int LONGEST_QUERY = 200;

    private final ApiParts parts;
    private final Views views;
    private final DestinationRules rules;

    WebhookHandlers(ApiParts parts) {
        this.parts = parts;
        this.views = parts.views();
        this.rules = parts.settings().delivery().rules();
    }

    Future<Response> create(Call call) {
        JsonNode body = Json.read(call.body());
        return ExpressionChoice.prepare(parts.vertx(), body).compose(ready -> create(call, body));
    }

    private Future<Response> create(Call call, JsonNode body) {
        WebhookBuilder builder = new WebhookBuilder(parts.ids().webhook(), parts.now());
        Webhook webhook =
                WebhookForm.create(body, builder, call.caller(), rules, () -> WebhookSecret.generate(parts.random()));
        return audit(call, "webhook.create", webhook)
                .compose(noted -> parts.ask(new Request.CreateWebhook(webhook)))
                .map(reply -> {
                    Webhook saved = ((Reply.Saved) reply).webhook();
                    ObjectNode json = views.webhook(saved);
                    json.put("secret", saved.secrets().current());
                    return Response.json(201, json)
                            .with("Location", "/api/webhooks/" + saved.id())
                            .with("Cache-Control", "no-store");
                });
    }

    Future<Response> list(Call call) {
        Boolean active = call.flag("active");
        String event = call.query(
                "event",
                "must be an event name",
                name -> EventPattern.nameFault(name).isEmpty() ? Optional.of(name) : Optional.empty());
        String text = call.query(
                "q",
                "must have 1 to " + LONGEST_QUERY + " characters",
                given -> given.isEmpty() || given.length() > LONGEST_QUERY ? Optional.empty() : Optional.of(given));
        return parts.store()
                .queries()
                .webhooks(new WebhookFilter(call.tenant(), active, event, text), call.page(WebhookId.PREFIX))
                .map(page -> Response.ok(Views.page(page, webhook -> views.webhook(webhook, call.caller()))));
    }

    Future<Response> get(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        Boolean given = call.query("pending", "must be true or false", text -> switch (text) {
            case "", "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
        boolean pending = Boolean.TRUE.equals(given);
        return find(call, id)
                .compose(webhook -> parts.store()
                        .queries()
                        .webhookStatistics(id)
                        .map(statistics -> {
                            ObjectNode json = views.webhook(webhook, call.caller());
                            json.set("stats", Views.statistics(statistics, webhook));
                            if (pending) {
                                json.put("pending", statistics.pending());
                            }
                            return Response.ok(json);
                        }));
    }

    Future<Response> statistics(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        return find(call, id)
                .compose(webhook -> parts.store()
                        .queries()
                        .webhookStatistics(id)
                        .map(statistics -> Response.ok(Views.statistics(statistics, webhook))));
    }

    Future<Response> patch(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        JsonNode patch = Json.read(call.body());
        return ExpressionChoice.prepare(parts.vertx(), patch)
                .compose(ready -> change(
                        call, "webhook.update", id, webhook -> WebhookForm.patch(webhook, patch, rules, parts.now())))
                .map(webhook -> Response.ok(views.webhook(webhook)));
    }

    Future<Response> delete(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        return find(call, id)
                .compose(webhook -> audit(call, "webhook.delete", webhook))
                .compose(noted -> parts.ask(new Request.DeleteWebhook(id)))
                .map(reply -> {
                    if (reply instanceof Reply.Unknown) {
                        throw Problem.notFound();
                    }
                    return Response.empty();
                });
    }

    private Future<Webhook> find(Call call, WebhookId id) {
        return find(parts, call, id);
    }

    /** A webhook that the caller may see. */
    static Future<Webhook> find(ApiParts parts, Call call, WebhookId id) {
        Queries queries = parts.store().queries();
        return queries.webhook(id)
                .map(found -> found.filter(webhook -> call.caller().sees(webhook.tenant()))
                        .orElseThrow(Problem::notFound));
    }

    private Future<Void> audit(Call call, String action, Webhook webhook) {
        return audit(parts, call, action, webhook);
    }

    static Future<Void> audit(ApiParts parts, Call call, String action, Webhook webhook) {
        return parts.audit(call, action, webhook.id().value(), webhook.tenant(), "");
    }

    private Future<Webhook> change(Call call, String action, WebhookId id, UnaryOperator<Webhook> change) {
        return change(parts, call, action, id, change);
    }

    /**
     * Changes a webhook as it is now, after noting that; when somebody else was faster, the change is made anew on what
     * they left.
     */
    static Future<Webhook> change(
            ApiParts parts, Call call, String action, WebhookId id, UnaryOperator<Webhook> change) {
        return find(parts, call, id).compose(webhook -> {
            // A change that is refused is not noted.
            Webhook changed = change.apply(webhook);
            return audit(parts, call, action, webhook)
                    .compose(noted -> save(parts, call, webhook.version(), changed, change, TRIES));
        });
    }

    private static Future<Webhook> save(
            ApiParts parts, Call call, long ifVersion, Webhook changed, UnaryOperator<Webhook> change, int triesLeft) {
        return parts.ask(new Request.SaveWebhook(changed, ifVersion)).compose(reply -> {
            Future<Webhook> current = find(parts, call, changed.id());
            if (!(reply instanceof Reply.Stale)) {
                return current;
            }
            if (triesLeft <= 1) {
                throw Problem.of(409, "The webhook is being changed by others; try again");
            }
            return current.compose(
                    webhook -> save(parts, call, webhook.version(), change.apply(webhook), change, triesLeft - 1));
        });
    }
}
