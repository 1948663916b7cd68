package io.longline.delivery;

import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads payloads: those asked for in one turn of the event loop with one query. For the thread of one verticle. */
final class PayloadReader {
    private final Store store;
    private final Context context;
    private Map<EventId, List<Promise<Optional<Payload>>>> wanted = new HashMap<>();

    PayloadReader(Store store, Context context) {
        this.store = store;
        this.context = context;
    }

    /** An event's payload; empty when the event is no longer there. */
    Future<Optional<Payload>> read(EventId eventId) {
        if (wanted.isEmpty()) {
            context.runOnContext(ignored -> readWanted());
        }
        Promise<Optional<Payload>> promise = Promise.promise();
        wanted.computeIfAbsent(eventId, id -> new ArrayList<>()).add(promise);
        return promise.future();
    }

    private void readWanted() {
        Map<EventId, List<Promise<Optional<Payload>>>> asked = wanted;
        wanted = new HashMap<>();
        store.payloads(asked.keySet())
                .onSuccess(found -> asked.forEach((id, promises) ->
                        promises.forEach(promise -> promise.complete(Optional.ofNullable(found.get(id))))))
                .onFailure(
                        fault -> asked.values().forEach(promises -> promises.forEach(promise -> promise.fail(fault))));
    }
}
