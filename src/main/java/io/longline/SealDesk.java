package io.longline;

import io.longline.config.Settings;
import io.longline.model.IdGenerator;
import io.longline.model.Source;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.security.MasterKey;
import io.longline.security.Seal;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.longline.store.sealed.SealedStore;
import io.longline.store.sqlite.SqliteStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/** Where master keys come from; and how everything in a store that no server is using is sealed anew. */
public final class SealDesk {
    private final Vertx vertx;
    private final Settings settings;
    private final TimeSource time;
    private final SecureRandom random = new SecureRandom();

    public SealDesk(Vertx vertx, Settings settings, TimeSource time) {
        this.vertx = vertx;
        this.settings = settings;
        this.time = time;
    }

    /** What seals and opens, as the settings say; throws a {@link StartRefusedException} when a key cannot be read. */
    static Seal seal(Settings.Secrets secrets, RandomGenerator random) {
        String text = secrets.masterKey();
        String file = secrets.masterKeyFile();
        if (file != null) {
            text = read(file);
        }
        MasterKey current = text == null
                ? null
                : MasterKey.parse(text)
                        .orElseThrow(() -> new StartRefusedException((file == null ? "secrets.master_key" : file)
                                + " must hold base64 of 32 bytes; make one with: openssl rand -base64 32"));
        List<MasterKey> earlier = secrets.previousMasterKeys().stream()
                .flatMap(each -> MasterKey.parse(each).stream())
                .toList();
        return new Seal(current, earlier, random);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StartRefusedException("secrets.master_key_file " + file + " cannot be read");
        }
    }

    /**
     * Seals every secret in the store with the current master key, and has the file written anew, so that nothing of what
     * stood there before is left in it. Answers how many webhooks and sources were looked at.
     */
    public Future<Integer> rekey() {
        Seal seal;
        try {
            seal = seal(settings.secrets(), random);
        } catch (StartRefusedException refused) {
            return Future.failedFuture(refused);
        }
        if (!seal.isOn()) {
            return Future.failedFuture(new StartRefusedException(
                    "there is no master key to seal with: set secrets.master_key or secrets.master_key_file"));
        }
        IdGenerator ids = new IdGenerator(time::wallMillis, random);
        return SqliteStore.open(vertx, settings.store(), ids, time)
                .compose(inner -> {
                    Store store = new SealedStore(inner, seal);
                    return store.registeredWebhooks()
                            .compose(webhooks -> saveAll(store, webhooks).map(webhooks.size()))
                            .compose(count -> store.sources()
                                    .allSources()
                                    .compose(sources ->
                                            saveSecrets(store, sources).map(count + sources.size())))
                            .eventually(store::close);
                })
                .compose(count -> SqliteStore.rewrite(vertx, settings.store()).map(count));
    }

    private static Future<Void> saveAll(Store store, List<Webhook> webhooks) {
        Future<Void> done = Future.succeededFuture();
        for (Webhook webhook : webhooks) {
            done = done.compose(before -> store.write(new Operation.SaveWebhook(webhook, webhook.version())))
                    .mapEmpty();
        }
        return done;
    }

    private static Future<Void> saveSecrets(Store store, List<Source> sources) {
        Future<Void> done = Future.succeededFuture();
        for (Source source : sources) {
            done = done.compose(before -> store.write(new Operation.SaveSourceSecret(source)))
                    .mapEmpty();
        }
        return done;
    }
}
