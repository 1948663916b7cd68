package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
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
        Instant now = parts.now();
        return parts.store().queries().statistics(call.tenant(), now).map(figures -> {
            ObjectNode json = Json.object();
            json.putObject("webhooks").put("active", figures.activeWebhooks()).put("total", figures.totalWebhooks());
            json.putObject("deliveries_24h")
                    .put("total", figures.succeeded24h() + figures.failed24h())
                    .put("successful", figures.succeeded24h())
                    .put("failed", figures.failed24h())
                    .put("avg_duration_ms", Views.rounded(figures.averageDurationMillis24h()));
            Instant oldest = figures.oldestPendingAt();
            ObjectNode queue = json.putObject("queue").put("pending", figures.pending());
            if (oldest == null) {
                queue.putNull("oldest_pending_s");
            } else {
                queue.put(
                        "oldest_pending_s",
                        Math.max(0, Duration.between(oldest, now).toMillis()) / 1_000.0);
            }
            queue.put("retrying", figures.retrying());
            json.putObject("rates")
                    .put("accepted_per_s", figures.acceptedPerSecond())
                    .put("delivered_per_s", figures.deliveredPerSecond())
                    .put("failed_per_s", figures.failedPerSecond());
            json.put("version", parts.version());
            json.put("uptime_s", (parts.time().monotonicMillis() - parts.startedAt()) / 1_000);
            return Response.ok(json);
        });
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
