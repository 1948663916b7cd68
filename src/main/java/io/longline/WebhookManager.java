package io.longline;

import io.longline.api.Desk;
import io.longline.api.Desk.CheckedEvent;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Longline inside a program of your own: the same engine and the same store as the server, with or without its HTTP API.
 * An event is accepted once it is committed with all of its deliveries, which survive any crash and are retried.
 *
 * <p>Every method may be called from any thread and answers with a future that never blocks; {@link #blocking()} has the same
 * calls for programs without Vert.x. What is refused fails with a {@link LonglineException} of one line. One store
 * file is used by one process at a time.
 */
public final class WebhookManager {
    private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final int PAGE = 500;
    private static final Map<String, Object> NO_METADATA = Map.of();

    private final Settings settings;
    private final boolean listens;
    private final Vertx vertx;
    private final boolean ownsVertx;
    private final Set<Runnable> stopHooks = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Longline longline;

    private WebhookManager(Settings settings, ManagerOptions options) {
        this.settings = settings;
        this.listens = options.listens();
        Vertx shared = options.vertx();
        this.ownsVertx = shared == null;
        this.vertx = shared == null
                ? Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(EVENT_LOOPS))
                : shared;
    }

    /** A manager of the store {@code longline.db} in the working folder. */
    public static WebhookManager create() {
        return create(new ManagerOptions());
    }

    /**
     * A manager, not started yet.
     *
     * @throws LonglineException when a setting is not as it must be; every fault is named
     */
    public static WebhookManager create(ManagerOptions options) {
        SettingsLoader.Loaded loaded = SettingsLoader.load(options.settings(), Map.of(), null);
        Settings settings = loaded.settings();
        if (settings == null) {
            throw LonglineException.invalid(String.join("; ", loaded.faults()));
        }
        return new WebhookManager(settings, options);
    }

    /** The same calls for programs without Vert.x: each waits for its end. */
    public BlockingWebhookManager blocking() {
        return new BlockingWebhookManager(this);
    }

    /** Opens the store, takes up what waits there, and begins to deliver. */
    public Future<Void> start() {
        if (longline != null) {
            return Future.failedFuture(new IllegalStateException("the manager has been started"));
        }
        return Longline.start(
                        vertx,
                        settings,
                        new TimeSource(Clock.systemUTC(), System::nanoTime),
                        new Metrics(settings.delivery().shards()),
                        listens)
                .onSuccess(started -> longline = started)
                .<Void>mapEmpty()
                .recover(fault -> Future.failedFuture(LonglineException.startRefused(fault)));
    }

    /** Registers a webhook, which gets the very next event; answers its id. */
    public Future<String> registerWebhook(WebhookConfig config) {
        return ask(desk -> desk.register(config.fields()))
                .map(webhook -> webhook.id().value());
    }

    /** Changes what the configuration says of a webhook, and leaves the rest. */
    public Future<WebhookInfo> updateWebhook(String webhookId, WebhookConfig changes) {
        return ask(desk -> desk.update(webhookId, changes.fields())).map(WebhookInfo::of);
    }

    /** Takes a webhook away; what waits for it is cancelled. */
    public Future<Void> unregisterWebhook(String webhookId) {
        return ask(desk -> desk.unregister(webhookId));
    }

    /** One webhook. */
    public Future<WebhookInfo> getWebhook(String webhookId) {
        return ask(desk -> desk.webhook(webhookId)).map(WebhookInfo::of);
    }

    /** What signs a webhook's requests; {@code null} when nothing does. */
    public Future<@Nullable String> getWebhookSecret(String webhookId) {
        return ask(desk -> desk.webhook(webhookId))
                .map(webhook -> webhook.secrets().current());
    }

    /** Every webhook, newest first. */
    public Future<List<WebhookInfo>> listWebhooks() {
        return webhooks(null, null, new ArrayList<>());
    }

    /** Every webhook that would receive an event of that name. */
    Future<List<WebhookInfo>> listWebhooksFor(String event) {
        return webhooks(event, null, new ArrayList<>());
    }

    private Future<List<WebhookInfo>> webhooks(
            @Nullable String event, @Nullable String cursor, List<WebhookInfo> found) {
        return ask(desk -> desk.webhooks(event, cursor, PAGE)).compose(page -> {
            for (Webhook webhook : page.items()) {
                found.add(WebhookInfo.of(webhook));
            }
            String next = page.nextCursor();
            return next == null ? Future.succeededFuture(List.copyOf(found)) : webhooks(event, next, found);
        });
    }

    /** A webhook's running figures. */
    public Future<WebhookStats> getWebhookStats(String webhookId) {
        return ask(desk -> desk.statistics(webhookId)).map(WebhookStats::of);
    }

    /** As {@link #triggerEvent(String, Object, Map)}, without metadata. */
    public Future<EventReceipt> triggerEvent(String event, @Nullable Object data) {
        return triggerEvent(event, data, NO_METADATA);
    }

    /**
     * Accepts an event; answers once it is committed.
     *
     * @param event its name, 1 to 128 characters
     * @param data whatever can be written as JSON: maps, lists, plain values, records, trees
     * @param metadata what else receivers may want to know
     */
    public Future<EventReceipt> triggerEvent(String event, @Nullable Object data, Map<String, ?> metadata) {
        return trigger(new EventInput(event, data).metadata(metadata));
    }

    /** Accepts an event with all that can be said of one; answers once it is committed. */
    public Future<EventReceipt> trigger(EventInput input) {
        return ask(desk -> desk.publish(desk.check(input.body()), input.idempotencyKey()))
                .map(EventReceipt::of);
    }

    /**
     * Accepts events, all of them or none; answers once they are committed, in their order.
     *
     * @param inputs 1 to 1,000 by default; keys of single ones count for nothing here
     */
    public Future<List<EventReceipt>> triggerEvents(List<EventInput> inputs) {
        int most = settings.ingest().maxBatchEvents();
        if (inputs.isEmpty() || inputs.size() > most) {
            return Future.failedFuture(LonglineException.invalid("a batch must have 1 to " + most + " events"));
        }
        return ask(desk -> {
            List<CheckedEvent> checked = new ArrayList<>(inputs.size());
            for (int index = 0; index < inputs.size(); index++) {
                checked.add(checked(desk, inputs.get(index), index));
            }
            return publishAll(checked, null);
        });
    }

    private static CheckedEvent checked(Desk desk, EventInput input, int index) {
        try {
            return desk.check(input.body());
        } catch (RuntimeException fault) {
            Throwable told = LonglineException.of(fault);
            throw LonglineException.invalid("event " + index + ": " + told.getMessage());
        }
    }

    /** Looks an event over without accepting it. */
    CheckedEvent check(EventInput input) {
        Desk desk = desk();
        try {
            return desk.check(input.body());
        } catch (RuntimeException fault) {
            Throwable told = LonglineException.of(fault);
            throw told instanceof RuntimeException unchecked ? unchecked : fault;
        }
    }

    Future<List<EventReceipt>> publishAll(List<CheckedEvent> events, @Nullable String idempotencyKey) {
        return ask(desk -> desk.publishAll(events, idempotencyKey))
                .map(receipts -> receipts.stream().map(EventReceipt::of).toList());
    }

    /** The port that the HTTP API listens on; 0 when none is served. */
    public int port() {
        Longline running = longline;
        return running == null ? 0 : running.port();
    }

    /** Events that one batch may hold at most. */
    int mostInBatch() {
        return settings.ingest().maxBatchEvents();
    }

    /** Has something run once nothing can be stored any more; answers what takes it back. */
    Runnable whenStopped(Runnable hook) {
        stopHooks.add(hook);
        return () -> stopHooks.remove(hook);
    }

    Vertx vertx() {
        return vertx;
    }

    Settings settings() {
        return settings;
    }

    /**
     * Takes nothing new in, lets what is in flight end for as long as {@code server.drain_seconds} allows, and lets go of the
     * store. What is cut off is sent again after the next start.
     */
    public Future<Void> stop() {
        Longline running = longline;
        longline = null;
        Future<Void> stopped = (running == null ? Future.<Void>succeededFuture() : running.stop())
                .andThen(result -> stopHooks.forEach(Runnable::run));
        if (!ownsVertx) {
            return stopped;
        }
        // Of no context, and ended by a thread of nobody's: what comes after the end of a Vert.x cannot run on its own.
        Promise<Void> closed = Promise.promise();
        stopped.onComplete(result ->
                ForkJoinPool.commonPool().execute(() -> vertx.close().onComplete(done -> closed.handle(result))));
        return closed.future();
    }

    private <T> Future<T> ask(Function<Desk, Future<T>> call) {
        return told(() -> call.apply(desk()));
    }

    private Desk desk() {
        Longline running = longline;
        if (running == null) {
            throw new IllegalStateException("the manager is not running: start it first");
        }
        return running.desk();
    }

    private static <T> Future<T> told(Supplier<Future<T>> call) {
        try {
            return call.get().recover(fault -> Future.failedFuture(LonglineException.of(fault)));
        } catch (RuntimeException fault) {
            return Future.failedFuture(LonglineException.of(fault));
        }
    }
}
