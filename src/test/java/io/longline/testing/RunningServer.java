package io.longline.testing;

import io.longline.Longline;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole server in this JVM: on a port of its own, over a real SQLite file, nothing faked. In a static field with
 * {@code @RegisterExtension} it serves all tests of a class; {@link #start} makes one for a single test, over a directory
 * that the test gives. An exception that nobody handled on one of its event loops fails the test when it is closed.
 */
public final class RunningServer implements AutoCloseable, BeforeAllCallback, AfterAllCallback {
    private static final long PATIENCE_SECONDS = 60;

    private final Map<String, String> settings = new LinkedHashMap<>();
    private TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);
    private Path directory;
    private Vertx vertx;
    private Unhandled unhandled;
    private Longline longline;
    private Future<Void> stopping;
    private Api api;

    private RunningServer(String... keysAndValues) {
        settings.put("server.port", "0");
        settings.put("delivery.shards", "2");
        settings.put("server.drain_seconds", "2");
        for (int index = 0; index < keysAndValues.length; index += 2) {
            settings.put(keysAndValues[index], keysAndValues[index + 1]);
        }
    }

    /** A server with these settings, for {@code @RegisterExtension}. */
    public static RunningServer with(String... keysAndValues) {
        return new RunningServer(keysAndValues);
    }

    /** Starts a server over the file {@code longline.db} of a directory. */
    public static RunningServer start(Path directory, String... keysAndValues) {
        RunningServer server = new RunningServer(keysAndValues);
        server.directory = directory;
        server.start();
        return server;
    }

    /** The same, by other clocks than the machine's. */
    public static RunningServer start(Path directory, TimeSource time, String... keysAndValues) {
        RunningServer server = new RunningServer(keysAndValues).by(time);
        server.directory = directory;
        server.start();
        return server;
    }

    /** Goes by other clocks than the machine's; to be said before the start. */
    public RunningServer by(TimeSource other) {
        time = other;
        return this;
    }

    private void start() {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        flags.put("store.url", "sqlite:" + storeFile());
        SettingsLoader.Loaded loaded = SettingsLoader.load(flags, Map.of(), null);
        Settings read = loaded.settings();
        if (read == null) {
            throw new IllegalArgumentException(String.join("; ", loaded.faults()));
        }
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        unhandled = Unhandled.on(vertx);
        longline = await(Longline.start(vertx, read, time));
        api = new Api(longline.port());
    }

    /** The file that everything is kept in. */
    public Path storeFile() {
        return directory.resolve("longline.db");
    }

    public int port() {
        return longline.port();
    }

    /** Calls it over HTTP. */
    public Api api() {
        return api;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Begins to stop, and goes on with what is in flight as long as the settings allow. */
    public Future<Void> stop() {
        if (stopping == null) {
            stopping = longline.stop();
        }
        return stopping;
    }

    @Override
    public void close() {
        try {
            if (longline != null) {
                await(stop());
            }
        } finally {
            if (vertx != null) {
                await(vertx.close());
            }
        }
        if (unhandled != null) {
            unhandled.failIfAny();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("longline-test");
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try {
            close();
        } finally {
            delete(directory);
        }
    }

    /** Waits for a future, and throws what it failed with. */
    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("nothing happened within " + PATIENCE_SECONDS + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> inside = new ArrayList<>();
        try (Stream<Path> found = Files.walk(directory)) {
            found.forEach(inside::add);
        }
        for (int index = inside.size() - 1; index >= 0; index--) {
            Files.deleteIfExists(inside.get(index));
        }
    }
}
