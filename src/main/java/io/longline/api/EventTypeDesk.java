package io.longline.api;

import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import io.longline.store.EventTypeQueries.Entry;
import io.longline.store.EventTypeQueries.Totals;
import io.longline.store.Operation.EventTypeChange;
import io.longline.store.Operation.SaveEventTypes;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Registers event types: all of those given, or none. Events are judged by what was written before it is answered. */
final class EventTypeDesk {
    private static final int TRIES = 5;

    private final ApiParts parts;

    EventTypeDesk(ApiParts parts) {
        this.parts = parts;
    }

    /** What becomes of an event type. */
    enum What {
        CREATED,
        CHANGED,
        UNCHANGED
    }

    /** An event type as it is from now on. */
    record Saved(EventType type, What what) {}

    /**
     * Writes what drafts say, whose schemas are sound.
     *
     * @param drafts of different names
     * @param note what is written to the audit log before anything changes
     */
    Future<List<Saved>> save(String tenant, List<EventTypeDraft> drafts, Function<List<Saved>, Future<Void>> note) {
        return save(tenant, drafts, note, TRIES);
    }

    private Future<List<Saved>> save(
            String tenant, List<EventTypeDraft> drafts, Function<List<Saved>, Future<Void>> note, int triesLeft) {
        return plan(tenant, drafts).compose(saved -> {
            List<EventTypeChange> changes = changes(saved);
            if (changes.isEmpty()) {
                return Future.succeededFuture(saved);
            }
            return note.apply(saved)
                    .compose(noted -> parts.store().write(new SaveEventTypes(changes)))
                    .compose(written -> {
                        if (written) {
                            return Future.succeededFuture(saved);
                        }
                        if (triesLeft <= 1) {
                            throw Problem.of(409, "The event types are being changed by others; try again");
                        }
                        return save(tenant, drafts, note, triesLeft - 1);
                    });
        });
    }

    /** What would become of drafts; refuses what would be more than a tenant may have. */
    Future<List<Saved>> plan(String tenant, List<EventTypeDraft> drafts) {
        List<String> names = drafts.stream().map(EventTypeDraft::name).toList();
        Future<List<Entry>> current = parts.store().eventTypes().entries(tenant, names);
        Future<Totals> totals = parts.store().eventTypes().totals(tenant);
        return Future.all(current, totals).map(both -> planned(tenant, drafts, current.result(), totals.result()));
    }

    private List<Saved> planned(String tenant, List<EventTypeDraft> drafts, List<Entry> current, Totals totals) {
        Instant now = parts.now();
        List<Saved> saved = new ArrayList<>(drafts.size());
        int count = totals.count();
        long bytes = totals.bytes();
        for (int place = 0; place < drafts.size(); place++) {
            EventType old = current.get(place).definition();
            EventTypeDraft draft = drafts.get(place);
            if (old == null) {
                EventType type = EventType.of(tenant, draft, now);
                saved.add(new Saved(type, What.CREATED));
                count++;
                bytes += type.bytes();
            } else {
                EventType type = old.is(draft) ? old : old.as(draft, now);
                saved.add(new Saved(type, old.is(draft) ? What.UNCHANGED : What.CHANGED));
                bytes += type.bytes() - old.bytes();
            }
        }
        if (count > Math.max(EventType.MOST, totals.count())) {
            throw Problem.of(409, "A tenant may have " + EventType.MOST + " event types, archived ones included");
        }
        if (bytes > Math.max(EventType.MOST_BYTES, totals.bytes())) {
            throw Problem.of(
                    409,
                    "The descriptions, schemas and examples of a tenant's event types may have " + EventType.MOST_BYTES
                            + " bytes together");
        }
        return saved;
    }

    private static List<EventTypeChange> changes(List<Saved> saved) {
        return saved.stream()
                .filter(each -> each.what != What.UNCHANGED)
                .map(each -> new EventTypeChange(each.type, each.type.version() - 1))
                .toList();
    }
}
