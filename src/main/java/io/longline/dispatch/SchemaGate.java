package io.longline.dispatch;

import io.longline.bus.EventDraft;
import io.longline.bus.Reply;
import io.longline.bus.Reply.Misfit;
import io.longline.bus.Request.Idempotency;
import io.longline.bus.Request.Publish;
import io.longline.bus.Request.PublishEach;
import io.longline.catalogue.EventSchema;
import io.longline.catalogue.Fault;
import io.longline.dispatch.EventTypeRules.TypeKey;
import io.longline.dispatch.Schemas.Ready;
import io.longline.store.Store;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets through to the intake what fits the schemas of its event types; that is everything, at once, where none judges.
 * Data is judged on the pool for foreign work. For the dispatcher's thread.
 */
final class SchemaGate {
    private static final int MOST_UNDERWAY = 2_000;
    private static final int SLICE = 16;

    private final EventTypeRules rules;
    private final Intake intake;
    private final Schemas schemas;
    private final WorkerExecutor pool;
    private final int mostBytes;
    private int underway;

    /** @param mostBytes of a payload: what is larger is refused in any case, and not worth judging */
    SchemaGate(EventTypeRules rules, Intake intake, Store store, WorkerExecutor pool, int mostBytes) {
        this.rules = rules;
        this.intake = intake;
        this.schemas = new Schemas(store, pool);
        this.pool = pool;
        this.mostBytes = mostBytes;
    }

    /** What is said of one draft; nothing when it fits, or is not to be judged. */
    private record Verdict(List<Misfit> misfits, boolean overloaded) {
        static final Verdict FITS = new Verdict(List.of(), false);
        static final Verdict NO_ROOM = new Verdict(List.of(), true);

        boolean fits() {
            return misfits.isEmpty() && !overloaded;
        }
    }

    /** All of them, or none. */
    Future<Reply> publish(Publish publish) {
        if (!rules.concern(publish.drafts())) {
            return intake.publish(publish);
        }
        return judged(publish.drafts()).compose(verdicts -> {
            if (verdicts.stream().allMatch(Verdict::fits)) {
                return intake.publish(publish);
            }
            if (verdicts.stream().anyMatch(Verdict::overloaded)) {
                return Future.succeededFuture(new Reply.Overloaded());
            }
            List<Misfit> misfits = verdicts.stream()
                    .flatMap(verdict -> verdict.misfits.stream())
                    .limit(EventSchema.MOST_FAULTS)
                    .toList();
            return refused(new Reply.Misfits(misfits), keyOf(publish));
        });
    }

    /** What tells the call from others; of several events with a key each, none is told before all are. */
    private static @Nullable Idempotency keyOf(Publish publish) {
        return publish.idempotency() == null && publish.keys().size() == 1
                ? publish.keys().get(0)
                : publish.idempotency();
    }

    /** A repeated call gets its first answer, whatever the schema has become since. */
    private Future<Reply> refused(Reply refusal, @Nullable Idempotency key) {
        return key == null
                ? Future.succeededFuture(refusal)
                : intake.recall(key).map(earlier -> earlier.orElse(refusal));
    }

    /** Each by itself. Where there is no room to judge, all of them wait. */
    Future<Reply> publishEach(PublishEach publish) {
        if (!rules.concern(publish.drafts())) {
            return intake.publishEach(publish);
        }
        return judged(publish.drafts())
                .compose(verdicts -> publishEach(publish, verdicts))
                .recover(fault -> fault instanceof StoreUnavailableException
                        ? Future.succeededFuture(
                                waiting(publish, new Reply.Unavailable(String.valueOf(fault.getMessage()))))
                        : Future.failedFuture(fault));
    }

    private static Reply waiting(PublishEach publish, Reply reply) {
        return new Reply.Each(publish.drafts().stream().map(draft -> reply).toList());
    }

    private Future<Reply> publishEach(PublishEach publish, List<Verdict> verdicts) {
        if (verdicts.stream().anyMatch(Verdict::overloaded)) {
            return Future.succeededFuture(waiting(publish, new Reply.Overloaded()));
        }
        List<EventDraft> fitting = new ArrayList<>();
        List<Idempotency> keys = new ArrayList<>();
        List<Future<Reply>> refusals = new ArrayList<>();
        for (int place = 0; place < verdicts.size(); place++) {
            Verdict verdict = verdicts.get(place);
            Idempotency key = publish.keys().get(place);
            if (verdict.fits()) {
                fitting.add(publish.drafts().get(place));
                keys.add(key);
            } else {
                refusals.add(refused(new Reply.Misfits(verdict.misfits), key));
            }
        }
        Future<Reply> published = intake.publishEach(new PublishEach(fitting, keys));
        return Future.all(Future.all(refusals), published)
                .map(done -> merged(
                        verdicts,
                        published.result() instanceof Reply.Each each ? each.replies() : List.of(),
                        refusals.stream().map(Future::result).toList()));
    }

    private static Reply merged(List<Verdict> verdicts, List<Reply> published, List<Reply> refused) {
        List<Reply> all = new ArrayList<>();
        int next = 0;
        int nextRefused = 0;
        for (Verdict verdict : verdicts) {
            all.add(verdict.fits() ? published.get(next++) : refused.get(nextRefused++));
        }
        return new Reply.Each(all);
    }

    private Future<List<Verdict>> judged(List<EventDraft> drafts) {
        if (underway >= MOST_UNDERWAY) {
            return Future.succeededFuture(
                    drafts.stream().map(draft -> Verdict.NO_ROOM).toList());
        }
        underway += drafts.size();
        List<Future<@Nullable Ready>> ready = drafts.stream().map(this::ready).toList();
        return Future.all(ready)
                .compose(
                        done -> judge(drafts, ready.stream().map(Future::result).toList(), List.of()))
                .onComplete(done -> underway -= drafts.size());
    }

    /** In slices, between which others have their turn. */
    private Future<List<Verdict>> judge(
            List<EventDraft> drafts, List<? extends @Nullable Ready> ready, List<Verdict> before) {
        int from = before.size();
        int to = Math.min(drafts.size(), from + SLICE);
        return pool.executeBlocking(
                        () -> {
                            List<Verdict> verdicts = new ArrayList<>(before);
                            for (int place = from; place < to; place++) {
                                verdicts.add(verdict(drafts.get(place), place, ready.get(place)));
                            }
                            return verdicts;
                        },
                        false)
                .compose(verdicts ->
                        to == drafts.size() ? Future.succeededFuture(verdicts) : judge(drafts, ready, verdicts));
    }

    private Future<@Nullable Ready> ready(EventDraft draft) {
        Long version = rules.version(draft);
        return version == null || draft.data().length > mostBytes
                ? Future.succeededFuture()
                : schemas.of(TypeKey.of(draft), version).map(ready -> ready);
    }

    private static Verdict verdict(EventDraft draft, int place, @Nullable Ready ready) {
        if (ready == null) {
            return Verdict.FITS;
        }
        String fault = ready.fault();
        if (fault != null) {
            return new Verdict(List.of(new Misfit(place, "", fault)), false);
        }
        List<Fault> faults =
                ready.schema().map(schema -> schema.faults(draft.data())).orElse(List.of());
        return new Verdict(
                faults.stream()
                        .map(each -> new Misfit(place, each.pointer(), each.detail()))
                        .toList(),
                false);
    }
}
