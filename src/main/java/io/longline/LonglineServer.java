package io.longline;

import io.longline.config.Settings;
import io.longline.model.Grants;
import io.longline.model.TimeSource;
import io.vertx.core.Future;
import java.time.Clock;

/**
 * The whole server in one call: engine, HTTP API and dashboard. Where it can be reached from other machines and there is no API
 * key yet, one is made and shown once on standard output.
 */
public final class LonglineServer implements AutoCloseable {
    private final WebhookManager manager;

    private LonglineServer(WebhookManager manager) {
        this.manager = manager;
    }

    /** Runs on {@code longline.db} in the working folder; answers once it is ready, and runs on until it is closed. */
    public static LonglineServer run(String host, int port) {
        return run(host, port, new ManagerOptions());
    }

    /**
     * Runs with other options. Waits until it is ready, so that it must not be called on an event loop.
     *
     * @param host the address to listen on
     * @param port 0 to 65535; 0 for any that is free
     */
    public static LonglineServer run(String host, int port, ManagerOptions options) {
        WebhookManager manager = WebhookManager.create(options.serve(host, port));
        try {
            BlockingWebhookManager.await(makeFirstKey(manager).compose(made -> manager.start()));
        } catch (RuntimeException fault) {
            manager.stop();
            throw fault;
        }
        return new LonglineServer(manager);
    }

    private static Future<Void> makeFirstKey(WebhookManager manager) {
        Settings settings = manager.settings();
        if (!settings.needsKeys() || !settings.auth().keys().isEmpty()) {
            return Future.succeededFuture();
        }
        KeyDesk desk = new KeyDesk(manager.vertx(), settings, new TimeSource(Clock.systemUTC(), System::nanoTime));
        return desk.list()
                .compose(keys -> keys.isEmpty()
                        ? desk.create("operator", Grants.ALL, null).<Void>map(LonglineServer::show)
                        : Future.succeededFuture())
                .recover(fault -> Future.failedFuture(LonglineException.startRefused(fault)));
    }

    private static Void show(KeyDesk.Made made) {
        System.out.println(
                "Longline made the first API key of this store, with the scope admin. It is shown this once:");
        System.out.println("  " + made.secret());
        return null;
    }

    /** The port that it listens on. */
    public int port() {
        return manager.port();
    }

    /** The manager beneath, which shares engine and store with the HTTP API. */
    public WebhookManager manager() {
        return manager;
    }

    /** Stops in order; see {@link WebhookManager#stop}. */
    @Override
    public void close() {
        manager.blocking().stop();
    }
}
