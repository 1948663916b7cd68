package io.longline;

import io.longline.adapter.outbox.OutboxVerticle;
import io.longline.api.Admission;
import io.longline.api.ApiParts;
import io.longline.api.ApiVerticle;
import io.longline.api.ConnectionLimits;
import io.longline.api.Desk;
import io.longline.api.Gatekeeper;
import io.longline.api.Inbox;
import io.longline.api.LiveVerticle;
import io.longline.api.ServerState;
import io.longline.api.Sources;
import io.longline.bus.Addresses;
import io.longline.bus.EventDraft;
import io.longline.bus.JsonText;
import io.longline.bus.LocalCodec;
import io.longline.bus.LocalMessage;
import io.longline.bus.PayloadMemory;
import io.longline.bus.Request;
import io.longline.bus.SystemErrors;
import io.longline.config.OutboxAddress;
import io.longline.config.Settings;
import io.longline.delivery.DeliveryParts;
import io.longline.delivery.DeliveryVerticle;
import io.longline.delivery.NameResolver;
import io.longline.dispatch.CommitRouter;
import io.longline.dispatch.DispatcherVerticle;
import io.longline.dispatch.EventTypeRules;
import io.longline.model.BuiltInEventType;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.security.AddressRanges;
import io.longline.security.Seal;
import io.longline.store.Store;
import io.longline.store.sealed.SealedStore;
import io.longline.store.sqlite.SqliteStore;
import io.longline.telemetry.Metrics;
import io.longline.telemetry.ProcessMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: the one place where its parts are put together. */
public final class Longline {
    private static final Logger LOG = LoggerFactory.getLogger(Longline.class);
    private static final long FAREWELL_MILLIS = 2_000;

    private final Vertx vertx;
    private final Settings settings;
    private final Store store;
    private final SystemErrors errors;
    private final NameResolver names;
    private final ServerState state = new ServerState();
    private final List<DeliveryVerticle> shards = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private final Metrics metrics;
    private final ProcessMetrics processMetrics;
    private @Nullable LiveVerticle live;
    private @Nullable String outbox;
    private int port;
    private @Nullable Desk desk;

    private Longline(
            Vertx vertx, Settings settings, Store store, SystemErrors errors, NameResolver names, Metrics metrics) {
        this.metrics = metrics;
        this.processMetrics = new ProcessMetrics(metrics);
        this.vertx = vertx;
        this.settings = settings;
        this.store = store;
        this.errors = errors;
        this.names = names;
    }

    /**
     * Starts a server on this Vert.x, which must not run another.
     *
     * @param time the clocks that everything goes by
     * @return fails with a {@link StartRefusedException}, or a
     *     {@link io.longline.store.StoreRefusedException}, whose message is one line for the operator
     */
    public static Future<Longline> start(Vertx vertx, Settings settings, TimeSource time) {
        return start(vertx, settings, time, new Metrics(settings.delivery().shards()), true);
    }

    /**
     * The same, with metrics that the Vert.x may have been told of already.
     *
     * @param metrics for as many shards as the settings say
     */
    public static Future<Longline> start(Vertx vertx, Settings settings, TimeSource time, Metrics metrics) {
        return start(vertx, settings, time, metrics, true);
    }

    /**
     * The same with or without its API over HTTP.
     *
     * @param listens whether to listen on the port of the settings
     */
    static Future<Longline> start(Vertx vertx, Settings settings, TimeSource time, Metrics metrics, boolean listens) {
        boolean keysToCome = settings.needsKeys() && settings.auth().keys().isEmpty();
        if (keysToCome && !SqliteStore.exists(settings.store())) {
            return Future.failedFuture(noKeys(settings));
        }
        SecureRandom random = new SecureRandom();
        Seal seal;
        try {
            seal = SealDesk.seal(settings.secrets(), random);
        } catch (StartRefusedException refused) {
            return Future.failedFuture(refused);
        }
        LocalCodec.register(vertx);
        if (listens) {
            // Whatever it meets, the start meets as well.
            vertx.executeBlocking(() -> loadAhead(vertx), false)
                    .onFailure(fault -> LOG.debug("nothing loaded ahead", fault));
        }
        IdGenerator ids = new IdGenerator(time::wallMillis, random);
        return SqliteStore.open(vertx, settings.store(), ids, time).compose(file -> {
            Store store = new SealedStore(file, seal);
            SystemErrors errors = new SystemErrors(vertx.eventBus(), time, Version.current());
            NameResolver names = new NameResolver(vertx, time, InetAddress::getAllByName);
            Longline longline = new Longline(vertx, settings, store, errors, names, metrics);
            Gatekeeper gatekeeper = new Gatekeeper(settings, store, time, random);
            Sources sources = new Sources(store, random);
            return gatekeeper
                    .readKeys()
                    .compose(usable ->
                            usable || !settings.needsKeys() ? sources.read() : Future.failedFuture(noKeys(settings)))
                    .compose(read -> longline.deploy(time, ids, random, gatekeeper, sources, seal.isOn(), listens))
                    .map(longline)
                    .onSuccess(started -> warnOf(seal, settings))
                    .recover(fault ->
                            longline.undeploy().eventually(store::close).transform(done -> Future.failedFuture(fault)));
        });
    }

    /** While the store is opened on one core, another loads what the API and the deliveries stand on. */
    private static int loadAhead(Vertx vertx) throws IOException {
        Router.router(vertx).route(HttpMethod.GET, "/");
        vertx.createHttpServer();
        return AddressRanges.of(List.of("::1/128")).hashCode()
                + JsonText.TREES.writeValueAsBytes(JsonText.TREES.readTree("{\"ahead\":[true]}")).length;
    }

    private static void warnOf(Seal seal, Settings settings) {
        if (!seal.isOn() && !settings.isLoopback()) {
            LOG.warn("secrets are stored as they are; set secrets.master_key to have them sealed");
        }
    }

    private static StartRefusedException noKeys(Settings settings) {
        String why = settings.isLoopback()
                ? "auth.mode is keys"
                : "server.host " + settings.server().host() + " can be reached from other machines";
        return new StartRefusedException(why + ", and there is no key yet. Make one: java -jar longline.jar keys create"
                + " --name operator --scope admin --store '" + settings.store().url()
                + "' (or listen on 127.0.0.1, or set auth.mode to none where something else keeps strangers out)");
    }

    private Future<Void> deploy(
            TimeSource time,
            IdGenerator ids,
            SecureRandom random,
            Gatekeeper gatekeeper,
            Sources sources,
            boolean sealing,
            boolean listens) {
        long startedAt = time.monotonicMillis();
        PayloadMemory memory = new PayloadMemory(settings.delivery().payloadMemoryBytes());
        CommitRouter router =
                new CommitRouter(vertx.eventBus(), memory, settings.delivery().shards());
        LiveVerticle streams = new LiveVerticle(store, time, settings, gatekeeper, Version.current(), startedAt);
        live = streams;
        EventTypeRules rules = new EventTypeRules(store);
        store.onCommit(commit -> {
            rules.committed(commit);
            router.committed(commit);
            streams.committed(commit);
        });
        store.onWrite(metrics::committed);
        DeliveryParts deliveryParts = new DeliveryParts(
                store,
                time,
                new SplittableRandom(random.nextLong()),
                ids,
                memory,
                errors,
                names,
                metrics,
                settings.delivery(),
                settings.circuit(),
                sealing,
                Version.current());
        ApiParts apiParts = new ApiParts(
                vertx,
                store,
                settings,
                new Admission(
                        settings.ingest().maxWaitingEvents(), settings.ingest().maxWaitingBytes()),
                state,
                gatekeeper,
                sources,
                new ConnectionLimits(settings),
                time,
                ids,
                random,
                errors,
                metrics,
                streams,
                new Inbox(),
                Version.current(),
                startedAt);
        desk = new Desk(apiParts);
        return rules.read()
                .compose(read -> store.registeredWebhooks())
                .compose(webhooks -> deployEngine(deliveryParts, time, ids, webhooks, rules))
                .compose(ready -> vertx.deployVerticle(streams).onSuccess(deployments::add))
                .compose(ready -> listens ? deployApi(apiParts) : Future.succeededFuture())
                .compose(ready -> deployOutbox(time))
                .compose(ready -> emit(BuiltInEventType.SYSTEM_STARTUP))
                .onSuccess(ready -> watchProcess());
    }

    /** After the start, which need not wait for it. */
    private void watchProcess() {
        vertx.executeBlocking(
                        () -> {
                            processMetrics.begin();
                            return null;
                        },
                        false)
                .onFailure(fault -> LOG.warn("the virtual machine is not measured: {}", fault.toString()));
    }

    private Future<Void> deployEngine(
            DeliveryParts parts, TimeSource time, IdGenerator ids, List<Webhook> webhooks, EventTypeRules rules) {
        List<Future<?>> deployed = new ArrayList<>();
        for (int index = 0; index < settings.delivery().shards(); index++) {
            DeliveryVerticle shard = new DeliveryVerticle(parts.forShard(), index, webhooks);
            shards.add(shard);
            deployed.add(vertx.deployVerticle(shard).onSuccess(deployments::add));
        }
        deployed.add(vertx.deployVerticle(
                        new DispatcherVerticle(store, time, ids, settings, errors, webhooks, rules, metrics))
                .onSuccess(deployments::add));
        return Future.all(deployed).mapEmpty();
    }

    private Future<Void> deployOutbox(TimeSource time) {
        OutboxAddress address = settings.outbox().address();
        if (address == null) {
            return Future.succeededFuture();
        }
        return store.identity()
                .compose(owner ->
                        vertx.deployVerticle(new OutboxVerticle(settings, address, owner, store, errors, time)))
                .onSuccess(id -> outbox = id)
                .mapEmpty();
    }

    /** The first listens before the others: what keeps it from that is told once. */
    private Future<Void> deployApi(ApiParts parts) {
        ApiVerticle first = new ApiVerticle(parts);
        return vertx.deployVerticle(first).recover(this::cannotListen).compose(id -> {
            deployments.add(id);
            port = first.port();
            List<Future<?>> deployed = new ArrayList<>();
            for (int more = 1; more < Runtime.getRuntime().availableProcessors(); more++) {
                deployed.add(vertx.deployVerticle(new ApiVerticle(parts)).onSuccess(deployments::add));
            }
            return Future.all(deployed).mapEmpty();
        });
    }

    /**
     * Says in one line why the port cannot be had. Which exception tells of it depends on the transport, native or not, so
     * that any fault of input and output counts; the system's own words come last in its message.
     */
    private <T> Future<T> cannotListen(Throwable fault) {
        if (!(fault instanceof IOException)) {
            return Future.failedFuture(fault);
        }
        String words = String.valueOf(fault.getMessage());
        return Future.failedFuture(new StartRefusedException("cannot listen on "
                + settings.server().host() + ":" + settings.server().port() + " ("
                + words.substring(words.lastIndexOf(": ") + 1).trim()
                + "): the port is in use, is not yours to take, or the address is not this machine's; stop the other"
                + " program, or choose another with --port (server.port) or --host (server.host)"));
    }

    /** Tells subscribers that an exception was handled by nobody; to be called by whoever logs it. From any thread. */
    public void unhandled(Throwable fault) {
        errors.raise(
                SystemErrors.Where.PROCESS,
                "nobody handled a " + fault.getClass().getSimpleName());
    }

    /** The API for the program that this runs in. */
    Desk desk() {
        return Objects.requireNonNull(desk, "it has not started");
    }

    /** The port that the API listens on; 0 when it does not listen. */
    public int port() {
        return port;
    }

    /**
     * Stops: takes nothing new in, lets what is in flight end for as long as the settings allow, writes what waits, and
     * lets go of the store. What is cut off is sent again after the next start.
     */
    public Future<Void> stop() {
        LOG.info(
                "stopping: attempts in flight get {} s to end",
                settings.server().drain().toSeconds());
        return emit(BuiltInEventType.SYSTEM_SHUTDOWN)
                .eventually(() -> {
                    state.drain();
                    return undeployOutbox()
                            .compose(done -> drain(settings.server().drain()));
                })
                .eventually(this::endStreams)
                .eventually(this::undeploy)
                .eventually(store::close)
                .onSuccess(done -> LOG.info("stopped"));
    }

    /** A stream that is open would keep its server from ending. */
    private Future<Void> endStreams() {
        return live == null ? Future.succeededFuture() : live.end();
    }

    private Future<Void> drain(Duration longest) {
        return Future.join(shards.stream().map(shard -> shard.drain(longest)).toList())
                .mapEmpty();
    }

    private Future<Void> undeployOutbox() {
        String deployed = outbox;
        outbox = null;
        return deployed == null
                ? Future.succeededFuture()
                : vertx.undeploy(deployed).otherwiseEmpty();
    }

    private Future<Void> undeploy() {
        // The last deployed first: nobody asks anything any more when the engine goes.
        Future<Void> done = undeployOutbox();
        for (int index = deployments.size() - 1; index >= 0; index--) {
            String id = deployments.get(index);
            done = done.eventually(() -> vertx.undeploy(id));
        }
        deployments.clear();
        return done.onComplete(ended -> {
            names.close();
            processMetrics.close();
        });
    }

    /** Tells subscribers what becomes of the server itself; a store that refuses does not keep it from anything. */
    private Future<Void> emit(BuiltInEventType type) {
        JsonObject data = new JsonObject().put("version", Version.current());
        EventDraft draft = new EventDraft(
                Webhook.DEFAULT_TENANT,
                type.typeName(),
                data.encode().getBytes(StandardCharsets.UTF_8),
                EventDraft.LONGLINE_METADATA,
                null);
        return vertx.eventBus()
                .<LocalMessage>request(
                        Addresses.EVENTS,
                        new Request.Publish(List.of(draft), null),
                        new DeliveryOptions().setSendTimeout(FAREWELL_MILLIS))
                .<Void>mapEmpty()
                .recover(fault -> {
                    LOG.warn("{} was not stored: {}", type.typeName(), fault.getMessage());
                    return Future.succeededFuture();
                });
    }
}
