package io.longline;

import io.longline.config.Settings;
import io.longline.model.ApiKey;
import io.longline.model.AuditEntry;
import io.longline.model.Grants;
import io.longline.model.IdGenerator;
import io.longline.model.KeyId;
import io.longline.model.TimeSource;
import io.longline.security.KeySecret;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.longline.store.sqlite.SqliteStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, lists and revokes API keys in a store that no server is using: how the first key comes to be. */
public final class KeyDesk {
    private static final String ACTOR = "command-line";

    private final Vertx vertx;
    private final Settings settings;
    private final TimeSource time;
    private final SecureRandom random = new SecureRandom();
    private final IdGenerator ids;

    public KeyDesk(Vertx vertx, Settings settings, TimeSource time) {
        this.vertx = vertx;
        this.settings = settings;
        this.time = time;
        this.ids = new IdGenerator(time::wallMillis, random);
    }

    /** A key just made, and the only sight of the key itself. */
    public record Made(ApiKey key, String secret) {}

    /** Makes a key, and the store where there is none yet. */
    public Future<Made> create(String name, Grants grants, @Nullable Instant expiresAt) {
        String secret = KeySecret.generate(random);
        return withStore(store -> {
            ApiKey key = new ApiKey(
                    new KeyId(ids.next(KeyId.PREFIX)),
                    name,
                    KeySecret.hashText(secret),
                    KeySecret.hint(secret),
                    grants,
                    time.now(),
                    expiresAt,
                    null);
            return audit(store, "key.create", key, name + " (" + grants + ")")
                    .compose(noted -> store.write(new Operation.CreateKey(key)))
                    .map(new Made(key, secret));
        });
    }

    /** Every key, newest first. */
    public Future<List<ApiKey>> list() {
        return withStore(store -> store.access()
                .allKeys()
                .map(keys -> keys.stream()
                        .sorted((one, other) ->
                                other.id().value().compareTo(one.id().value()))
                        .toList()));
    }

    /** Revokes a key; answers whether there was one. */
    public Future<Boolean> revoke(KeyId id) {
        return withStore(store -> store.access()
                .key(id)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(false)
                        : audit(store, "key.revoke", found.get(), found.get().name())
                                .compose(noted -> store.write(new Operation.DeleteKey(id)))));
    }

    private Future<Void> audit(Store store, String action, ApiKey key, String detail) {
        String tenant = key.grants().tenant();
        return store.write(new Operation.RecordAudit(new AuditEntry(
                ids.next(AuditEntry.PREFIX),
                time.now(),
                ACTOR,
                "",
                action,
                key.id().value(),
                tenant == null ? "*" : tenant,
                detail)));
    }

    private interface Work<T> {
        Future<T> with(Store store);
    }

    private <T> Future<T> withStore(Work<T> work) {
        return SqliteStore.open(vertx, settings.store(), ids, time)
                .compose(store -> work.with(store).eventually(store::close));
    }
}
