package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.store.Operation;
import io.vertx.core.Future;

/** The routes of sources. */
final class SourceHandlers {
    private static final int MOST_SOURCES = 10_000;

    private final ApiParts parts;

    SourceHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** From the moment that this is answered the third party's calls are taken. */
    Future<Response> create(Call call) {
        if (parts.sources().size() >= MOST_SOURCES) {
            throw Problem.of(409, "There are " + MOST_SOURCES + " sources already; delete some first");
        }
        SourceId id = new SourceId(parts.ids().next(SourceId.PREFIX));
        Source source = SourceForm.create(Json.read(call.body()), id, call.caller(), parts.now());
        if (parts.sources().named(source.name()) != null) {
            throw taken(source);
        }
        return audit(call, "source.create", source)
                .compose(noted -> parts.store().write(new Operation.CreateSource(source)))
                .compose(created -> created ? Future.succeededFuture() : catchUp(source))
                .map(stored -> {
                    parts.sources().put(source);
                    return Response.json(201, view(source)).with("Location", "/api/sources/" + id);
                });
    }

    /** The store knows of one that is not in memory: its write was answered as failed, and was none the less done. */
    private Future<Void> catchUp(Source source) {
        return parts.sources().read().compose(read -> Future.failedFuture(taken(source)));
    }

    private static Problem taken(Source source) {
        return Problem.of(409, "There is a source " + source.name() + " on this server already");
    }

    Future<Response> list(Call call) {
        return parts.store()
                .sources()
                .sources(call.tenant(), call.page(SourceId.PREFIX))
                .map(page -> Response.ok(Views.page(page, SourceHandlers::view)));
    }

    Future<Response> get(Call call) {
        return find(call).map(source -> Response.ok(view(source)));
    }

    /** From the moment that this is answered the third party's calls are refused. */
    Future<Response> delete(Call call) {
        SourceId id = call.id(SourceId::parse);
        return find(call)
                .compose(source -> audit(call, "source.delete", source))
                .compose(noted -> parts.store().write(new Operation.DeleteSource(id)))
                .map(deleted -> {
                    parts.sources().remove(id);
                    return Response.empty();
                });
    }

    private Future<Source> find(Call call) {
        SourceId id = call.id(SourceId::parse);
        return parts.store().sources().source(id).map(found -> {
            if (found.isEmpty()) {
                // Should it have gone from the store without an answer, it goes from memory now.
                parts.sources().remove(id);
            }
            return found.filter(source -> call.caller().sees(source.tenant())).orElseThrow(Problem::notFound);
        });
    }

    private Future<Void> audit(Call call, String action, Source source) {
        String detail = source.name() + " (" + source.kind().text() + ")";
        return parts.audit(call, action, source.id().value(), source.tenant(), detail);
    }

    private static ObjectNode view(Source source) {
        ObjectNode json = Json.object();
        json.put("id", source.id().value());
        json.put("tenant", source.tenant());
        json.put("name", source.name());
        json.put("kind", source.kind().text());
        json.put("path", "/in/" + source.name());
        json.setAll(settings(source));
        json.put("secret_hint", source.secretHint());
        json.put("created_at", Views.time(source.createdAt()));
        return json;
    }

    /** What a caller may choose of a source, but for tenant, name and secret. */
    static ObjectNode settings(Source source) {
        SourceScheme scheme = source.scheme();
        boolean hmac = source.kind() == SourceKind.HMAC;
        ObjectNode json = Json.object();
        json.put("kind", source.kind().text());
        json.put("event_prefix", source.eventPrefix());
        json.put("header", scheme.header());
        json.put("algorithm", hmac ? scheme.algorithm().text() : null);
        json.put("encoding", hmac ? scheme.encoding().text() : null);
        json.put("signature_prefix", hmac ? scheme.signaturePrefix() : null);
        json.put("event_header", scheme.eventHeader());
        json.put("id_header", scheme.idHeader());
        return json;
    }
}
