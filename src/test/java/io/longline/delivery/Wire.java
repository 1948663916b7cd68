package io.longline.delivery;

import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.testing.Unhandled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A sender on an event loop of its own, asked from the test's thread. What nobody handled there fails the test when it is
 * closed.
 */
final class Wire {
    static final TimeSource TIME = new TimeSource(Clock.systemUTC(), System::nanoTime);

    private final Vertx vertx;
    private final Unhandled unhandled;
    private final Context context;
    private final NameResolver names;
    private final Sender sender;

    /** A sender on a Vert.x of its own, which goes with it. */
    Wire(Map<String, String> settings, NameResolver.Lookup lookup) {
        this(Vertx.vertx(), settings, lookup);
    }

    /** @param settings those that differ from the defaults, by key */
    Wire(Vertx vertx, Map<String, String> settings, NameResolver.Lookup lookup) {
        this.vertx = vertx;
        this.unhandled = Unhandled.on(vertx);
        this.context = vertx.getOrCreateContext();
        Settings.Delivery delivery =
                SettingsLoader.load(settings, Map.of(), null).settings().delivery();
        names = new NameResolver(vertx, TIME, lookup);
        sender = await(on(() -> Future.succeededFuture(new Sender(vertx, TIME, delivery, names))));
    }

    Vertx vertx() {
        return vertx;
    }

    /** Runs something on the sender's event loop. */
    <T> Future<T> on(Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> action.get().onComplete(promise));
        return promise.future();
    }

    Future<Answer> begin(String url, Map<String, String> headers, String body, Duration timeout) {
        Payload payload = Payload.of(body.getBytes(StandardCharsets.UTF_8));
        return on(() -> sender.send(new OutgoingRequest(url, headers, payload, timeout)));
    }

    Answer send(String url, Duration timeout) {
        return await(begin(url, Map.of("Content-Type", "application/json"), "{\"n\":1}", timeout));
    }

    /** Sends so many at once and waits for all of them. */
    List<Answer> sendAtOnce(String url, int count, Duration timeout) {
        List<Future<Answer>> begun = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            begun.add(begin(url, Map.of(), "{}", timeout));
        }
        return begun.stream().map(Wire::await).toList();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception fault) {
            throw new AssertionError(fault);
        }
    }

    void close() {
        await(end());
    }

    /** The same without waiting. */
    Future<Void> end() {
        names.close();
        return on(sender::close).eventually(vertx::close).compose(ended -> unhandled.none());
    }
}
