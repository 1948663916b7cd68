package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.PayloadMemory;
import io.longline.bus.ShardCommit;
import io.longline.bus.SharedPayload;
import io.longline.model.Attempt;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Outcome;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.Circuit;
import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.Operation.Target;
import io.longline.store.WaitingDelivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A shard and everything around it, run by hand: nothing that the shard asks for happens before the test says so. The
 * queues below are what is under way; {@link #pump} lets all of it happen at once, except attempts, which end when the
 * test answers them.
 */
final class ShardWorld implements ShardEffects {
    static final Outcome OK = new Outcome.Answered(200, null);
    static final Outcome ERROR = new Outcome.Answered(500, null);
    static final Outcome NOT_WANTED = new Outcome.Answered(404, null);
    static final Outcome GONE = new Outcome.Answered(410, null);
    static final Outcome TIMED_OUT = new Outcome.TimedOut("late");
    static final ShardSettings SETTINGS = settings(16, 8, 16);
    static final int PAYLOAD_BYTES = 100;
    static final long MEMORY_BYTES = 1 << 20;
    private static final long MONOTONIC_START = 50_000;

    final ManualTime time;
    final StoreModel store;
    final PayloadMemory memory;
    final ShardSettings settings;
    final Shard shard;
    final IdGenerator ids;
    /** Attempts under way, in the order they began. */
    final Map<DeliveryId, Flight> flights = new LinkedHashMap<>();
    /** Every attempt made, in the order they began. */
    final List<Flight> sent = new ArrayList<>();

    final List<Read> reads = new ArrayList<>();
    final ArrayDeque<Operation<?>> unwritten = new ArrayDeque<>();
    final ArrayDeque<ShardCommit> messages = new ArrayDeque<>();
    /** Retries by hand that are written, of which the shard is yet to be told. */
    final ArrayDeque<Operation.RetryDelivery> retried = new ArrayDeque<>();

    final List<CircuitStatus> circuitMoves = new ArrayList<>();
    final List<WebhookId> toldOfFailing = new ArrayList<>();
    /** What every event carries. */
    Payload payload = Payload.of(new byte[PAYLOAD_BYTES]);
    /** Looks at every attempt as it begins. */
    Consumer<Flight> watcher = flight -> {};

    /** Webhooks whose host name is to be looked up first. */
    Predicate<Webhook> lookUps = webhook -> false;
    /** Attempts that wait for that. */
    final Set<DeliveryId> lookingUp = new HashSet<>();

    private final long memoryBytes;
    private final SplittableRandom chance;
    int readsBegun;
    int timersSet;
    long wakeAt = Lane.NEVER;

    /** A read under way; its rows are those that the store held when it began. */
    record Read(WebhookId webhookId, boolean retries, int limit, List<WaitingDelivery> rows) {}

    ShardWorld() {
        this(SETTINGS);
    }

    ShardWorld(ShardSettings settings) {
        this(settings, MEMORY_BYTES);
    }

    ShardWorld(ShardSettings settings, long memoryBytes) {
        this(settings, memoryBytes, new ManualTime(MONOTONIC_START), new StoreModel(), new SplittableRandom(1));
    }

    ShardWorld(ShardSettings settings, long memoryBytes, ManualTime time, StoreModel store, SplittableRandom chance) {
        this.settings = settings;
        this.time = time;
        this.store = store;
        this.memoryBytes = memoryBytes;
        this.memory = new PayloadMemory(memoryBytes);
        this.chance = chance;
        this.ids = new IdGenerator(time::wallMillis, chance.split());
        this.shard = new Shard(settings, time.source(), chance.split(), memory, this);
    }

    /** The process died and another has begun: of everything, only the store is left. */
    ShardWorld restarted() {
        ShardWorld next = new ShardWorld(settings, memoryBytes, time, store, chance);
        store.rows.keySet().forEach(id -> next.ids.startAbove(id.value()));
        next.shard.begin(store.registeredWebhooks());
        return next;
    }

    static ShardSettings settings(int maxInFlight, int perWebhook, int window) {
        return settings(maxInFlight, perWebhook, window, Circuit.Settings.DEFAULT);
    }

    static ShardSettings withoutCircuits(int maxInFlight, int perWebhook, int window) {
        Circuit.Settings off = new Circuit.Settings(false, 10, 20, Duration.ofSeconds(30), Duration.ofMinutes(10));
        return settings(maxInFlight, perWebhook, window, off);
    }

    private static ShardSettings settings(int maxInFlight, int perWebhook, int window, Circuit.Settings circuit) {
        return new ShardSettings(
                maxInFlight,
                perWebhook,
                window,
                Duration.ofDays(7),
                Duration.ofMinutes(10),
                Duration.ofDays(5),
                circuit);
    }

    // ---- what the API does

    WebhookId webhook() {
        return webhook(builder -> builder);
    }

    WebhookId webhook(UnaryOperator<WebhookBuilder> with) {
        Webhook webhook = newWebhook(with);
        commit(new Operation.CreateWebhook(webhook));
        pump();
        return webhook.id();
    }

    Webhook newWebhook(UnaryOperator<WebhookBuilder> with) {
        WebhookBuilder builder = new WebhookBuilder(ids.webhook(), time.source().now()).url("http://one.example/");
        return with.apply(builder.events(List.of("*"))).build();
    }

    /** Changes a webhook; the shard hears of it with the messages. */
    void edit(WebhookId id, UnaryOperator<WebhookBuilder> change) {
        Webhook before = store.webhooks.get(id);
        Webhook after =
                change.apply(before.toBuilder()).version(before.version() + 1).build();
        commit(new Operation.SaveWebhook(after, before.version()));
    }

    /** New events for webhooks, each in a commit of its own; the shard hears of them with the messages. */
    List<DeliveryId> accept(int count, WebhookId... webhookIds) {
        List<DeliveryId> made = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            NewEvent event = event(webhookIds);
            event.targets().forEach(target -> made.add(target.deliveryId()));
            commit(new Operation.AcceptEvents(List.of(event), null));
        }
        return made;
    }

    DeliveryId accept(WebhookId webhookId) {
        return accept(1, webhookId).get(0);
    }

    NewEvent event(WebhookId... webhookIds) {
        List<Target> targets = new ArrayList<>();
        for (WebhookId webhookId : webhookIds) {
            targets.add(new Target(ids.delivery(), webhookId));
        }
        EventId id = ids.event();
        long now = time.wallMillis();
        return new NewEvent(
                id, "default", "order.paid", payload, now, time.source().now(), targets);
    }

    void retryByHand(DeliveryId id) {
        commit(new Operation.RetryDelivery(id, time.wallMillis()));
    }

    /** A retry as the API makes it: it waits to be written; answers whether it may be. */
    boolean beginRetry(DeliveryId id) {
        boolean begun = shard.beginRetry(store.rows.get(id).webhookId, id);
        if (begun) {
            unwritten.add(new Operation.RetryDelivery(id, time.wallMillis()));
        }
        return begun;
    }

    /** Tells the shard of the next retry that is written. */
    void endRetry() {
        DeliveryId id = retried.remove().id();
        shard.endRetry(store.rows.get(id).webhookId, id);
    }

    void cancelByHand(DeliveryId id) {
        commit(new Operation.CancelDelivery(id, time.wallMillis()));
    }

    // ---- the store

    /** Commits at once; the shard hears of it with the messages. */
    void commit(Operation<?>... operations) {
        commit(List.of(operations));
    }

    private void commit(List<Operation<?>> operations) {
        send(store.write(operations));
        for (Operation<?> operation : operations) {
            if (operation instanceof Operation.RetryDelivery retry) {
                retried.add(retry);
            }
        }
    }

    /** Commits what the shard has asked to be written; the shard hears of it with the messages. */
    void write() {
        if (!unwritten.isEmpty()) {
            List<Operation<?>> all = List.copyOf(unwritten);
            unwritten.clear();
            commit(all);
        }
    }

    private void send(Commit commit) {
        if (commit.isEmpty()) {
            return;
        }
        Map<EventId, SharedPayload> payloads = new HashMap<>();
        List<ShardCommit.NewDelivery> made = new ArrayList<>();
        for (Commit.Made each : commit.made()) {
            SharedPayload payload = payloads.computeIfAbsent(
                    each.eventId(), id -> new SharedPayload(each.event().payload(), memory));
            made.add(new ShardCommit.NewDelivery(each, payload));
        }
        messages.add(new ShardCommit(commit.webhooks(), commit.settled(), commit.reopened(), commit.cancelled(), made));
    }

    /** Hands over the next message. */
    void deliver() {
        shard.committed(messages.remove());
    }

    void answer(Read read) {
        assertThat(reads.remove(read)).isTrue();
        shard.refilled(read.webhookId, read.rows);
    }

    void fail(Read read) {
        assertThat(reads.remove(read)).isTrue();
        shard.refillFailed(read.webhookId);
    }

    void sweep() {
        List<WebhookId> lanes = shard.lanesToSweep();
        shard.sweep(lanes);
        shard.swept(lanes, store.backlogs(lanes));
        pump();
    }

    /** Lets everything under way happen until nothing is left but attempts. */
    void pump() {
        while (!unwritten.isEmpty() || !messages.isEmpty() || !reads.isEmpty() || !retried.isEmpty()) {
            write();
            while (!messages.isEmpty()) {
                deliver();
            }
            while (!retried.isEmpty()) {
                endRetry();
            }
            for (Read read : List.copyOf(reads)) {
                answer(read);
            }
        }
    }

    // ---- attempts and time

    /** Ends an attempt, and lets everything that follows from it happen. */
    void end(DeliveryId id, Outcome outcome) {
        endOnly(id, outcome);
        pump();
    }

    /** Ends an attempt; its result waits to be written. */
    void endOnly(DeliveryId id, Outcome outcome) {
        Flight flight = flights.remove(id);
        assertThat(flight).as("%s is in flight", id).isNotNull();
        lookingUp.remove(id);
        shard.answered(flight, outcome, attempt(flight, outcome));
    }

    /** Ends the attempts under way, and those that they make room for, for as long as there are any. */
    void endAll(Outcome outcome) {
        while (!flights.isEmpty()) {
            end(flights.keySet().iterator().next(), outcome);
        }
    }

    void notSent(DeliveryId id) {
        notSentOnly(id);
        pump();
    }

    void notSentOnly(DeliveryId id) {
        lookingUp.remove(id);
        shard.notSent(flights.remove(id));
    }

    /** The host name that an attempt waits for is looked up. */
    void lookedUp(DeliveryId id) {
        assertThat(lookingUp.remove(id)).isTrue();
        shard.lookedUp(flights.get(id));
        pump();
    }

    private Attempt attempt(Flight flight, Outcome outcome) {
        Outcome.Answered answered = outcome instanceof Outcome.Answered some ? some : null;
        return new Attempt(
                ids.attempt(),
                flight.delivery().id(),
                flight.webhook().id(),
                flight.delivery().eventId(),
                flight.attemptNumber(),
                answered != null && answered.isSuccess(),
                answered == null ? null : (Integer) answered.status(),
                null,
                outcome.message(),
                time.source().now(),
                1,
                "{}",
                null,
                "");
    }

    /** Time passes, with every wake-up at its time. */
    void advance(Duration duration) {
        long end = time.monotonicMillis() + duration.toMillis();
        while (wakeAt <= end) {
            time.advance(Math.max(0, wakeAt - time.monotonicMillis()));
            wake();
        }
        time.advance(end - time.monotonicMillis());
    }

    void wake() {
        wakeAt = Lane.NEVER;
        shard.wake();
        pump();
    }

    Lane lane(WebhookId id) {
        return shard.lane(id);
    }

    DeliveryStatus status(DeliveryId id) {
        return store.rows.get(id).status;
    }

    long inFlight(WebhookId id) {
        return flights.values().stream()
                .filter(flight -> flight.webhook().id().equals(id))
                .count();
    }

    // ---- what the shard asks for

    @Override
    public boolean mustLookUp(Webhook webhook) {
        return lookUps.test(webhook);
    }

    @Override
    public void send(Flight flight) {
        WebhookId webhookId = flight.webhook().id();
        assertThat(flights.values())
                .as("attempts that wait for the same look-up")
                .noneMatch(other -> lookingUp.contains(other.delivery().id())
                        && other.webhook().id().equals(webhookId)
                        && other.webhook().url().equals(flight.webhook().url()));
        if (lookUps.test(flight.webhook())) {
            lookingUp.add(flight.delivery().id());
        }
        assertThat(flights.put(flight.delivery().id(), flight))
                .as("%s is not in flight twice", flight.delivery().id())
                .isNull();
        sent.add(flight);
        watcher.accept(flight);
        Integer own = flight.webhook().maxInFlight();
        assertThat(inFlight(webhookId))
                .as("attempts of one webhook")
                .isLessThanOrEqualTo(own == null ? settings.maxInFlightPerWebhook() : own);
        assertThat(flights).as("attempts of the shard").hasSizeLessThanOrEqualTo(settings.maxInFlight());
    }

    @Override
    public void readFirstAttempts(WebhookId webhookId, int limit) {
        begin(read(webhookId, false, limit));
    }

    @Override
    public void readRetries(WebhookId webhookId, int limit) {
        begin(read(webhookId, true, limit));
    }

    /** What a read answers that looks at the store now. */
    Read read(WebhookId webhookId, boolean retries, int limit) {
        List<WaitingDelivery> rows = retries ? store.retries(webhookId, limit) : store.firstAttempts(webhookId, limit);
        return new Read(webhookId, retries, limit, rows);
    }

    private void begin(Read read) {
        assertThat(reads).as("one read of a lane at a time").noneMatch(other -> other.webhookId.equals(read.webhookId));
        readsBegun++;
        reads.add(read);
    }

    @Override
    public void record(Flight flight, Outcome outcome, RecordAttempt result) {
        unwritten.add(result);
    }

    @Override
    public void expire(Operation.ExpireDeliveries expired) {
        unwritten.add(expired);
    }

    @Override
    public void circuitMoved(CircuitMove move) {
        circuitMoves.add(move.to());
        unwritten.add(new Operation.RecordCircuit(move.webhook().id(), move.to(), move.retryAt(), move.failingSince()));
    }

    @Override
    public void failingForLong(Flight flight) {
        toldOfFailing.add(flight.webhook().id());
    }

    @Override
    public void wakeIn(long millis) {
        timersSet++;
        wakeAt = time.monotonicMillis() + millis;
    }
}
