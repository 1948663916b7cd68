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
import io.longline.policy.DeliveryState;
import io.longline.policy.RateLimit;
import io.longline.policy.Verdict;
import io.longline.store.Backlog;
import io.longline.store.Commit;
import io.longline.store.Operation.Disable;
import io.longline.store.Operation.ExpireDeliveries;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.WaitingDelivery;
import java.time.Instant;
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
        lane.offer(waiting, made.payload(), settings.firstWindow());
    }

    private void changed(Webhook webhook) {
        Lane lane = lanes.computeIfAbsent(webhook.id(), id -> newLane(webhook, false));
        lane.change(webhook);
        consider(lane);
        dropIfDone(lane);
    }

    private Lane newLane(Webhook webhook, boolean storeMayHoldMore) {
        int most = webhook.maxInFlight() == null ? settings.maxInFlightPerWebhook() : webhook.maxInFlight();
        return new Lane(webhook, storeMayHoldMore, most, time.monotonicMillis(), time.wallMillis(), settings.circuit());
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
        Lane lane = lanes.get(flight.webhook().id());
        if (lane == null) {
            throw new IllegalStateException("a lane is kept while it has attempts in flight");
        }
        long now = time.monotonicMillis();
        lane.answered(flight.delivery().id());
        turns.ended(lane);
        releasePayload(flight);
        Verdict verdict = Verdict.of(outcome);
        learn(lane, verdict, flight.delivery().eventType(), now);
        turns.review(lane, now);
        record(flight, verdict, attempt);
        if (verdict.kind() == Verdict.Kind.GONE
                && lane.webhook().version() == flight.webhook().version()) {
            lane.gone = flight.delivery().id();
            lane.emptyWindow();
        }
        consider(lane);
        grant();
    }

    /** The attempt could not be made, through no fault of the receiver's: the delivery waits on. */
    void notSent(Flight flight) {
        Lane lane = lanes.get(flight.webhook().id());
        if (lane == null) {
            throw new IllegalStateException("a lane is kept while it has attempts in flight");
        }
        long now = time.monotonicMillis();
        lane.notSent(flight.delivery(), time.wallMillis());
        turns.ended(lane);
        releasePayload(flight);
        if (lane.circuit() instanceof Circuit.Probing probing) {
            moveCircuit(lane, probing.abandoned(now), flight.delivery().eventType(), now);
        }
        lane.restUntil = Math.max(lane.restUntil, now + READ_AGAIN_MILLIS);
        consider(lane);
        dropIfDone(lane);
        grant();
    }

    private void learn(Lane lane, Verdict verdict, String eventType, long now) {
        int most = mostInFlight(lane);
        if (verdict.kind() == Verdict.Kind.SUCCEEDED) {
            lane.lastSuccessAt = now;
            lane.slots(lane.slots().succeeded(most));
        } else if (verdict.timedOut()) {
            lane.slots(lane.slots().timedOut());
        }
        if (verdict.restsLane() && verdict.retryAfter() != null) {
            long rest = Math.min(
                    verdict.retryAfter().toMillis(), settings.longestRest().toMillis());
            lane.restUntil = Math.max(lane.restUntil, now + rest);
        }
        moveCircuit(lane, lane.circuit().counted(verdict.circuit(), now, settings.circuit()), eventType, now);
    }

    private void moveCircuit(Lane lane, Circuit next, String eventType, long now) {
        CircuitStatus from = lane.circuit().status();
        lane.circuit(next);
        if (from != next.status()) {
            long retryIn = next instanceof Circuit.Open open ? open.nextProbeAtMillis() - now : 0;
            effects.circuitMoved(lane.webhook(), from, next.status(), eventType, retryIn);
        }
    }

    private void record(Flight flight, Verdict verdict, Attempt attempt) {
        WaitingDelivery delivery = flight.delivery();
        Instant now = time.now();
        DeliveryState.Pending before = new DeliveryState.Pending(
                delivery.attempts(), delivery.budgetUsed(), Instant.ofEpochMilli(delivery.nextAttemptAtMillis()));
        DeliveryState next = before.attempted(verdict, flight.webhook().retry(), now, chance);
        @Nullable Disable disable = verdict.kind() == Verdict.Kind.GONE
                ? new Disable("gone", flight.webhook().version())
                : null;
        unrecorded++;
        effects.record(
                flight, new RecordAttempt(attempt, flight.webhook().tenant(), next, now.toEpochMilli(), disable));
    }

    private void releasePayload(Flight flight) {
        SharedPayload payload = flight.payload();
        if (payload != null) {
            payload.release();
        } else {
            memory.release(flight.delivery().payloadBytes());
        }
    }

    /** Rows that were asked for have been read. */
    void refilled(WebhookId webhookId, boolean retries, List<WaitingDelivery> rows) {
        withLane(
                webhookId,
                lane -> lane.endRead(
                        rows, time.wallMillis(), retries ? settings.retryWindow() : settings.firstWindow()));
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
            Backlog backlog = backlogs.getOrDefault(id, new Backlog(null, null));
            Long retryAt = backlog.nextRetryAtMillis();
            if (began != null) {
                withLane(id, lane -> lane.swept(backlog.firstAttempt(), retryAt == null ? Lane.NEVER : retryAt, began));
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
        if (lane.circuit() instanceof Circuit.Open open && !open.isDue(now)) {
            wakeUps.at(lane, open.nextProbeAtMillis(), now);
            return;
        }
        long wall = time.wallMillis();
        readIfNeeded(lane, now, wall);
        if (lane.hasWaiting()) {
            long from = earliest(lane);
            if (from > now) {
                wakeUps.at(lane, from, now);
            } else if (lane.inFlightCount() < allowed(lane)) {
                turns.enter(lane, now);
            }
        }
        long retryAt = lane.nextRetryAtWall();
        if (retryAt != Lane.NEVER && retryAt > wall) {
            wakeUps.at(lane, now + Math.min(retryAt - wall, LONGEST_SLEEP_MILLIS), now);
        }
    }

    private void readIfNeeded(Lane lane, long now, long wall) {
        boolean retries = lane.needsRetries(settings.retryWindow(), wall);
        boolean firsts = lane.needsFirsts(settings.firstWindow());
        if (lane.isReading() || lane.isAwaitingFirstSweep() || !(retries || firsts)) {
            return;
        }
        if (lane.readNotBefore > now) {
            wakeUps.at(lane, lane.readNotBefore, now);
            return;
        }
        // In turn, so that a flood of either does not starve the other.
        boolean readRetries = retries && (!firsts || !lane.readRetriesLast);
        lane.readRetriesLast = readRetries;
        if (readRetries) {
            effects.readRetries(lane.webhook().id(), lane.beginRead(true, settings.retryWindow()));
        } else {
            effects.readFirstAttempts(lane.webhook().id(), lane.beginRead(false, settings.firstWindow()));
        }
    }

    private static long earliest(Lane lane) {
        RateLimit rate = lane.rate();
        return rate == null ? lane.restUntil : Math.max(lane.restUntil, rate.nextAtMillis());
    }

    private int allowed(Lane lane) {
        boolean probing = lane.circuit().status() != CircuitStatus.CLOSED;
        return probing ? 1 : Math.min(lane.slots().count(), mostInFlight(lane));
    }

    private int mostInFlight(Lane lane) {
        Integer own = lane.webhook().maxInFlight();
        return own == null ? settings.maxInFlightPerWebhook() : own;
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
        boolean may = !lane.isHeldByOwner()
                && lane.hasWaiting()
                && earliest(lane) <= now
                && lane.inFlightCount() < allowed(lane)
                && !(lane.circuit() instanceof Circuit.Open open && !open.isDue(now));
        if (!may || expire(lane)) {
            consider(lane);
            return true;
        }
        Lane.@Nullable Waiting waiting = lane.next();
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

    private boolean reserve(Lane.Waiting waiting) {
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

    private void send(Lane lane, Lane.Waiting waiting, long now) {
        boolean probe = false;
        if (lane.circuit() instanceof Circuit.Open open) {
            moveCircuit(lane, open.probe(), waiting.delivery().eventType(), now);
            probe = true;
        }
        lane.spendRate(now);
        lane.sent(waiting.delivery().id());
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
