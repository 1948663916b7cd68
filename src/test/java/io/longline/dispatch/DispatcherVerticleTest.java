package io.longline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.Addresses;
import io.longline.bus.EventDraft;
import io.longline.bus.LocalCodec;
import io.longline.bus.Request;
import io.longline.bus.SystemErrors;
import io.longline.config.SettingsLoader;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.store.Operation;
import io.longline.store.Queries;
import io.longline.store.ReplayQueries;
import io.longline.store.Store;
import io.longline.store.StoreSize;
import io.longline.store.StoreUnavailableException;
import io.longline.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the dispatcher tells of its own failures, over a store that takes nothing. */
@ExtendWith(VertxExtension.class)
class DispatcherVerticleTest {
    private static final ReplayQueries NO_REPLAYS = (ReplayQueries) Proxy.newProxyInstance(
            ReplayQueries.class.getClassLoader(),
            new Class<?>[] {ReplayQueries.class},
            (proxy, method, arguments) -> Future.succeededFuture(List.of()));
    private static final byte[] NOTHING = {'{', '}'};

    private final AtomicLong seconds = new AtomicLong();
    private final TimeSource time = new TimeSource(Clock.systemUTC(), () -> seconds.get() * 1_000_000_000L);
    private final List<String> accepted = new CopyOnWriteArrayList<>();

    private Store failing(RuntimeException fault) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("queries")) {
                        return unreadable();
                    }
                    if (method.getName().equals("size")) {
                        return Future.succeededFuture(StoreSize.NONE);
                    }
                    if (method.getReturnType() == ReplayQueries.class) {
                        return NO_REPLAYS;
                    }
                    if (arguments[0] instanceof Operation.AcceptEvents accept) {
                        accepted.add(accept.events().get(0).type());
                        return Future.failedFuture(fault);
                    }
                    return Future.succeededFuture(0);
                });
    }

    private static Queries unreadable() {
        return (Queries) Proxy.newProxyInstance(
                Queries.class.getClassLoader(),
                new Class<?>[] {Queries.class},
                (proxy, method, arguments) -> Future.failedFuture("it cannot be read"));
    }

    private Future<String> deployed(Vertx vertx, RuntimeException fault) {
        LocalCodec.register(vertx);
        return vertx.deployVerticle(new DispatcherVerticle(
                failing(fault),
                time,
                new IdGenerator(() -> 1, new SplittableRandom(1)),
                SettingsLoader.load(Map.of(), Map.of(), null).settings(),
                new SystemErrors(vertx.eventBus(), time, "1.0"),
                List.of(),
                new EventTypeRules(failing(fault)),
                new Metrics(1)));
    }

    private static Future<Void> published(Vertx vertx, String type) {
        EventDraft draft = new EventDraft("default", type, NOTHING, NOTHING, null);
        return vertx.eventBus()
                .request(Addresses.EVENTS, new Request.Publish(List.of(draft), null))
                .transform(answered -> Future.succeededFuture());
    }

    @Test
    void refusedRequest_isToldOnceAndFeedsOnNothing(Vertx vertx, VertxTestContext test) {
        deployed(vertx, new IllegalStateException("the store refused the operation"))
                .compose(id -> published(vertx, "a"))
                .compose(answered -> published(vertx, "b"))
                .map(answered -> seconds.addAndGet(120))
                .compose(later -> published(vertx, "system.startup"))
                .compose(answered -> published(vertx, "system.shutdown"))
                .onComplete(test.succeeding(done -> test.verify(() -> {
                    assertThat(accepted).containsExactly("a", "system.error", "b", "system.startup", "system.shutdown");
                    test.completeNow();
                })));
    }

    @Test
    void storeThatDoesNotAnswer_isNoErrorOfTheSystem(Vertx vertx, VertxTestContext test) {
        deployed(vertx, new StoreUnavailableException("the disk is full"))
                .compose(id -> published(vertx, "a"))
                .compose(answered -> published(vertx, "b"))
                .onComplete(test.succeeding(done -> test.verify(() -> {
                    assertThat(accepted).containsExactly("a", "b");
                    test.completeNow();
                })));
    }
}
