package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.ChangePlan.Action;
import io.longline.api.ChangePlan.Item;
import io.longline.exchange.Draft;
import io.longline.exchange.Draft.Kind;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import io.longline.policy.EventPattern;
import io.longline.store.Applied;
import io.longline.store.EventTypeQueries.Totals;
import io.longline.store.Operation;
import io.longline.store.Operation.EventTypeChange;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part of a plan that is about event types, which are told by tenant and name. For one thread and one use. */
final class EventTypePlanner {
    private final ApiParts parts;
    private final Call call;
    private final Planner.Rules rules;
    private final ChangePlan plan;
    private final Known known;
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();
    private final Set<Name> seen = new HashSet<>();

    private record Name(String tenant, String name) {}

    /** What is stored of the event types that drafts are about, and how much their tenants have. */
    static final class Known {
        private final Map<Name, EventType> types = new HashMap<>();
        private final Map<String, Totals> totals = new HashMap<>();

        private Known() {}

        /**
         * Reads it.
         *
         * @param fallback the tenant of drafts that name none
         */
        static Future<Known> read(ApiParts parts, List<Draft> drafts, String fallback, List<Applied> marks) {
            Map<String, Set<String>> names = new TreeMap<>();
            for (Applied mark : marks) {
                if (mark.kind() == Applied.Kind.EVENT_TYPE) {
                    names.computeIfAbsent(mark.tenant(), key -> new HashSet<>()).add(mark.name());
                }
            }
            for (Draft draft : drafts) {
                String name = Existing.text(draft, "name");
                String tenant = Existing.text(draft, "tenant");
                if (draft.kind() == Kind.EVENT_TYPE && name != null) {
                    names.computeIfAbsent(tenant == null ? fallback : tenant, key -> new HashSet<>())
                            .add(name);
                }
            }
            Known known = new Known();
            Future<Void> all = Future.succeededFuture();
            for (Map.Entry<String, Set<String>> each : names.entrySet()) {
                all = all.compose(done -> known.read(parts, each.getKey(), List.copyOf(each.getValue())));
            }
            return all.map(known);
        }

        private Future<Void> read(ApiParts parts, String tenant, List<String> names) {
            if (names.size() > EventType.MOST) {
                throw Problem.of(422, "A tenant may have " + EventType.MOST + " event types; nothing was made");
            }
            return parts.store()
                    .eventTypes()
                    .entries(tenant, names)
                    .compose(entries -> {
                        entries.forEach(entry -> {
                            EventType type = entry.definition();
                            if (type != null) {
                                types.put(new Name(tenant, type.name()), type);
                            }
                        });
                        return parts.store().eventTypes().totals(tenant);
                    })
                    .map(total -> {
                        totals.put(tenant, total);
                        return null;
                    });
        }
    }

    EventTypePlanner(ApiParts parts, Call call, Planner.Rules rules, ChangePlan plan, Known known) {
        this.parts = parts;
        this.call = call;
        this.rules = rules;
        this.plan = plan;
        this.known = known;
    }

    /** Plans for what a draft says. */
    void eventType(Draft draft, String tenant) {
        ObjectNode fields = draft.fields();
        JsonNode given = fields.remove("name");
        if (given == null || !given.isTextual()) {
            throw Problem.invalid("/name", "is required");
        }
        String name = given.textValue();
        EventPattern.nameFault(name).ifPresent(detail -> {
            throw Problem.invalid("/name", detail);
        });
        if (!seen.add(new Name(tenant, name))) {
            throw Problem.invalid("/name", "is there twice");
        }
        @Nullable EventType old = known.types.get(new Name(tenant, name));
        if (old != null && rules.keepOthers()) {
            keep(fields, old);
        }
        EventTypeForm form = EventTypeForm.of(fields, name, call.caller());
        form.check();
        EventTypeDraft wanted = form.draft();
        boolean same = old != null && old.is(wanted);
        EventType type =
                old == null ? EventType.of(tenant, wanted, parts.now()) : same ? old : old.as(wanted, parts.now());
        bound(tenant, old, type);
        add(draft, old, type, same);
    }

    /** Archives what an apply made and no draft was about. */
    void prune(Applied mark) {
        Name name = new Name(mark.tenant(), mark.name());
        if (seen.contains(name) || !call.caller().sees(mark.tenant())) {
            return;
        }
        List<Operation<?>> writes = new ArrayList<>();
        writes.add(new Operation.NoteApplied(mark, false));
        @Nullable EventType type = known.types.get(name);
        if (type == null || type.isArchived()) {
            plan.addQuietly(writes);
            return;
        }
        writes.add(Planner.audit(parts, call, rules, "event_type.archive", type.name(), type.tenant()));
        writes.add(
                new Operation.SaveEventTypes(List.of(new EventTypeChange(type.archived(parts.now()), type.version()))));
        plan.add(
                new Item(
                        Kind.EVENT_TYPE,
                        Action.DELETED,
                        "",
                        null,
                        null,
                        type.tenant(),
                        type.name(),
                        Json.object(),
                        null,
                        type.version()),
                writes);
    }

    private static void keep(ObjectNode fields, EventType old) {
        if (!fields.has("description") && old.description() != null) {
            fields.put("description", old.description());
        }
        String schema = old.schemaJson();
        if (!fields.has("schema") && schema != null) {
            fields.set("schema", Json.readStored(schema));
        }
        String example = old.exampleJson();
        if (!fields.has("example") && example != null) {
            fields.set("example", Json.readStored(example));
        }
        if (!fields.has("validate")) {
            fields.put("validate", old.validates() && fields.hasNonNull("schema"));
        }
    }

    private void bound(String tenant, @Nullable EventType old, EventType type) {
        Totals totals = known.totals.getOrDefault(tenant, new Totals(0, 0));
        long count = counts.merge(tenant, old == null ? 1L : 0L, Long::sum);
        long more = bytes.merge(tenant, (long) type.bytes() - (old == null ? 0 : old.bytes()), Long::sum);
        if (count > 0 && totals.count() + count > EventType.MOST) {
            throw Problem.of(422, "is one too many: a tenant may have " + EventType.MOST + " event types");
        }
        if (more > 0 && totals.bytes() + more > EventType.MOST_BYTES) {
            throw Problem.of(422, "is too much: a tenant's event types may have " + EventType.MOST_BYTES + " bytes");
        }
    }

    private void add(Draft draft, @Nullable EventType old, EventType type, boolean same) {
        Action action = old == null ? Action.CREATED : same ? Action.UNCHANGED : Action.CHANGED;
        ObjectNode changes = old == null || same ? Json.object() : changes(old, type);
        List<Operation<?>> writes = new ArrayList<>();
        if (!same) {
            String what = old == null ? "event_type.create" : "event_type.update";
            writes.add(Planner.audit(parts, call, rules, what, type.name(), type.tenant()));
            writes.add(
                    new Operation.SaveEventTypes(List.of(new EventTypeChange(type, old == null ? 0 : old.version()))));
            String file = rules.file();
            if (file != null && (old == null || old.isArchived())) {
                writes.add(new Operation.NoteApplied(
                        new Applied(file, Applied.Kind.EVENT_TYPE, type.tenant(), type.name(), type.name()), true));
            }
        }
        plan.add(
                new Item(
                        Kind.EVENT_TYPE,
                        action,
                        draft.place(),
                        null,
                        null,
                        type.tenant(),
                        type.name(),
                        changes,
                        null,
                        old == null || same ? 0 : old.version()),
                writes);
    }

    private static ObjectNode changes(EventType before, EventType after) {
        ObjectNode changes = ChangePlan.changes(settings(before), settings(after));
        if (before.isArchived()) {
            changes.putObject("archived").put("from", true).put("to", false);
        }
        return changes;
    }

    /** What a caller may choose of an event type, but for tenant and name. */
    static ObjectNode settings(EventType type) {
        ObjectNode json = Json.object();
        json.put("description", type.description());
        String schema = type.schemaJson();
        json.set("schema", schema == null ? json.nullNode() : Json.readStored(schema));
        String example = type.exampleJson();
        json.set("example", example == null ? json.nullNode() : Json.readStored(example));
        json.put("validate", type.validates());
        return json;
    }
}
