package io.longline;

import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a {@link WebhookManager} runs. Every setting of {@code conf/longline.yaml} can be given; for one thread. */
public final class ManagerOptions {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable Vertx vertx;
    private boolean listens;

    /** The defaults: the store {@code longline.db} in the working folder, no HTTP, a Vert.x of its own. */
    public ManagerOptions() {}

    /** The defaults with another file as store, which is made if it is not there. */
    public static ManagerOptions at(String databasePath) {
        return new ManagerOptions().databasePath(databasePath);
    }

    /** The SQLite file that everything is kept in; made if it is not there. */
    public ManagerOptions databasePath(String path) {
        return set("store.url", "sqlite:" + path);
    }

    /**
     * Has the HTTP API and the dashboard served too.
     *
     * @param host the address to listen on; any but a loopback address needs an API key in the store
     * @param port 0 to 65535; 0 for any that is free
     */
    public ManagerOptions serve(String host, int port) {
        listens = true;
        return set("server.host", host).set("server.port", Integer.toString(port));
    }

    /**
     * Any setting, by its key in {@code conf/longline.yaml}.
     *
     * @param value as it would be written on the command line
     */
    public ManagerOptions set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /** Runs on this Vert.x, which must run no other Longline, and is left open in the end. */
    public ManagerOptions vertx(Vertx shared) {
        vertx = shared;
        return this;
    }

    Map<String, String> settings() {
        return settings;
    }

    @Nullable Vertx vertx() {
        return vertx;
    }

    boolean listens() {
        return listens;
    }
}
