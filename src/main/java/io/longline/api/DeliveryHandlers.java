package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.Attempt;
import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.WebhookId;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.PendingView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The routes of deliveries. */
final class DeliveryHandlers {
    private static final String STATUSES = "must be pending, succeeded, failed, cancelled, held or retrying";

    private final ApiParts parts;

    DeliveryHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** Which deliveries a call asks for. */
    static DeliveryFilter filter(Call call) {
        String status = call.query(
                "status",
                STATUSES,
                text -> Optional.of(text)
                        .filter(word ->
                                view(word) != null || DeliveryStatus.parse(word).isPresent()));
        return new DeliveryFilter(
                status == null ? null : DeliveryStatus.parse(status).orElse(null),
                status == null ? null : view(status),
                call.query("webhook_id", "must be a webhook's identifier", WebhookId::parse),
                call.query("event"),
                call.query("event_id", "must be an event's identifier", EventId::parse),
                call.tenant(),
                call.time("since"),
                call.time("until"),
                call.whole("response_code", 100, 599));
    }

    Future<Response> list(Call call) {
        return parts.store()
                .queries()
                .deliveries(filter(call), call.page(DeliveryId.PREFIX))
                .map(page -> Response.ok(Views.page(page, Views::delivery)));
    }

    private static @Nullable PendingView view(String word) {
        return switch (word) {
            case "held" -> PendingView.HELD;
            case "retrying" -> PendingView.RETRYING;
            default -> null;
        };
    }

    Future<Response> get(Call call) {
        DeliveryId id = call.id(DeliveryId::parse);
        return parts.store().queries().deliveryDetails(id).map(found -> {
            var details = found.filter(one -> call.caller().sees(one.delivery().tenant()))
                    .orElseThrow(Problem::notFound);
            ObjectNode json = Views.delivery(details.delivery());
            json.putRawValue("payload", Json.raw(details.payload().text()));
            List<Attempt> attempts = details.attempts();
            if (attempts.isEmpty()) {
                json.putNull("request_headers");
            } else {
                json.putRawValue(
                        "request_headers",
                        Json.raw(attempts.get(attempts.size() - 1).requestHeadersJson()));
            }
            ArrayNode all = json.putArray("attempts");
            attempts.forEach(attempt -> all.add(Views.attempt(attempt)));
            return Response.ok(json);
        });
    }

    Future<Response> retry(Call call) {
        return byHand(call, "delivery.retry", 202, Request.RetryDelivery::new);
    }

    Future<Response> cancel(Call call) {
        return byHand(call, "delivery.cancel", 200, Request.CancelDelivery::new);
    }

    private Future<Response> byHand(
            Call call, String action, int status, BiFunction<DeliveryId, WebhookId, Request.ToShard> request) {
        DeliveryId id = call.id(DeliveryId::parse);
        return parts.store()
                .queries()
                .delivery(id)
                .compose(found -> {
                    Delivery delivery = found.filter(each -> call.caller().sees(each.tenant()))
                            .orElseThrow(Problem::notFound);
                    WebhookId webhookId = delivery.webhookId();
                    return parts.audit(call, action, id.value(), delivery.tenant(), "")
                            .compose(noted -> parts.ask(webhookId, request.apply(id, webhookId)));
                })
                .compose(reply -> {
                    if (reply instanceof Reply.Conflict conflict) {
                        throw Problem.of(409, "This cannot be done now: " + conflict.why());
                    }
                    if (reply instanceof Reply.Unknown) {
                        throw Problem.of(409, "This cannot be done any more: the webhook was deleted");
                    }
                    return parts.store().queries().delivery(id);
                })
                .map(found -> Response.json(status, Views.delivery(found.orElseThrow(Problem::notFound))));
    }
}
