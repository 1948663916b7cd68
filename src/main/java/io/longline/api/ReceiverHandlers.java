package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.security.SignatureCheck;
import io.longline.security.WebhookSecret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The built-in receiver, for a first webhook without a server of one's own: it keeps what arrives, and fails when its URL
 * says so. There is none but where this machine's user alone can call.
 */
final class ReceiverHandlers {
    /** What the JSON around a request takes, about. */
    private static final int ENVELOPE_BYTES = 1_024;

    private static final int LONGEST_DELAY_MILLIS = 60_000;

    private final ApiParts parts;

    ReceiverHandlers(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> receive(Call call) {
        refuseUnlessKeyless();
        Integer wanted = call.whole("status", 200, 599);
        Integer delay = call.whole("delay_ms", 0, LONGEST_DELAY_MILLIS);
        int status = wanted == null ? 200 : wanted;
        Instant receivedAt = parts.now();
        return judge(call).compose(signature -> {
            ObjectNode request = view(call, receivedAt, status, signature);
            int size =
                    ENVELOPE_BYTES + call.body().length + call.request().uri().length();
            parts.inbox().add(request, size);
            Response response = Response.json(status, Json.object().put("received", true));
            return delay == null || delay == 0 ? Future.succeededFuture(response) : later(response, delay);
        });
    }

    private Future<Response> later(Response response, int millis) {
        Promise<Response> answer = Promise.promise();
        parts.vertx().setTimer(millis, id -> answer.complete(response));
        return answer.future();
    }

    /** Whether the request is signed as the webhook that it names signs. */
    private Future<String> judge(Call call) {
        Optional<WebhookId> id =
                Optional.ofNullable(call.onlyHeader("X-Webhook-Id")).flatMap(WebhookId::parse);
        if (id.isEmpty()) {
            return Future.succeededFuture("unknown");
        }
        return parts.store()
                .queries()
                .webhook(id.get())
                .map(found -> found.map(webhook -> judge(call, webhook)).orElse("unknown"));
    }

    private String judge(Call call, Webhook webhook) {
        List<String> secrets = webhook.secrets().live(parts.now()).stream()
                .filter(secret -> WebhookSecret.publicKey(secret).isEmpty())
                .toList();
        if (secrets.isEmpty()) {
            return "unknown";
        }
        SignatureCheck.Result result = SignatureCheck.Result.INVALID;
        for (String secret : secrets) {
            SignatureCheck.Result one =
                    new SignatureCheck(secret).check(name -> name == null ? null : call.onlyHeader(name), call.body());
            result = one == SignatureCheck.Result.INVALID ? result : one;
        }
        return switch (result) {
            case VALID -> "valid";
            case INVALID -> "invalid";
            case MISSING -> "missing";
        };
    }

    private static ObjectNode view(Call call, Instant receivedAt, int status, String signature) {
        ObjectNode json = Json.object();
        json.put("received_at", Views.time(receivedAt));
        json.put("path", call.request().path());
        json.put("query", call.request().query());
        Map<String, String> headers = new TreeMap<>();
        call.request().headers().forEach((name, value) -> headers.merge(name, value, (one, more) -> one + ", " + more));
        json.set("headers", Views.texts(headers));
        json.put("body", new String(call.body(), StandardCharsets.UTF_8));
        json.put("signature", signature);
        json.put("answered", status);
        return json;
    }

    Future<Response> list(Call call) {
        refuseUnlessKeyless();
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        parts.inbox().all().forEach(data::add);
        return Future.succeededFuture(Response.ok(json).with("Cache-Control", "no-store"));
    }

    Future<Response> clear(Call call) {
        refuseUnlessKeyless();
        parts.inbox().clear();
        return Future.succeededFuture(Response.empty());
    }

    private void refuseUnlessKeyless() {
        if (!parts.settings().isKeyless()) {
            throw Problem.notFound();
        }
    }
}
