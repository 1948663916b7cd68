package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.EventType;
import io.longline.model.SigningSecrets;
import io.longline.model.Source;
import io.longline.model.Webhook;
import io.longline.security.HeaderRules;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.WebhookFilter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes everything that may be imported again, page by page as the client takes it, so that memory does not grow with it.
 * Each page is of one moment; what is changed meanwhile is as it was or as it became.
 */
final class ExportHandler {
    private static final int PAGE = 200;

    private final ApiParts parts;

    ExportHandler(ApiParts parts) {
        this.parts = parts;
    }

    /** One page of a list. */
    private interface Pages<T> {
        Future<Page<T>> after(@Nullable String cursor);
    }

    Future<Response> export(Call call) {
        boolean secrets = Boolean.TRUE.equals(call.flag("with_secrets"));
        String tenant = call.tenant();
        Future<Void> noted = secrets
                ? parts.audit(
                        call, "export.secrets", "export", call.caller().tenantOrAll(), tenant == null ? "" : tenant)
                : Future.succeededFuture();
        return noted.compose(done -> parts.store().queries().probe()).compose(readable -> {
            HttpServerResponse response = call.request().response();
            response.setChunked(true)
                    .putHeader("Content-Type", Response.JSON)
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Content-Disposition", "attachment; filename=\"longline-export.json\"");
            return write(response, secrets, tenant)
                    // Half an answer must not look like a whole one.
                    .onFailure(fault -> response.reset())
                    .map(Response.underWay())
                    .otherwise(Response.underWay());
        });
    }

    private Future<Void> write(HttpServerResponse response, boolean secrets, @Nullable String tenant) {
        return send(response, "{\n\"longline_export\": 1,\n\"exported_at\": \"" + Views.time(parts.now()) + "\",\n")
                .compose(done -> list(
                        response,
                        "event_types",
                        cursor -> parts.store().eventTypes().definitions(tenant, cursor),
                        ExportHandler::eventType))
                .compose(done -> send(response, ",\n"))
                .compose(done -> list(
                        response,
                        "sources",
                        cursor -> parts.store().sources().sources(tenant, new PageRequest(cursor, PAGE)),
                        source -> Optional.of(source(source, secrets))))
                .compose(done -> send(response, ",\n"))
                .compose(done -> list(
                        response,
                        "webhooks",
                        cursor -> parts.store()
                                .queries()
                                .webhooks(new WebhookFilter(tenant, null, null, null), new PageRequest(cursor, PAGE)),
                        webhook -> Optional.of(webhook(webhook, secrets))))
                .compose(done -> response.end("\n}\n"));
    }

    private static <T> Future<Void> list(
            HttpServerResponse response, String name, Pages<T> pages, Function<T, Optional<ObjectNode>> view) {
        return send(response, "\"" + name + "\": [")
                .compose(done -> page(response, pages, null, true, view))
                .compose(done -> send(response, "\n]"));
    }

    private static <T> Future<Void> page(
            HttpServerResponse response,
            Pages<T> pages,
            @Nullable String cursor,
            boolean first,
            Function<T, Optional<ObjectNode>> view) {
        return pages.after(cursor).compose(page -> {
            Buffer buffer = Buffer.buffer();
            boolean begins = first;
            for (T item : page.items()) {
                Optional<ObjectNode> json = view.apply(item);
                if (json.isPresent()) {
                    buffer.appendString(begins ? "\n" : ",\n").appendBytes(Json.write(json.get()));
                    begins = false;
                }
            }
            boolean stillFirst = begins;
            Future<Void> sent = buffer.length() == 0 ? Future.succeededFuture() : response.write(buffer);
            return page.nextCursor() == null
                    ? sent
                    : sent.compose(done -> page(response, pages, page.nextCursor(), stillFirst, view));
        });
    }

    private static Future<Void> send(HttpServerResponse response, String text) {
        return response.write(Buffer.buffer(text));
    }

    private ObjectNode webhook(Webhook webhook, boolean withSecrets) {
        ObjectNode json = Json.object();
        json.put("id", webhook.id().value());
        json.put("tenant", webhook.tenant());
        Views.settings(webhook, json);
        if (!withSecrets) {
            ObjectNode headers = json.putObject("headers");
            webhook.headers()
                    .forEach((name, value) -> headers.put(name, HeaderRules.isSecret(name) ? HeaderRules.MASK : value));
        }
        SigningSecrets secrets = webhook.secrets();
        // That there is none is no secret; without that an import would make one.
        if (withSecrets || secrets.current() == null) {
            json.put("secret", secrets.current());
        }
        Instant expiresAt = secrets.previousExpiresAt();
        if (withSecrets && expiresAt != null && parts.now().isBefore(expiresAt)) {
            json.put("previous_secret", secrets.previous());
            json.put("previous_secret_expires_at", Views.time(expiresAt));
        }
        return json;
    }

    /** An archived one is out of sight here as well. */
    private static Optional<ObjectNode> eventType(EventType type) {
        if (type.isArchived()) {
            return Optional.empty();
        }
        ObjectNode json = Json.object();
        json.put("tenant", type.tenant());
        json.put("name", type.name());
        json.setAll(EventTypePlanner.settings(type));
        return Optional.of(json);
    }

    private static ObjectNode source(Source source, boolean withSecrets) {
        ObjectNode json = Json.object();
        json.put("id", source.id().value());
        json.put("tenant", source.tenant());
        json.put("name", source.name());
        ObjectNode settings = SourceHandlers.settings(source);
        settings.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> json.set(field.getKey(), field.getValue()));
        if (withSecrets) {
            json.put("secret", source.secret());
        }
        return json;
    }
}
