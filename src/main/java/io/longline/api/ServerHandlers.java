package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of the server itself: figures, health, and its contract. */
final class ServerHandlers {
    private final ApiParts parts;
    private final Contract contract;
    private @Nullable ReadCheck reads;

    ServerHandlers(ApiParts parts) {
        this.parts = parts;
        this.contract = new Contract(parts.vertx());
    }

    Future<Response> statistics(Call call) {
        return statistics().of(call.tenant()).map(Response::ok);
    }

    private StatisticsView statistics() {
        return new StatisticsView(
                parts.store().queries(),
                parts.time(),
                parts.version(),
                parts.startedAt(),
                parts.settings().monitoring().queueWarning());
    }

    Future<Response> live(Call call) {
        return Future.succeededFuture(Response.ok(Json.object().put("status", "up")));
    }

    /** Ready means: a call would be taken now, be it one that stores something or one that reads. */
    Future<Response> ready(Call call) {
        return reads().isReadable().map(readable -> {
            boolean store = readable && parts.store().isWritable();
            boolean draining = parts.state().isDraining();
            ObjectNode json = Json.object();
            json.put("status", store && !draining ? "ready" : "not_ready");
            json.putObject("checks")
                    .put("store", store ? "up" : "down")
                    .put("dispatcher", draining ? "draining" : "up");
            return Response.json(store && !draining ? 200 : 503, json);
        });
    }

    private ReadCheck reads() {
        ReadCheck check = reads;
        if (check == null) {
            check = new ReadCheck(parts.store().queries(), parts.time());
            reads = check;
        }
        return check;
    }

    Future<Response> openApiJson(Call call) {
        return contract.json().map(bytes -> new Response(200, Map.of(), Response.JSON, bytes));
    }

    Future<Response> openApiYaml(Call call) {
        return contract.yaml().map(bytes -> new Response(200, Map.of(), "application/yaml", bytes));
    }
}
