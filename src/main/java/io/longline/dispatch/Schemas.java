package io.longline.dispatch;

import io.longline.catalogue.EventSchema;
import io.longline.catalogue.FaultyException;
import io.longline.dispatch.EventTypeRules.TypeKey;
import io.longline.model.EventType;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schemas ready for use: read and compiled when they are first needed, and kept as long as there is room. For one thread. */
final class Schemas {
    private static final Logger LOG = LoggerFactory.getLogger(Schemas.class);
    /** Some hundred bytes each. */
    private static final long MOST_WEIGHT = 100_000;

    private final Store store;
    private final WorkerExecutor pool;
    private final LinkedHashMap<TypeKey, Ready> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Wanted, Future<Ready>> loading = new HashMap<>();
    private long weight;

    Schemas(Store store, WorkerExecutor pool) {
        this.store = store;
        this.pool = pool;
    }

    /**
     * What an event type's data is judged by.
     *
     * @param schema empty when the type judges no more
     * @param fault why there is none to judge by; {@code null} when that is as it should be
     */
    record Ready(
            long version,
            Optional<EventSchema> schema,
            @Nullable String fault) {}

    private record Wanted(TypeKey key, long version) {}

    /** The schema of a type in that version, or in a later one. */
    Future<Ready> of(TypeKey key, long version) {
        Ready ready = kept.get(key);
        if (ready != null && ready.version >= version) {
            return Future.succeededFuture(ready);
        }
        Wanted wanted = new Wanted(key, version);
        Future<Ready> underway = loading.get(wanted);
        if (underway != null) {
            return underway;
        }
        Future<Ready> load = store.eventTypes()
                .eventType(key.tenant(), key.name())
                .compose(found -> pool.executeBlocking(() -> compile(found), false))
                .onSuccess(loaded -> keep(key, loaded));
        loading.put(wanted, load);
        return load.onComplete(done -> loading.remove(wanted));
    }

    private static Ready compile(Optional<EventType> found) {
        Optional<EventType> judging = found.filter(EventType::judges);
        long version = found.map(EventType::version).orElse(0L);
        String schema = judging.map(EventType::schemaJson).orElse(null);
        if (schema == null) {
            return new Ready(version, Optional.empty(), null);
        }
        try {
            return new Ready(version, Optional.of(EventSchema.compile(schema)), null);
        } catch (FaultyException faulty) {
            LOG.error(
                    "the schema of the event type {} cannot be used; its events are refused until it is saved anew",
                    judging.map(EventType::name).orElse(""));
            return new Ready(
                    version, Optional.empty(), "cannot be judged: the event type's schema has to be saved anew");
        }
    }

    private void keep(TypeKey key, Ready ready) {
        Ready before = kept.get(key);
        if (before != null && before.version >= ready.version) {
            return;
        }
        kept.put(key, ready);
        weight += weight(ready) - (before == null ? 0 : weight(before));
        var oldest = kept.entrySet().iterator();
        while (weight > MOST_WEIGHT && kept.size() > 1) {
            weight -= weight(oldest.next().getValue());
            oldest.remove();
        }
    }

    private static long weight(Ready ready) {
        return 10 + ready.schema.map(EventSchema::weight).orElse(0L);
    }
}
