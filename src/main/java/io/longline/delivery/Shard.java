package io.longline.delivery;

import io.longline.bus.PayloadMemory;
import io.longline.bus.ShardCommit;
import io.longline.bus.SharedPayload;
import io.longline.model.Attempt;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.Circuit;
import io.longline.policy.Verdict;
import io.longline.store.Backlog;
import io.longline.store.Commit;
import io.longline.store.Operation.ExpireDeliveries;
import io.longline.store.Operation.NewEvent;
import io.longline.store.WaitingDelivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of the webhooks that one delivery verticle owns: what is sent when. It hears of commits, of answers, of rows
 * read, and of time passing; what it wants done it asks of its {@link ShardEffects}. Having no threads, timers or input
 * of its own, it runs as well in a test, with a clock that the test moves.
 *
 * <p>For one thread. Effects never call back before they return.
 */
final class Shard {
    private static final int EXPIRED_AT_ONCE = 100;
    private static final long READ_AGAIN_MILLIS = 1_000;
    /** Due times are wall-clock; looking again at least this often follows a clock that was moved. */
    private static final long LONGEST_SLEEP_MILLIS = 60_000;

    private final ShardSettings settings;
    private final TimeSource time;
    private final RandomGenerator chance;
    private final PayloadMemory memory;
    private final ShardEffects effects;
    private final Map<WebhookId, Lane> lanes = new HashMap<>();
    private final Map<WebhookId, Long> sweeping = new HashMap<>();
    private final Turns turns;
    private final WakeUps wakeUps;
    private int unrecorded;
    private boolean stopping;

    Shard(ShardSettings settings, TimeSource time, RandomGenerator chance, PayloadMemory memory, ShardEffects effects) {
        this.settings = settings;
        this.time = time;
        this.chance = chance;
        this.memory = memory;
        this.effects = effects;
        this.turns = new Turns(settings.maxInFlight());
        this.wakeUps = new WakeUps(effects::wakeIn);
    }

    /** Takes on the webhooks that were registered before this process began; a sweep tells what waits for them. */
    void begin(List<Webhook> webhooks) {
        webhooks.forEach(webhook -> lanes.computeIfAbsent(webhook.id(), id -> newLane(webhook, true)));
    }

    /** A commit is durable. */
    void committed(ShardCommit commit) {
        commit.webhooks().forEach(this::changed);
        for (Commit.Settled settled : commit.settled()) {
            settled(settled.webhookId(), settled.deliveryId(), settled.nextAttemptAtMillis());
        }
        commit.cancelled()
                .forEach(touched -> withLane(touched.webhookId(), lane -> lane.cancelled(touched.deliveryId())));
        commit.reopened()
                .forEach(touched ->
                        withLane(touched.webhookId(), lane -> lane.reopened(touched.deliveryId(), time.wallMillis())));
        for (ShardCommit.NewDelivery made : commit.made()) {
            withLane(made.delivery().webhookId(), lane -> offer(lane, made));
        }
        grant();
    }

    private void offer(Lane lane, ShardCommit.NewDelivery made) {
        NewEvent event = made.delivery().event();
        WaitingDelivery waiting = new WaitingDelivery(
                made.delivery().deliveryId(),
                event.id(),
                event.type(),
                0,
                0,
                event.acceptedAtMillis(),
                event.acceptedAtMillis(),
                event.payload().size());
        lane.offer(waiting, made.payload());
    }

    private void changed(Webhook webhook) {
        Lane lane = lanes.computeIfAbsent(webhook.id(), id -> newLane(webhook, false));
        CircuitStatus before = lane.circuit().status();
        lane.change(webhook);
        tellIfMoved(lane, before, null, time.monotonicMillis());
        consider(lane);
        dropIfDone(lane);
    }

    private Lane newLane(Webhook webhook, boolean storeMayHoldMore) {
        return new Lane(webhook, storeMayHoldMore, settings, time.monotonicMillis(), time.wallMillis());
    }

    /** The store would not take a result, and will never: the sweep finds the delivery again. */
    void recordRefused(WebhookId webhookId, DeliveryId deliveryId) {
        settled(webhookId, deliveryId, null);
        grant();
    }

    private void settled(WebhookId webhookId, DeliveryId deliveryId, @Nullable Long nextAttemptAtMillis) {
        unrecorded--;
        withLane(webhookId, lane -> {
            lane.settled(deliveryId, nextAttemptAtMillis);
            dropIfDone(lane);
        });
    }

    /** An attempt ended. */
    void answered(Flight flight, Outcome outcome, Attempt attempt) {
        long now = time.monotonicMillis();
        Lane lane = laneOf(flight);
        lane.answered(flight.delivery().id());
        landed(lane, flight);
        Verdict verdict = Verdict.of(outcome);
        lane.pace().learn(verdict, now);
        Circuit next = lane.circuit().counted(verdict.circuit(), now, settings.circuit());
        moveCircuit(lane, next, flight.delivery().eventType(), now);
        turns.review(lane, now);
        unrecorded++;
        effects.record(flight, flight.result(verdict, attempt, time.now(), chance));
        if (verdict.kind() == Verdict.Kind.GONE
                && lane.webhook().version() == flight.webhook().version()) {
            lane.gone(flight.delivery().id());
        }
        consider(lane);
        grant();
    }

    /** The attempt could not be made, through no fault of the receiver's: the delivery waits on. */
    void notSent(Flight flight) {
        long now = time.monotonicMillis();
        Lane lane = laneOf(flight);
        lane.notSent(flight.delivery(), time.wallMillis());
        landed(lane, flight);
        if (lane.circuit() instanceof Circuit.Probing probing) {
            moveCircuit(lane, probing.abandoned(now), flight.delivery().eventType(), now);
        }
        lane.pace().restUntil(now + READ_AGAIN_MILLIS);
        consider(lane);
        dropIfDone(lane);
        grant();
    }

    private Lane laneOf(Flight flight) {
        Lane lane = lanes.get(flight.webhook().id());
        if (lane == null) {
            throw new IllegalStateException("a lane is kept while it has attempts in flight");
        }
        return lane;
    }

    private void landed(Lane lane, Flight flight) {
        turns.ended(lane);
        SharedPayload payload = flight.payload();
        if (payload != null) {
            payload.release();
        } else {
            memory.release(flight.delivery().payloadBytes());
        }
    }

    private void moveCircuit(Lane lane, Circuit next, String eventType, long now) {
        CircuitStatus before = lane.circuit().status();
        lane.pace().circuit(next);
        tellIfMoved(lane, before, eventType, now);
    }

    private void tellIfMoved(Lane lane, CircuitStatus before, @Nullable String eventType, long now) {
        CircuitStatus after = lane.circuit().status();
        if (before != after) {
            long retryIn = Math.max(0, lane.pace().circuitOpenUntil() - now);
            effects.circuitMoved(lane.webhook(), before, after, eventType, retryIn);
        }
    }

    /** Rows that were asked for have been read. */
    void refilled(WebhookId webhookId, List<WaitingDelivery> rows) {
        withLane(webhookId, lane -> lane.endRead(rows, time.wallMillis()));
        grant();
    }

    /** Rows that were asked for could not be read. */
    void refillFailed(WebhookId webhookId) {
        withLane(webhookId, lane -> lane.failRead(time.monotonicMillis() + READ_AGAIN_MILLIS));
    }

    /** The lanes that a look for forgotten work goes through: not those that are held, and not those being read. */
    List<WebhookId> lanesToSweep() {
        List<WebhookId> ids = new ArrayList<>();
        lanes.forEach((id, lane) -> {
            boolean open = lane.circuit().status() != CircuitStatus.CLOSED && !lane.isAwaitingFirstSweep();
            if (!lane.isHeldByOwner() && !open && !lane.isReading()) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** A look at what waits in the store for some lanes begins; ends with {@link #swept}. */
    void sweep(List<WebhookId> webhookIds) {
        for (WebhookId id : webhookIds) {
            Lane lane = lanes.get(id);
            if (lane != null) {
                sweeping.put(id, lane.beginSweep());
            }
        }
    }

    /** What waits in the store for some lanes is known; those not in the map have nothing waiting. */
    void swept(List<WebhookId> webhookIds, Map<WebhookId, Backlog> backlogs) {
        for (WebhookId id : webhookIds) {
            Long began = sweeping.remove(id);
            if (began != null) {
                Backlog found = backlogs.getOrDefault(id, new Backlog(null, null));
                withLane(id, lane -> lane.swept(found, began));
            }
        }
        grant();
    }

    /** A time that was asked for has come. */
    void wake() {
        wakeUps.run(time.monotonicMillis(), this::consider);
        grant();
    }

    /** Once in a while: lanes whose success has grown old count as unproven, and memory given back elsewhere is used. */
    void tick() {
        turns.review(time.monotonicMillis());
        grant();
    }

    /** Begins no further attempt. */
    void stop() {
        stopping = true;
    }

    /** Whether nothing is in flight and every result is recorded. */
    boolean isQuiet() {
        return turns.inFlight() == 0 && unrecorded == 0;
    }

    int inFlight() {
        return turns.inFlight();
    }

    /** Whether a delivery is in flight, or its result is not yet recorded. */
    boolean isBusyWith(WebhookId webhookId, DeliveryId deliveryId) {
        Lane lane = lanes.get(webhookId);
        return lane != null && lane.isBusyWith(deliveryId);
    }

    /** A webhook as its lane has it; {@code null} when there is no such lane. */
    @Nullable Lane lane(WebhookId webhookId) {
        return lanes.get(webhookId);
    }

    /** Looks at what a lane can do now: read, stand in line, or sleep until some time. */
    private void consider(Lane lane) {
        if (stopping || lane.isHeldByOwner() || lane.circuit() instanceof Circuit.Probing) {
            return;
        }
        long now = time.monotonicMillis();
        long openUntil = lane.pace().circuitOpenUntil();
        if (openUntil > now) {
            wakeUps.at(lane, openUntil, now);
            return;
        }
        long wall = time.wallMillis();
        readIfNeeded(lane, now, wall);
        if (lane.hasWaiting()) {
            long from = lane.pace().earliest();
            if (from > now) {
                wakeUps.at(lane, from, now);
            } else if (lane.mayGo(now)) {
                turns.enter(lane, now);
            }
        }
        long retryAt = lane.nextRetryAtWall();
        if (retryAt != Lane.NEVER && retryAt > wall) {
            wakeUps.at(lane, now + Math.min(retryAt - wall, LONGEST_SLEEP_MILLIS), now);
        }
    }

    private void readIfNeeded(Lane lane, long now, long wall) {
        Lane.Refill refill = lane.nextRefill(wall);
        if (refill == Lane.Refill.NONE) {
            return;
        }
        if (lane.readNotBefore() > now) {
            wakeUps.at(lane, lane.readNotBefore(), now);
        } else if (refill == Lane.Refill.RETRIES) {
            effects.readRetries(lane.webhook().id(), lane.beginRead(true));
        } else {
            effects.readFirstAttempts(lane.webhook().id(), lane.beginRead(false));
        }
    }

    private void grant() {
        while (!stopping && unrecorded < settings.maxUnrecorded()) {
            Lane lane = turns.next(time.monotonicMillis());
            if (lane == null || !takeTurn(lane)) {
                return;
            }
        }
    }

    /** Sends a lane's next delivery, if it still may; answers whether others can go on. */
    private boolean takeTurn(Lane lane) {
        long now = time.monotonicMillis();
        if (!lane.mayGo(now) || expire(lane)) {
            consider(lane);
            return true;
        }
        Window.@Nullable Waiting waiting = lane.next();
        if (waiting == null) {
            return true;
        }
        if (waiting.payload() == null && !reserve(waiting)) {
            lane.putBack(waiting);
            turns.enterFirst(lane, now);
            return false;
        }
        send(lane, waiting, now);
        consider(lane);
        return true;
    }

    private boolean reserve(Window.Waiting waiting) {
        int bytes = waiting.delivery().payloadBytes();
        if (memory.reserve(bytes)) {
            return true;
        }
        if (turns.inFlight() == 0) {
            memory.reserveAnyway(bytes);
            return true;
        }
        return false;
    }

    private void send(Lane lane, Window.Waiting waiting, long now) {
        boolean probe = false;
        if (lane.circuit() instanceof Circuit.Open open) {
            moveCircuit(lane, open.probe(), waiting.delivery().eventType(), now);
            probe = true;
        }
        lane.sent(waiting.id(), now);
        turns.began(lane, now);
        effects.send(new Flight(lane.webhook(), waiting.delivery(), waiting.payload(), probe));
    }

    /** Has the deliveries at the head of the window fail that waited too long; answers whether there were any. */
    private boolean expire(Lane lane) {
        List<DeliveryId> expired =
                lane.takeExpired(time.wallMillis() - settings.maxAge().toMillis(), EXPIRED_AT_ONCE);
        if (expired.isEmpty()) {
            return false;
        }
        unrecorded += expired.size();
        effects.expire(new ExpireDeliveries(lane.webhook().id(), lane.webhook().tenant(), expired, time.wallMillis()));
        return true;
    }

    private void withLane(WebhookId webhookId, Consumer<Lane> action) {
        Lane lane = lanes.get(webhookId);
        if (lane != null) {
            action.accept(lane);
            consider(lane);
        }
    }

    private void dropIfDone(Lane lane) {
        if (lane.webhook().isDeleted() && lane.isIdle()) {
            lanes.remove(lane.webhook().id());
        }
    }
}
