package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.EventTypeDesk.Saved;
import io.longline.api.EventTypeDesk.What;
import io.longline.bus.ForeignWork;
import io.longline.catalogue.AsyncApi;
import io.longline.catalogue.EventTypeDocument;
import io.longline.catalogue.FaultyException;
import io.longline.model.BuiltInEventType;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes that take the catalogue in as a document, and give it as one. */
final class CatalogueHandlers {
    private static final String YAML = "application/yaml";

    private final ApiParts parts;
    private final EventTypeDesk desk;
    private final WorkerExecutor pool;
    private boolean isReading;

    CatalogueHandlers(ApiParts parts) {
        this.parts = parts;
        this.desk = new EventTypeDesk(parts);
        this.pool = ForeignWork.pool(parts.vertx());
    }

    /** All that a document describes, or nothing of it. */
    Future<Response> importTypes(Call call) {
        String tenant = call.tenantToBe();
        boolean dryRun = Boolean.TRUE.equals(call.flag("dry_run"));
        if (isReading) {
            throw Problem.unavailable("Another document is being read; try again shortly");
        }
        isReading = true;
        return parts.vertx()
                .executeBlocking(() -> read(call.body()), false)
                .onComplete(done -> isReading = false)
                .compose(drafts -> dryRun
                        ? desk.plan(tenant, drafts)
                        : desk.save(tenant, drafts, saved -> note(call, tenant, saved)))
                .map(saved -> Response.ok(view(saved, dryRun)));
    }

    private static List<EventTypeDraft> read(byte[] document) {
        Faults faults = new Faults();
        List<EventTypeDraft> drafts = List.of();
        try {
            drafts = EventTypeDocument.read(document);
            for (EventTypeDraft draft : drafts) {
                if (Boolean.TRUE.equals(draft.validates()) && BuiltInEventType.isRaisedByLongline(draft.name())) {
                    faults.add("", "has " + draft.name() + " validated, whose events Longline raises itself");
                }
            }
        } catch (FaultyException faulty) {
            faulty.faults().forEach(fault -> faults.add(fault.pointer(), fault.detail()));
        }
        faults.refuseIfAny();
        return drafts;
    }

    private Future<Void> note(Call call, String tenant, List<Saved> saved) {
        String detail = count(saved, What.CREATED) + " created, " + count(saved, What.CHANGED) + " changed";
        return parts.audit(call, "event_type.import", "*", tenant, detail);
    }

    private static long count(List<Saved> saved, What what) {
        return saved.stream().filter(each -> each.what() == what).count();
    }

    private static ObjectNode view(List<Saved> saved, boolean dryRun) {
        ObjectNode json = Json.object();
        json.put("dry_run", dryRun);
        for (What what : What.values()) {
            json.put(word(what), count(saved, what));
        }
        ArrayNode data = json.putArray("data");
        saved.forEach(each -> data.addObject().put("name", each.type().name()).put("result", word(each.what())));
        return json;
    }

    private static String word(What what) {
        return what.name().toLowerCase(Locale.ROOT);
    }

    /** The catalogue as AsyncAPI, in JSON or, where that is asked for, in YAML. */
    Future<Response> asyncApi(Call call) {
        String tenant = call.oneTenant();
        boolean yaml = wantsYaml(call.header("Accept"));
        return parts.store()
                .eventTypes()
                .registered(tenant)
                .compose(all -> pool.executeBlocking(
                        () -> {
                            List<EventType> types = all.stream()
                                    .filter(type -> !type.isArchived())
                                    .toList();
                            return yaml ? AsyncApi.yaml(tenant, types) : AsyncApi.json(tenant, types);
                        },
                        false))
                .map(bytes -> new Response(200, Map.of("Vary", "Accept"), yaml ? YAML : Response.JSON, bytes));
    }

    private static boolean wantsYaml(@Nullable String accept) {
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("yaml");
    }
}
