package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.EventDraft;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.bus.Request.Idempotency;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.WebhookId;
import io.longline.store.Queries.EventFilter;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of events. */
final class EventHandlers {
    private final ApiParts parts;
    private final Publisher publisher;
    private final CloudEventIntake cloudEvents;

    EventHandlers(ApiParts parts) {
        this.parts = parts;
        this.publisher = new Publisher(parts);
        this.cloudEvents =
                new CloudEventIntake(publisher, parts.settings().ingest().maxBatchEvents());
    }

    Future<Response> trigger(Call call) {
        if (CloudEventIntake.takes(call.request())) {
            return cloudEvents.trigger(call);
        }
        refuseTenantInQuery(call);
        EventDraft draft = EventForm.one(call.body(), call.caller());
        return publisher.one(draft, idempotency(call, "trigger", draft.tenant()));
    }

    Future<Response> batch(Call call) {
        if (CloudEventIntake.takes(call.request())) {
            return cloudEvents.batch(call);
        }
        refuseTenantInQuery(call);
        int most = parts.settings().ingest().maxBatchEvents();
        List<EventDraft> drafts = call.isLines()
                ? EventForm.lines(call.body(), most, call.caller())
                : EventForm.array(call.body(), most, call.caller());
        // A batch may hold events of several tenants; its key belongs to the first one's.
        return publisher.batch(drafts, idempotency(call, "batch", drafts.get(0).tenant()));
    }

    private static void refuseTenantInQuery(Call call) {
        if (call.query("tenant") != null) {
            throw Call.badParameter("tenant", "is for CloudEvents; any other event names its tenant in the body");
        }
    }

    private static @Nullable Idempotency idempotency(Call call, String scope, String tenant) {
        String key = call.idempotencyKey();
        return key == null ? null : new Idempotency(tenant, scope, key, Payload.sha256(call.body()));
    }

    Future<Response> recent(Call call) {
        EventFilter filter =
                new EventFilter(call.query("event"), call.tenant(), call.time("since"), call.time("until"));
        return parts.store()
                .queries()
                .events(filter, call.page(EventId.PREFIX))
                .map(page -> Response.ok(Views.page(page, Views::event)));
    }

    Future<Response> get(Call call) {
        EventId id = call.id(EventId::parse);
        return parts.store().queries().eventDetails(id).map(found -> {
            var details = found.filter(event -> call.caller().sees(event.event().tenant()))
                    .orElseThrow(Problem::notFound);
            ObjectNode json = Views.event(details.event());
            json.put("filtered", details.event().filtered());
            json.putRawValue("payload", Json.raw(details.payload().text()));
            ArrayNode deliveries = json.putArray("deliveries");
            details.deliveries().forEach(delivery -> deliveries.add(Views.delivery(delivery)));
            return Response.ok(json);
        });
    }

    Future<Response> replay(Call call) {
        EventId id = call.id(EventId::parse);
        Faults faults = new Faults();
        Fields fields = Fields.of(call.body().length == 0 ? Json.object() : Json.read(call.body()), faults);
        String text = fields.text("webhook_id", 100);
        Optional<WebhookId> only = text == null ? Optional.empty() : WebhookId.parse(text);
        if (text != null && only.isEmpty()) {
            faults.add("/webhook_id", "names no webhook");
        }
        fields.refuseOthers();
        faults.refuseIfAny();
        return parts.store().queries().event(id).compose(found -> {
            Event event =
                    found.filter(each -> call.caller().sees(each.tenant())).orElseThrow(Problem::notFound);
            return parts.audit(call, "event.replay", id.value(), event.tenant(), "")
                    .compose(noted ->
                            parts.ask(new Request.ReplayEvent(id, event.tenant(), event.type(), only.orElse(null))))
                    .map(reply -> replayed(id, reply));
        });
    }

    private static Response replayed(EventId id, Reply reply) {
        if (reply instanceof Reply.Replaying replaying) {
            ObjectNode json = Json.object();
            json.put("id", id.value());
            json.put("deliveries", replaying.deliveries());
            return Response.json(202, json);
        }
        Publisher.refuseIfTooMany(reply);
        throw Problem.invalid("/webhook_id", "names no webhook");
    }
}
