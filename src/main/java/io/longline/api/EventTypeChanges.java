package io.longline.api;

import io.longline.api.EventTypeDesk.Saved;
import io.longline.api.EventTypeDesk.What;
import io.longline.bus.ForeignWork;
import io.longline.model.EventType;
import io.longline.policy.EventPattern;
import io.longline.store.EventTypeQueries.Entry;
import io.longline.store.Operation.EventTypeChange;
import io.longline.store.Operation.SaveEventTypes;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The routes that register event types and archive them. */
final class EventTypeChanges {
    private static final int TRIES = 5;

    private final ApiParts parts;
    private final EventTypeDesk desk;
    private final WorkerExecutor pool;

    EventTypeChanges(ApiParts parts) {
        this.parts = parts;
        this.desk = new EventTypeDesk(parts);
        this.pool = ForeignWork.pool(parts.vertx());
    }

    /** From the moment that this is answered events are judged by it. */
    Future<Response> put(Call call) {
        String name = call.path("name");
        EventPattern.nameFault(name).ifPresent(fault -> {
            throw Problem.of(400, "The event type's name in the path " + fault);
        });
        EventTypeForm form = EventTypeForm.of(Json.read(call.body()), name, call.caller());
        return pool.executeBlocking(
                        () -> {
                            form.check();
                            return form;
                        },
                        false)
                .compose(sound -> desk.save(form.tenant(), List.of(form.draft()), saved -> note(call, saved.get(0))))
                .compose(saved -> answer(saved.get(0)));
    }

    private Future<Void> note(Call call, Saved saved) {
        String action = saved.what() == What.CREATED ? "event_type.create" : "event_type.update";
        EventType type = saved.type();
        return parts.audit(call, action, type.name(), type.tenant(), type.judges() ? "validates" : "");
    }

    private Future<Response> answer(Saved saved) {
        EventType type = saved.type();
        return parts.store()
                .eventTypes()
                .entries(type.tenant(), List.of(type.name()))
                .map(seen -> new Entry(type.name(), seen.get(0).lastSeenAt(), type))
                .map(EventTypeViews::of)
                .map(json -> saved.what() == What.CREATED
                        ? Response.json(201, json).with("Location", "/api/event-types/" + encoded(type.name()))
                        : Response.ok(json));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** From the moment that this is answered events of that name are taken as they come. */
    Future<Response> archive(Call call) {
        String tenant = call.oneTenant();
        return archive(call, tenant, call.path("name"), TRIES).map(done -> Response.empty());
    }

    private Future<Void> archive(Call call, String tenant, String name, int triesLeft) {
        return parts.store().eventTypes().eventType(tenant, name).compose(found -> {
            EventType type = found.orElseThrow(Problem::notFound);
            if (type.isArchived()) {
                return Future.succeededFuture();
            }
            EventTypeChange change = new EventTypeChange(type.archived(parts.now()), type.version());
            return parts.audit(call, "event_type.archive", name, tenant, "")
                    .compose(noted -> parts.store().write(new SaveEventTypes(List.of(change))))
                    .compose(written -> {
                        if (!written && triesLeft <= 1) {
                            throw Problem.of(409, "The event type is being changed by others; try again");
                        }
                        return written ? Future.succeededFuture() : archive(call, tenant, name, triesLeft - 1);
                    });
        });
    }
}
