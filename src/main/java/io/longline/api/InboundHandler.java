package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.adapter.Inbound;
import io.longline.adapter.InboundCall;
import io.longline.adapter.Providers;
import io.longline.bus.EventDraft;
import io.longline.bus.Request.Idempotency;
import io.longline.model.Payload;
import io.longline.model.Source;
import io.longline.policy.EventPattern;
import io.longline.security.InboundSignature;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The route that third parties call. Nothing of a call is read before it has shown that it comes from its source; then
 * it goes the way of any event, and is answered once that is committed.
 */
final class InboundHandler {
    private static final int LONGEST_ID = 255;
    /** Third parties may word a repetition otherwise: their identifier alone tells it. */
    private static final String WHATEVER_THE_BODY = "";

    private final ApiParts parts;
    private final Publisher publisher;

    InboundHandler(ApiParts parts) {
        this.parts = parts;
        this.publisher = new Publisher(parts);
    }

    Future<Response> receive(Call call) {
        Source source = verified(call);
        boolean isForm = Body.mediaType(call.request()).equals(Body.FORM);
        InboundBody body = InboundBody.of(call.body(), isForm, source.kind());
        Inbound inbound = Providers.read(source, new Told(call, body, isForm));
        if (inbound instanceof Inbound.Challenge challenge) {
            ObjectNode json = Json.object();
            json.put("challenge", challenge.text());
            return Future.succeededFuture(Response.ok(json));
        }
        if (inbound instanceof Inbound.Unclear unclear) {
            throw Problem.of(400, "The call does not tell what happened: it lacks " + unclear.lacking());
        }
        return publish(source, (Inbound.Occurred) inbound, body);
    }

    /** Whom the call comes from. A name that nobody has is told from a bad signature by nothing, not even by time. */
    private Source verified(Call call) {
        Source named = parts.sources().named(call.path("name"));
        Source judged = named == null ? parts.sources().nobodys() : named;
        boolean holds = InboundSignature.holds(judged, call::onlyHeader, call.body(), parts.now());
        if (named == null || !holds) {
            throw Problem.unauthorized("There is no such source, or the call does not show that it comes from there");
        }
        return named;
    }

    private Future<Response> publish(Source source, Inbound.Occurred occurred, InboundBody body) {
        EventPattern.nameFault(occurred.event()).ifPresent(fault -> {
            throw Problem.of(400, "The name of the call's event " + fault);
        });
        String id = id(occurred.callId());
        EventDraft draft = new EventDraft(source.tenant(), occurred.event(), body.json(), metadata(source, id), null);
        Idempotency key =
                id == null ? null : new Idempotency(source.tenant(), source.id().value(), id, WHATEVER_THE_BODY);
        return publisher.one(draft, key).map(answer -> occurred.wantsSilence() ? Response.silence() : answer);
    }

    private static @Nullable String id(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        return given.length() <= LONGEST_ID
                ? given
                : "sha256:" + Payload.sha256(given.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] metadata(Source source, @Nullable String id) {
        ObjectNode json = Json.object();
        json.put("source", source.name());
        if (id != null) {
            json.put("source_delivery_id", id);
        }
        return Json.write(json);
    }

    /** What a verified call tells. */
    private record Told(Call call, InboundBody body, boolean isForm) implements InboundCall {
        @Override
        public @Nullable String header(String name) {
            return call.onlyHeader(name);
        }

        @Override
        public @Nullable String text(String path) {
            return body.text(path);
        }
    }
}
