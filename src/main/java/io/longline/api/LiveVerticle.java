package io.longline.api;

import io.longline.api.LiveChanges.Changed;
import io.longline.config.Settings;
import io.longline.model.Delivery;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.store.Commit;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody who listens what commits have changed. A commit costs nothing while nobody listens, and a hand-over
 * when somebody does; the changes are read from the store a moment later, so that what goes out is what a list would
 * show. When more changes than can be read, listeners are told to read afresh.
 *
 * <p>Changes are kept for a while after the last listener has left, for it may be back in a moment. One serves the node;
 * its context is its lock. Its public and package-private methods may be called from any thread.
 */
public final class LiveVerticle extends VerticleBase implements Store.CommitListener {
    private static final Logger LOG = LoggerFactory.getLogger(LiveVerticle.class);
    private static final int MOST_KEPT = 10_000;
    private static final int MOST_WAITING = 10_000;
    private static final long GATHERING_MILLIS = 50;
    private static final long AGAIN_AFTER_FAULT_MILLIS = 1_000;
    private static final long FIGURES_EVERY_MILLIS = 1_000;
    private static final long KEPT_AFTER_LAST_MILLIS = 60_000;

    private final StatisticsView figures;
    private final Views views;
    private final TimeSource time;
    private final Gatekeeper gatekeeper;
    private final long heartbeatMillis;
    private final LiveSeats seats;
    private final LiveChanges changes;
    private final LiveRing ring = new LiveRing(MOST_KEPT);
    private final Set<LiveClient> clients = new LinkedHashSet<>();
    private volatile boolean recording;
    private boolean reading;
    private boolean telling;
    private boolean ended;
    private long epochs;
    private long forgetting = -1;

    /**
     * @param gatekeeper tells whether a client is still welcome
     * @param startedAt when the server began, in monotonic milliseconds
     */
    public LiveVerticle(
            Store store, TimeSource time, Settings settings, Gatekeeper gatekeeper, String version, long startedAt) {
        this.figures = new StatisticsView(
                store.queries(), time, version, startedAt, settings.monitoring().queueWarning());
        this.views = new Views(settings.delivery().maxInFlightPerWebhook());
        this.time = time;
        this.gatekeeper = gatekeeper;
        this.heartbeatMillis = settings.live().heartbeat().toMillis();
        this.seats = new LiveSeats(settings.live().streams());
        this.changes = new LiveChanges(store.queries(), MOST_WAITING);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(heartbeatMillis, id -> beat());
        return Future.succeededFuture();
    }

    LiveSeats seats() {
        return seats;
    }

    @Override
    public void committed(Commit commit) {
        if (recording && !commit.isEmpty()) {
            context.runOnContext(ignored -> gather(commit));
        }
    }

    private void gather(Commit commit) {
        if (!recording) {
            return;
        }
        changes.gather(commit);
        if (changes.isTooMuch()) {
            LOG.debug("more changes than live streams can tell of: their clients read afresh");
            beginEpoch();
            clients.forEach(client -> client.reset(ring.lastId()));
        }
        readSoon(GATHERING_MILLIS);
    }

    private void beginEpoch() {
        changes.forget();
        ring.begin(Long.toString(time.wallMillis(), Character.MAX_RADIX) + "." + ++epochs);
    }

    private void readSoon(long millis) {
        if (!reading && !changes.isEmpty()) {
            reading = true;
            vertx.setTimer(millis, id -> read());
        }
    }

    private void read() {
        String epoch = ring.epoch();
        changes.read()
                .onSuccess(changed -> {
                    if (epoch.equals(ring.epoch())) {
                        tell(changed);
                    }
                })
                .onFailure(fault -> LOG.debug("changes are told later: {}", fault.getMessage()))
                .onComplete(done -> {
                    reading = false;
                    readSoon(done.succeeded() ? GATHERING_MILLIS : AGAIN_AFTER_FAULT_MILLIS);
                });
    }

    private void tell(Changed changed) {
        List<LiveEntry> entries = new ArrayList<>();
        for (Webhook webhook : changed.webhooks()) {
            keep(LiveEntry.of(ring.epoch(), ring.next(), webhook, views), entries);
        }
        for (Delivery delivery : changed.deliveries()) {
            keep(LiveEntry.of(ring.epoch(), ring.next(), delivery), entries);
        }
        clients.forEach(client -> client.send(entries));
    }

    private void keep(LiveEntry entry, List<LiveEntry> entries) {
        ring.add(entry);
        entries.add(entry);
    }

    /** Takes a client in: from now on it hears of everything. */
    void join(LiveClient client) {
        context.runOnContext(ignored -> {
            if (ended) {
                client.end();
                return;
            }
            if (!recording) {
                beginEpoch();
                recording = true;
            }
            if (forgetting >= 0) {
                vertx.cancelTimer(forgetting);
                forgetting = -1;
            }
            client.greet(ring);
            clients.add(client);
            tellFigures(client.tenant(), List.of(client));
            tellFiguresSoon();
        });
    }

    /** The client has gone. */
    void leave(LiveClient client) {
        context.runOnContext(ignored -> {
            clients.remove(client);
            if (clients.isEmpty() && forgetting < 0) {
                forgetting = vertx.setTimer(KEPT_AFTER_LAST_MILLIS, id -> {
                    recording = false;
                    forgetting = -1;
                    beginEpoch();
                });
            }
        });
    }

    private void tellFiguresSoon() {
        if (!telling && !clients.isEmpty()) {
            telling = true;
            vertx.setTimer(
                    FIGURES_EVERY_MILLIS,
                    id -> tellFigures().onComplete(done -> {
                        telling = false;
                        tellFiguresSoon();
                    }));
        }
    }

    /** One tenant after the other, each read once however many listen. */
    private Future<Void> tellFigures() {
        Map<Optional<String>, List<LiveClient>> byTenant = new LinkedHashMap<>();
        clients.forEach(
                client -> byTenant.computeIfAbsent(Optional.ofNullable(client.tenant()), tenant -> new ArrayList<>())
                        .add(client));
        Future<Void> told = Future.succeededFuture();
        for (Map.Entry<Optional<String>, List<LiveClient>> each : byTenant.entrySet()) {
            told = told.compose(ignored -> tellFigures(each.getKey().orElse(null), each.getValue()));
        }
        return told;
    }

    private Future<Void> tellFigures(@Nullable String tenant, List<LiveClient> listeners) {
        return figures.of(tenant)
                .onSuccess(json -> {
                    // With the last identifier, so that a client that wants few of the changes keeps up with all of
                    // them.
                    byte[] block = LiveEntry.block("stats", ring.lastId(), json);
                    listeners.forEach(client -> client.send(block));
                })
                .onFailure(fault -> LOG.debug("figures are told later: {}", fault.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private void beat() {
        for (LiveClient client : List.copyOf(clients)) {
            if (gatekeeper.isStillWelcome(client.caller())) {
                client.beat();
            } else {
                client.end();
            }
        }
    }

    /** Ends every stream, and takes no more in: the server is about to stop. */
    public Future<Void> end() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            ended = true;
            Future.join(clients.stream().map(LiveClient::end).toList()).onComplete(each -> done.complete());
        });
        return done.future();
    }
}
