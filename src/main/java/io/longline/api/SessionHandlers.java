package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.ApiKey;
import io.vertx.core.Future;

/** The routes with which the dashboard signs in, asks who it is, and signs out. */
final class SessionHandlers {
    private static final int LONGEST_KEY = 512;

    private final ApiParts parts;

    SessionHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** A browser that shows a good key gets a cookie in its place. */
    Future<Response> signIn(Call call) {
        if (call.header("Origin") != null && !SessionCookie.isFromOwnPage(call.request())) {
            throw Problem.of(403, "Only the dashboard's own pages sign in");
        }
        Faults faults = new Faults();
        Fields fields = Fields.of(Json.read(call.body()), faults);
        String shown = fields.text("key", LONGEST_KEY);
        if (shown == null) {
            faults.add("/key", "is required");
        }
        fields.refuseOthers();
        faults.refuseIfAny();
        Gatekeeper gatekeeper = parts.gatekeeper();
        ApiKey key = gatekeeper.check(call.request(), String.valueOf(shown)).key();
        Caller keyed = Caller.of(key);
        return parts.audit(call.by(keyed), "session.create", key.id().value(), keyed.tenantOrAll(), "")
                .map(noted -> {
                    Sessions.Begun begun = gatekeeper.sessions().begin(key.id(), parts.now());
                    return Response.json(201, view(Caller.of(key, begun.session())))
                            .with("Set-Cookie", gatekeeper.cookie().set(begun.token()))
                            .with("Cache-Control", "no-store");
                });
    }

    Future<Response> get(Call call) {
        return Future.succeededFuture(Response.ok(view(call.caller())).with("Cache-Control", "no-store"));
    }

    Future<Response> signOut(Call call) {
        Sessions.Session session = call.caller().session();
        Response done =
                Response.empty().with("Set-Cookie", parts.gatekeeper().cookie().clear());
        if (session == null) {
            return Future.succeededFuture(done);
        }
        parts.gatekeeper().sessions().end(session);
        return parts.audit(
                        call,
                        "session.delete",
                        call.caller().actor(),
                        call.caller().tenantOrAll(),
                        "")
                .map(done);
    }

    private ObjectNode view(Caller caller) {
        ObjectNode json = Json.object();
        json.put("keys_needed", parts.gatekeeper().needsKeys());
        ApiKey key = caller.key();
        if (key == null) {
            json.putNull("key");
        } else {
            json.putObject("key").put("id", key.id().value()).put("name", key.name());
        }
        ArrayNode scopes = json.putArray("scopes");
        caller.grants().words().forEach(scopes::add);
        json.put("tenant", caller.grants().tenant());
        Sessions.Session session = caller.session();
        json.put("expires_at", session == null ? null : Views.time(session.endsAt()));
        return json;
    }
}
