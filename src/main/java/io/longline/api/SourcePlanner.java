package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.ChangePlan.Action;
import io.longline.api.ChangePlan.Item;
import io.longline.exchange.Draft;
import io.longline.exchange.Draft.Kind;
import io.longline.model.IdGenerator;
import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.security.HeaderRules;
import io.longline.store.Applied;
import io.longline.store.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a plan that is about sources, which are told by their names. For one thread and one use. */
final class SourcePlanner {
    private static final int MOST_SOURCES = 10_000;

    private final ApiParts parts;
    private final Call call;
    private final Planner.Rules rules;
    private final ChangePlan plan;
    private final Instant now;
    private final Set<String> names = new HashSet<>();
    private final Set<SourceId> ids = new HashSet<>();

    SourcePlanner(ApiParts parts, Call call, Planner.Rules rules, ChangePlan plan, Instant now) {
        this.parts = parts;
        this.call = call;
        this.rules = rules;
        this.plan = plan;
        this.now = now;
    }

    /** Plans for what a draft says. */
    void source(Draft draft) {
        ObjectNode fields = draft.fields();
        JsonNode given = fields.remove("id");
        String name = String.valueOf(Existing.text(draft, "name"));
        if (!names.add(name)) {
            throw Problem.invalid("/name", "is there twice");
        }
        Source known = parts.sources().named(name);
        if (known != null && !call.caller().sees(known.tenant())) {
            throw Problem.invalid("/name", "is taken on this server");
        }
        if (known == null && !fields.hasNonNull("secret") && rules.keepOthers()) {
            plan.warn(draft.place() + ": source " + name + " is left out, since the file does not have its secret");
            return;
        }
        if (known != null && !fields.hasNonNull("secret")) {
            fields.put("secret", known.secret());
        }
        if (known != null && !fields.has("tenant")) {
            fields.put("tenant", known.tenant());
        }
        if (known == null && parts.sources().size() + plan.sources().size() >= MOST_SOURCES) {
            throw Problem.of(422, "is one too many: there may be " + MOST_SOURCES + " sources");
        }
        SourceId id = known == null ? newId(given) : known.id();
        Source source = SourceForm.create(fields, id, call.caller(), known == null ? now : known.createdAt());
        if (known != null && !known.tenant().equals(source.tenant())) {
            throw Problem.invalid("/tenant", "cannot be changed");
        }
        add(draft, known, source);
    }

    /** Deletes what an apply made and no draft was about, if it still is what was made. */
    void prune(Applied mark) {
        Source source = parts.sources().named(mark.name());
        if (names.contains(mark.name()) || !call.caller().sees(mark.tenant())) {
            return;
        }
        List<Operation<?>> writes = new ArrayList<>();
        writes.add(new Operation.NoteApplied(mark, false));
        if (source == null || !source.id().value().equals(mark.subject())) {
            plan.addQuietly(writes);
            return;
        }
        writes.add(Planner.audit(parts, call, rules, "source.delete", mark.subject(), source.tenant()));
        writes.add(new Operation.DeleteSource(source.id()));
        plan.removes(source);
        plan.add(
                new Item(
                        Kind.SOURCE,
                        Action.DELETED,
                        "",
                        mark.subject(),
                        null,
                        source.tenant(),
                        source.name(),
                        Json.object(),
                        null,
                        0),
                writes);
    }

    /** The one of the file, unless it is somebody's, lies in the future, or the key is for one tenant alone. */
    private SourceId newId(@Nullable JsonNode given) {
        String text = given == null ? "" : given.asText();
        return SourceId.parse(text)
                .filter(id -> call.caller().grants().tenant() == null)
                .filter(ids::add)
                .filter(id -> !parts.sources().has(id) && IdGenerator.millisOf(text) <= now.toEpochMilli())
                .orElseGet(() -> new SourceId(parts.ids().next(SourceId.PREFIX)));
    }

    private void add(Draft draft, @Nullable Source known, Source source) {
        ObjectNode changes = known == null ? Json.object() : changes(known, source);
        Action action = known == null ? Action.CREATED : changes.isEmpty() ? Action.UNCHANGED : Action.CHANGED;
        List<Operation<?>> writes = new ArrayList<>();
        if (action != Action.UNCHANGED) {
            String id = source.id().value();
            writes.add(Planner.audit(
                    parts,
                    call,
                    rules,
                    action == Action.CREATED ? "source.create" : "source.update",
                    id,
                    source.tenant()));
            if (known != null) {
                writes.add(new Operation.DeleteSource(known.id()));
            }
            writes.add(new Operation.CreateSource(source));
            plan.puts(source);
            String file = rules.file();
            if (known == null && file != null) {
                writes.add(new Operation.NoteApplied(
                        new Applied(file, Applied.Kind.SOURCE, source.tenant(), source.name(), id), true));
            }
        }
        plan.add(
                new Item(
                        Kind.SOURCE,
                        action,
                        draft.place(),
                        source.id().value(),
                        null,
                        source.tenant(),
                        source.name(),
                        changes,
                        null,
                        0),
                writes);
    }

    private static ObjectNode changes(Source before, Source after) {
        ObjectNode changes = ChangePlan.changes(SourceHandlers.settings(before), SourceHandlers.settings(after));
        if (!before.secret().equals(after.secret())) {
            changes.putObject("secret").put("from", HeaderRules.MASK).put("to", HeaderRules.MASK);
        }
        return changes;
    }
}
