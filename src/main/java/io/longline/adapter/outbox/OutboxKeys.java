package io.longline.adapter.outbox;

import io.longline.adapter.outbox.OutboxReader.Read.Ready;
import io.longline.bus.Request.Idempotency;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.store.Operation.ExpireClaims;
import io.longline.store.Store;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The idempotency keys of rows. They last until the rows are marked, and then as long as any: a database that is restored,
 * or fails over to a replica that is behind, may have forgotten the marks.
 */
final class OutboxKeys {
    private static final int NAME_LENGTH = 32;

    private final Store store;
    private final TimeSource time;
    private final String scope;
    private final Duration age;

    /** @param name of the table and its database: rows of different ones never meet */
    OutboxKeys(Store store, TimeSource time, String name, Duration age) {
        this.store = store;
        this.time = time;
        this.scope = "outbox:"
                + Payload.sha256(name.getBytes(StandardCharsets.UTF_8)).substring(0, NAME_LENGTH);
        this.age = age;
    }

    String scope() {
        return scope;
    }

    /** The rows of these events are marked. */
    Future<Void> expire(List<Ready> events) {
        List<String> keys =
                events.stream().map(Ready::key).map(Idempotency::key).toList();
        return store.write(new ExpireClaims(OutboxReader.KEYS_OF, scope, keys, expiresAt()));
    }

    /** No row of this server's waits for a mark. */
    Future<Void> expireAll() {
        return store.write(new ExpireClaims(OutboxReader.KEYS_OF, scope, null, expiresAt()));
    }

    private long expiresAt() {
        return time.wallMillis() + age.toMillis();
    }
}
