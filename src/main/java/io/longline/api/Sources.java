package io.longline.api;

import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.model.Webhook;
import io.longline.security.KeySecret;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every source by its name, in memory, so that a stranger's call costs no read of the store. One serves the whole node;
 * safe for use by several threads.
 */
public final class Sources {
    private final Store store;
    private final Source nobodys;
    private final Map<String, Source> byName = new ConcurrentHashMap<>();

    /** @param random hard to guess */
    public Sources(Store store, RandomGenerator random) {
        this.store = store;
        this.nobodys = new Source(
                new SourceId(SourceId.PREFIX),
                Webhook.DEFAULT_TENANT,
                "",
                SourceKind.GITHUB,
                KeySecret.token(random),
                "",
                SourceScheme.OF_ITS_KIND,
                Instant.EPOCH);
    }

    /** Reads every source there is. */
    public Future<Void> read() {
        return store.sources().allSources().map(all -> {
            all.forEach(this::put);
            return null;
        });
    }

    @Nullable Source named(String name) {
        return byName.get(name);
    }

    /** What a call to a name that nobody has is judged by, so that it takes as long as any other. */
    Source nobodys() {
        return nobodys;
    }

    void put(Source source) {
        byName.put(source.name(), source);
    }

    boolean has(SourceId id) {
        return byName.values().stream().anyMatch(source -> source.id().equals(id));
    }

    void remove(SourceId id) {
        byName.values().removeIf(source -> source.id().equals(id));
    }

    int size() {
        return byName.size();
    }
}
