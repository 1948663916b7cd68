package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
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

    WebhookHandlers(ApiParts parts) {
        this.parts = parts;
        this.views = parts.views();
    }

    Future<Response> create(Call call) {
        JsonNode body = Json.read(call.body());
        WebhookBuilder builder = new WebhookBuilder(parts.ids().webhook(), parts.now());
        Webhook webhook = WebhookForm.create(body, builder, () -> WebhookSecret.generate(parts.random()));
        return parts.ask(new Request.CreateWebhook(webhook)).map(reply -> {
            Webhook saved = ((Reply.Saved) reply).webhook();
            ObjectNode json = views.webhook(saved);
            json.put("secret", saved.secrets().current());
            return Response.json(201, json).with("Location", "/api/webhooks/" + saved.id());
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
                .map(page -> Response.ok(Views.page(page, views::webhook)));
    }

    Future<Response> get(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        Boolean given = call.query("pending", "must be true or false", text -> switch (text) {
            case "", "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        });
        boolean pending = Boolean.TRUE.equals(given);
        return find(id).compose(webhook -> parts.store()
                .queries()
                .webhookStatistics(id)
                .map(statistics -> {
                    ObjectNode json = views.webhook(webhook);
                    json.set("stats", Views.statistics(statistics, webhook));
                    if (pending) {
                        json.put("pending", statistics.pending());
                    }
                    return Response.ok(json);
                }));
    }

    Future<Response> statistics(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        return find(id).compose(webhook -> parts.store()
                .queries()
                .webhookStatistics(id)
                .map(statistics -> Response.ok(Views.statistics(statistics, webhook))));
    }

    Future<Response> patch(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        JsonNode patch = Json.read(call.body());
        return change(id, webhook -> WebhookForm.patch(webhook, patch, parts.now()))
                .map(webhook -> Response.ok(views.webhook(webhook)));
    }

    Future<Response> delete(Call call) {
        WebhookId id = call.id(WebhookId::parse);
        return parts.ask(new Request.DeleteWebhook(id)).map(reply -> {
            if (reply instanceof Reply.Unknown) {
                throw Problem.notFound();
            }
            return Response.empty();
        });
    }

    private Future<Webhook> find(WebhookId id) {
        return find(parts, id);
    }

    static Future<Webhook> find(ApiParts parts, WebhookId id) {
        Queries queries = parts.store().queries();
        return queries.webhook(id).map(found -> found.orElseThrow(Problem::notFound));
    }

    private Future<Webhook> change(WebhookId id, UnaryOperator<Webhook> change) {
        return change(parts, id, change);
    }

    /** Changes a webhook as it is now; when somebody else was faster, the change is made anew on what they left. */
    static Future<Webhook> change(ApiParts parts, WebhookId id, UnaryOperator<Webhook> change) {
        return change(parts, id, change, TRIES);
    }

    private static Future<Webhook> change(ApiParts parts, WebhookId id, UnaryOperator<Webhook> change, int triesLeft) {
        return find(parts, id).compose(webhook -> {
            Webhook changed = change.apply(webhook);
            return parts.ask(new Request.SaveWebhook(changed, webhook.version()))
                    .compose(reply -> {
                        if (!(reply instanceof Reply.Stale)) {
                            return find(parts, id);
                        }
                        return triesLeft > 1
                                ? change(parts, id, change, triesLeft - 1)
                                : Future.failedFuture(
                                        Problem.of(409, "The webhook is being changed by others; try again"));
                    });
        });
    }
}
