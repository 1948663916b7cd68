package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.ChangePlan.Item;
import io.longline.bus.Request;
import io.longline.exchange.Draft;
import io.longline.exchange.Draft.Kind;
import io.longline.exchange.FileFormat;
import io.longline.exchange.Reading;
import io.longline.exchange.UnreadableFileException;
import io.longline.model.Webhook;
import io.longline.store.Applied;
import io.longline.store.Clash;
import io.longline.store.Operation;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.WebhookFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes that take many things at once, all of them or none: a file from here or elsewhere, or the state that is wanted.
 * Both go the same way: read and check off the event loop, compare with what is stored, then one commit. One call at a time
 * does so on a server.
 */
final class ImportHandlers {
    private static final int PAGE = 500;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final ApiParts parts;

    ImportHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** Takes a file in. */
    Future<Response> importFile(Call call) {
        boolean dryRun = Boolean.TRUE.equals(call.flag("dry_run"));
        boolean disabled = Boolean.TRUE.equals(call.flag("disabled"));
        FileFormat given = call.query("format", "must be one of " + FileFormat.texts(), FileFormat::parse);
        String tenant = call.namedTenant();
        String named = call.caller().tenantFor(tenant);
        return alone(() -> blocking(() -> {
                    FileFormat format = given == null ? FileFormat.of(call.body()) : given;
                    return new Read(format, format.read(call.body()));
                })
                .recover(ImportHandlers::unreadable)
                .compose(read -> {
                    Planner.Rules rules = new Planner.Rules(
                            "import of " + read.format.text(),
                            tenant == null ? null : named,
                            disabled,
                            true,
                            null,
                            false);
                    return plan(call, read.reading, rules, null).compose(plan -> {
                        ObjectNode extra = Json.object().put("format", read.format.text());
                        return dryRun
                                ? answer(plan, false, extra)
                                : commit(plan).compose(done -> answer(plan, true, extra));
                    });
                }));
    }

    private record Read(FileFormat format, Reading reading) {}

    private static <T> Future<T> unreadable(Throwable fault) {
        if (!(fault instanceof UnreadableFileException unreadable)) {
            return Future.failedFuture(fault);
        }
        String pointer = unreadable.field().isEmpty() ? "" : "/" + unreadable.field();
        String detail = String.valueOf(unreadable.getMessage());
        return Future.failedFuture(Problem.invalid(
                PlanFaults.line(unreadable.place(), pointer, detail) + "; nothing was made",
                List.of(new Problem.Fault(PlanFaults.pointer(unreadable.place()) + pointer, detail))));
    }

    /** Makes the server match what is wanted. */
    Future<Response> apply(Call call) {
        return alone(() -> blocking(() -> Wanted.of(Json.read(call.body()), call))
                .compose(wanted -> {
                    Planner.Rules rules = new Planner.Rules(
                            "apply of " + wanted.name, wanted.tenant, false, false, wanted.name, wanted.prune);
                    return plan(call, new Reading(wanted.drafts, List.of()), rules, prefix(wanted.name))
                            .compose(plan -> {
                                if (wanted.dryRun) {
                                    return answer(plan, false, Json.object());
                                }
                                if (wanted.plan != null && !wanted.plan.equals(plan.token())) {
                                    throw Problem.of(
                                            409,
                                            "Something has changed since the plan was made; nothing was done, look at the"
                                                    + " differences once more");
                                }
                                return commit(plan).compose(done -> answer(plan, true, Json.object()));
                            });
                }));
    }

    private static String prefix(String name) {
        return "apply:" + name + "/";
    }

    /** What an apply wants. */
    private record Wanted(
            String name,
            @Nullable String tenant,
            List<Draft> drafts,
            boolean prune,
            boolean dryRun,
            @Nullable String plan) {
        static Wanted of(JsonNode body, Call call) {
            Faults faults = new Faults();
            Fields fields = Fields.of(body, faults);
            String given = fields.text("name", 64);
            String name = given == null ? "default" : given;
            if (!NAME.matcher(name).matches()) {
                faults.add("/name", "must have 1 to 64 letters, digits, dots, hyphens or underscores");
            }
            String tenant = fields.tenant();
            List<Draft> drafts = new ArrayList<>();
            each(fields, "event_types", Kind.EVENT_TYPE, name, drafts, faults);
            each(fields, "sources", Kind.SOURCE, name, drafts, faults);
            each(fields, "webhooks", Kind.WEBHOOK, name, drafts, faults);
            boolean prune = fields.flag("prune", false);
            boolean dryRun = fields.flag("dry_run", false);
            String plan = fields.text("plan", 100);
            fields.refuseOthers();
            faults.refuseIfAny();
            String own = tenant == null
                    ? call.caller().grants().tenant()
                    : call.caller().tenantFor(tenant);
            return new Wanted(name, own, drafts, prune, dryRun, plan);
        }

        private static void each(
                Fields fields, String field, Kind kind, String name, List<Draft> drafts, Faults faults) {
            fields.each(field, 0, Reading.MOST, (pointer, element) -> {
                String place = field + "[" + pointer.substring(pointer.lastIndexOf('/') + 1) + "]";
                if (!(element instanceof ObjectNode object)) {
                    faults.add(pointer, "must be an object");
                } else if (kind != Kind.WEBHOOK) {
                    drafts.add(new Draft(kind, place, null, object));
                } else {
                    JsonNode key = object.remove("key");
                    if (key == null
                            || !key.isTextual()
                            || !KEY.matcher(key.textValue()).matches()) {
                        faults.add(
                                pointer + "/key",
                                "is required: 1 to 128 letters, digits, dots, hyphens or underscores that stay the same");
                    } else if (object.has("id")) {
                        faults.add(pointer + "/id", "is not a field of this request");
                    } else {
                        drafts.add(new Draft(kind, place, prefix(name) + key.textValue(), object));
                    }
                }
            });
        }
    }

    /** Does it once its turn has come, on the context of the call. */
    private Future<Response> alone(Supplier<Future<Response>> work) {
        ServerState.Turn turn = parts.state()
                .importTurn()
                .orElseThrow(() -> Problem.unavailable("Other imports are waiting already; try again shortly"));
        Context context = parts.vertx().getOrCreateContext();
        Promise<Response> answer = Promise.promise();
        turn.comes()
                .onComplete(
                        before -> context.runOnContext(ignored -> begin(work).onComplete(answer)));
        return answer.future().onComplete(ended -> turn.done().complete());
    }

    private static Future<Response> begin(Supplier<Future<Response>> work) {
        try {
            return work.get();
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    /** Files and expressions may take seconds, and must keep no event loop, nor the other work of this one. */
    private <T> Future<T> blocking(Callable<T> work) {
        return parts.vertx().executeBlocking(work, false);
    }

    private Future<ChangePlan> plan(Call call, Reading reading, Planner.Rules rules, @Nullable String prefix) {
        Existing existing = new Existing(reading.drafts(), prefix);
        String own = call.caller().grants().tenant();
        Future<Void> taken = own != null
                ? Future.succeededFuture()
                : parts.store().queries().knownWebhooks(existing.wanted()).map(known -> {
                    existing.taken(known);
                    return null;
                });
        String fallback = call.caller().tenantFor(rules.tenant());
        String file = rules.file();
        Future<List<Applied>> marked = file == null || !rules.prune()
                ? Future.succeededFuture(List.of())
                : parts.store().sources().applied(file);
        return taken.compose(noted -> walk(existing, own, null))
                .compose(walked -> marked)
                .compose(marks -> EventTypePlanner.Known.read(parts, reading.drafts(), fallback, marks)
                        .compose(types ->
                                blocking(() -> new Planner(parts, call, rules, existing, types, marks).plan(reading))));
    }

    /** Offers every webhook that the caller may see, page by page: memory is bounded by the drafts. */
    private Future<Void> walk(Existing existing, @Nullable String tenant, @Nullable String cursor) {
        Future<Page<Webhook>> page = parts.store()
                .queries()
                .webhooks(new WebhookFilter(tenant, null, null, null), new PageRequest(cursor, PAGE));
        return page.compose(found -> {
            found.items().forEach(existing::offer);
            return found.nextCursor() == null ? Future.succeededFuture() : walk(existing, tenant, found.nextCursor());
        });
    }

    /** One commit; then events and attempts go by it before anybody is answered. */
    private Future<Void> commit(ChangePlan plan) {
        List<Operation<?>> operations = plan.operations();
        if (operations.isEmpty()) {
            return Future.succeededFuture();
        }
        if (operations.size() > Clash.MOST_CHANGES) {
            throw Problem.of(422, "The file changes more than one call may; split it. Nothing was made");
        }
        // Secrets are sealed on the way to the store, which is work for thousands of them.
        return blocking(() -> parts.store().write(new Operation.ChangeAll(operations)))
                .compose(written -> written)
                .compose(clash -> clash.isPresent() ? refuse(plan, clash.get()) : Future.succeededFuture())
                .compose(done -> {
                    plan.removedSources().forEach(source -> parts.sources().remove(source.id()));
                    plan.sources().forEach(parts.sources()::put);
                    return parts.ask(new Request.HearChanges(plan.webhooks()));
                })
                .mapEmpty();
    }

    /** Memory may not know of a source, or still know of one: a write was answered as failed, and was none the less done. */
    private Future<Void> refuse(ChangePlan plan, Clash clash) {
        if (plan.operations().get(clash.index()) instanceof Operation.DeleteSource gone) {
            parts.sources().remove(gone.id());
        }
        return parts.sources().read().compose(read -> Future.failedFuture(conflict(plan, clash)));
    }

    private static Problem conflict(ChangePlan plan, Clash clash) {
        Item item = plan.item(clash.index());
        String what = (item.place().isEmpty() ? item.name() : item.place());
        return Problem.of(
                409,
                what
                        + switch (clash.reason()) {
                            case STALE -> " was changed by somebody else meanwhile";
                            case TAKEN -> " was made by somebody else meanwhile, or its name is taken";
                            case GONE -> " was deleted by somebody else meanwhile";
                        }
                        + "; nothing was made");
    }

    private Future<Response> answer(ChangePlan plan, boolean made, ObjectNode extra) {
        return blocking(() -> {
            ObjectNode json = extra;
            json.setAll(plan.json(made));
            return Response.ok(json).with("Cache-Control", "no-store");
        });
    }
}
