package io.longline.dispatch;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.longline.config.Settings;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.longline.store.sqlite.SqliteStore;
import io.longline.testing.Unhandled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real store on a fresh file, a clock set by hand, and one context that stands for the dispatcher's. */
@ExtendWith(VertxExtension.class)
abstract class DispatchFixture {
    @TempDir
    Path folder;

    final AtomicLong now = new AtomicLong(Instant.parse("2026-03-01T00:00:00Z").toEpochMilli());
    final TimeSource time = new TimeSource(new HandClock(now), () -> now.get() * 1_000_000);
    final IdGenerator ids = new IdGenerator(now::get, new SplittableRandom(3));
    Vertx vertx;
    private Unhandled unhandled;
    Store store;
    Context context;

    /** A wall clock that stands still until it is set. */
    private static final class HandClock extends Clock {
        private final AtomicLong millis;

        HandClock(AtomicLong millis) {
            this.millis = millis;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis.get());
        }
    }

    @BeforeEach
    void openTheStore(Vertx started) {
        vertx = started;
        unhandled = Unhandled.on(vertx);
        context = vertx.getOrCreateContext();
        store = await(SqliteStore.open(
                vertx,
                new Settings.Store("sqlite:" + file(), "full", 2),
                ids,
                new TimeSource(Clock.systemUTC(), System::nanoTime)));
    }

    @AfterEach
    void closeTheStore(VertxTestContext ending) {
        store.close()
                .eventually(vertx::close)
                .compose(closed -> unhandled.none())
                .onComplete(ending.succeedingThenComplete());
    }

    private Path file() {
        return folder.resolve("longline.db");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
        } catch (Exception fault) {
            throw new AssertionError("expected to succeed", fault);
        }
    }

    /** Runs something where the dispatcher's code runs, and waits for what comes of it. */
    <T> T onContext(Supplier<Future<T>> action) {
        return await(Future.<T>future(
                promise -> context.runOnContext(ignored -> action.get().onComplete(promise))));
    }

    Webhook registered(String... patterns) {
        return await(store.write(new Operation.CreateWebhook(new WebhookBuilder(ids.webhook(), time.now())
                .url("http://127.0.0.1:9/")
                .events(List.of(patterns))
                .build())));
    }

    List<String> rows(String sql) {
        try (Connection plain = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = plain.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (java.sql.SQLException fault) {
            throw new AssertionError(fault);
        }
    }
}
