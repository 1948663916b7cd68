package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.Reply;
import io.longline.bus.Request;
import io.longline.model.Replay;
import io.longline.model.ReplayId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Operation;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The routes of replays. */
final class ReplayHandlers {
    private final ApiParts parts;

    ReplayHandlers(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> create(Call call) {
        ReplayForm form = ReplayForm.read(Json.read(call.body()));
        return tenant(call, form).compose(tenant -> {
            Replay replay =
                    form.replay(new ReplayId(parts.ids().next(ReplayId.PREFIX)), tenant.orElse(null), parts.now());
            Future<Void> noted = form.dryRun()
                    ? Future.succeededFuture()
                    : parts.audit(call, "replay.create", replay.id().value(), tenant.orElse(KeyHandlers.NO_TENANT), "");
            return noted.compose(done -> parts.ask(new Request.StartReplay(replay, form.dryRun())))
                    .map(reply -> started(reply, form.dryRun()));
        });
    }

    private static Response started(Reply reply, boolean dryRun) {
        if (!(reply instanceof Reply.ReplayCounted counted)) {
            throw Problem.unavailable("As many replays are under way as may be; try again when one has ended");
        }
        Replay replay = counted.replay();
        if (dryRun) {
            return Response.ok(matched(replay, Json.object()));
        }
        return Response.json(202, view(replay)).with("Location", "/api/replays/" + replay.id());
    }

    /** Whose events it is about: the webhook's, where one is named. */
    private Future<Optional<String>> tenant(Call call, ReplayForm form) {
        String own = call.caller().grants().tenant();
        @Nullable String named =
                form.tenant() == null && own == null ? null : call.caller().tenantFor(form.tenant());
        WebhookId webhookId = form.filter().webhookId();
        if (webhookId == null) {
            return Future.succeededFuture(Optional.ofNullable(named));
        }
        return parts.store().queries().webhook(webhookId).map(found -> {
            Webhook webhook = found.filter(each -> named == null || named.equals(each.tenant()))
                    .orElseThrow(() -> Problem.invalid("/webhook_id", "names no webhook"));
            return Optional.of(webhook.tenant());
        });
    }

    Future<Response> list(Call call) {
        return parts.store()
                .replays()
                .replays(call.tenant(), call.page(ReplayId.PREFIX))
                .map(page -> Response.ok(Views.page(page, ReplayHandlers::view)));
    }

    Future<Response> get(Call call) {
        return find(call).map(replay -> Response.ok(view(replay)));
    }

    /** What it has made already stays. */
    Future<Response> cancel(Call call) {
        return find(call)
                .compose(replay -> {
                    String tenant = replay.tenant() == null ? KeyHandlers.NO_TENANT : replay.tenant();
                    return parts.audit(call, "replay.cancel", replay.id().value(), tenant, "")
                            .compose(noted -> parts.store()
                                    .write(new Operation.CancelReplay(
                                            replay.id(), parts.time().wallMillis())));
                })
                .map(cancelled -> {
                    if (!cancelled) {
                        throw Problem.of(409, "The replay has ended already");
                    }
                    return Response.empty();
                });
    }

    private Future<Replay> find(Call call) {
        ReplayId id = call.id(ReplayId::parse);
        String own = call.caller().grants().tenant();
        return parts.store()
                .replays()
                .replay(id)
                .map(found -> found.filter(replay -> own == null || own.equals(replay.tenant()))
                        .orElseThrow(Problem::notFound));
    }

    private static ObjectNode view(Replay replay) {
        Replay.Filter filter = replay.filter();
        ObjectNode json = Json.object();
        json.put("id", replay.id().value());
        json.put("tenant", replay.tenant());
        json.put(
                "webhook_id",
                filter.webhookId() == null ? null : filter.webhookId().value());
        json.put("status", filter.status() == null ? null : filter.status().text());
        json.put("event", filter.eventType());
        json.put("since", Views.time(filter.since()));
        json.put("until", Views.time(filter.until()));
        json.put("missed", filter.missed());
        json.put("state", replay.state().text());
        matched(replay, json);
        json.put("done", replay.done());
        json.put("created_at", Views.time(replay.createdAt()));
        json.put("finished_at", Views.timeOrNull(replay.finishedAt()));
        return json;
    }

    /** What it has done counts as matched, too, where counting gave up before. */
    private static ObjectNode matched(Replay replay, ObjectNode json) {
        if (replay.exact()) {
            return json.put("matched", replay.matched()).putNull("matched_at_least");
        }
        return json.putNull("matched").put("matched_at_least", Math.max(replay.matched(), replay.done()));
    }
}
