package io.longline.delivery;

import io.longline.bus.PayloadMemory;
import io.longline.bus.ShardCommit;
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
    private static final long READ_AGAIN_MILLIS = 1_000;

    private final ShardSettings settings;
    private final TimeSource time;
    private final RandomGenerator chance;
    private final Map<WebhookId, Lane> lanes = new HashMap<>();
    private final Map<WebhookId, Long> sweeping = new HashMap<>();
    private final LaneScheduler scheduler;

    Shard(ShardSettings settings, TimeSource time, RandomGenerator chance, PayloadMemory memory, ShardEffects effects) {
        this.settings = settings;
        this.time = time;
        this.chance = chance;
        this.scheduler = new LaneScheduler(settings, time, memory, effects);
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
        scheduler.grant();
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
        scheduler.tellIfMoved(lane, before, null, time.monotonicMillis());
        scheduler.review(lane, time.monotonicMillis());
        scheduler.consider(lane);
        dropIfDone(lane);
    }

    private Lane newLane(Webhook webhook, boolean storeMayHoldMore) {
        return new Lane(webhook, storeMayHoldMore, settings, time.monotonicMillis(), time.wallMillis());
    }

    /** The store would not take a result, and will never: the sweep finds the delivery again. */
    void recordRefused(WebhookId webhookId, DeliveryId deliveryId) {
        settled(webhookId, deliveryId, null);
        scheduler.grant();
    }

    private void settled(WebhookId webhookId, DeliveryId deliveryId, @Nullable Long nextAttemptAtMillis) {
        scheduler.recorded();
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
        scheduler.landed(lane, flight);
        Verdict verdict = Verdict.of(outcome);
        if (lane.pace().counts(flight.webhook())) {
            lane.pace().learn(verdict, now);
            Circuit next = lane.circuit().counted(verdict.circuit(), now, settings.circuit());
            scheduler.moveCircuit(lane, next, flight.delivery().eventType(), now);
        }
        scheduler.review(lane, now);
        @Nullable String disabling = disabling(lane, verdict, flight);
        scheduler.record(flight, outcome, flight.result(verdict, attempt, disabling, time.now(), chance));
        if (disabling != null && lane.webhook().version() == flight.webhook().version()) {
            lane.disabling(flight.delivery().id());
        }
        scheduler.consider(lane);
        scheduler.grant();
    }

    /** Why an answer disables the webhook; {@code null} when it does not. */
    private @Nullable String disabling(Lane lane, Verdict verdict, Flight flight) {
        if (verdict.kind() == Verdict.Kind.GONE) {
            return "gone";
        }
        if (!lane.pace().counts(flight.webhook())) {
            return null;
        }
        if (lane.pace().hasFailedTooLong(time.now())) {
            return "failing";
        }
        if (lane.pace().passesHalfOfFailingTime(time.now())) {
            scheduler.tellOfFailing(flight);
        }
        return null;
    }

    /** The host name that an attempt waited for is looked up: the lane's others need not wait any more. */
    void lookedUp(Flight flight) {
        withLane(flight.webhook().id(), lane -> lane.lookedUp(flight.delivery().id()));
        scheduler.grant();
    }

    /** The attempt could not be made, through no fault of the receiver's: the delivery waits on. */
    void notSent(Flight flight) {
        long now = time.monotonicMillis();
        Lane lane = laneOf(flight);
        lane.notSent(flight.delivery(), time.wallMillis());
        scheduler.landed(lane, flight);
        boolean probe = flight.probe() && lane.pace().counts(flight.webhook());
        if (probe && lane.circuit() instanceof Circuit.Probing probing) {
            scheduler.moveCircuit(
                    lane, probing.abandoned(now), flight.delivery().eventType(), now);
        }
        lane.pace().restUntil(now + READ_AGAIN_MILLIS);
        scheduler.consider(lane);
        dropIfDone(lane);
        scheduler.grant();
    }

    private Lane laneOf(Flight flight) {
        Lane lane = lanes.get(flight.webhook().id());
        if (lane == null) {
            throw new IllegalStateException("a lane is kept while it has attempts in flight");
        }
        return lane;
    }

    /** Rows that were asked for have been read. */
    void refilled(WebhookId webhookId, List<WaitingDelivery> rows) {
        withLane(webhookId, lane -> lane.endRead(rows, time.wallMillis()));
        scheduler.grant();
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
                withLane(id, lane -> lane.swept(found, began, time.wallMillis()));
            }
        }
        scheduler.grant();
    }

    /** A time that was asked for has come. */
    void wake() {
        scheduler.wake();
    }

    /** Once in a while: lanes whose success has grown old count as unproven, and memory given back elsewhere is used. */
    void tick() {
        scheduler.tick();
    }

    /** Begins no further attempt. */
    void stop() {
        scheduler.stop();
    }

    /** Whether nothing is in flight and every result is recorded. */
    boolean isQuiet() {
        return scheduler.isQuiet();
    }

    int inFlight() {
        return scheduler.inFlight();
    }

    /** Lanes whose circuit is not closed. */
    int openCircuits() {
        int open = 0;
        for (Lane lane : lanes.values()) {
            if (lane.circuit().status() != CircuitStatus.CLOSED) {
                open++;
            }
        }
        return open;
    }

    /** Whether a delivery is in flight, or its result is not yet recorded. */
    boolean isBusyWith(WebhookId webhookId, DeliveryId deliveryId) {
        Lane lane = lanes.get(webhookId);
        return lane != null && lane.isBusyWith(deliveryId);
    }

    /**
     * A retry by hand is about to be written, unless an attempt is in flight or not yet recorded: until {@link #endRetry}
     * none begins. Answers whether it may be written. Whoever asks for it was told of the delivery after the shard was.
     */
    boolean beginRetry(WebhookId webhookId, DeliveryId deliveryId) {
        Lane lane = lanes.get(webhookId);
        if (lane != null && lane.isBusyWith(deliveryId)) {
            return false;
        }
        if (lane != null) {
            lane.beginRetry(deliveryId);
        }
        return true;
    }

    /** A retry by hand was written, or failed to be. */
    void endRetry(WebhookId webhookId, DeliveryId deliveryId) {
        withLane(webhookId, lane -> {
            lane.endRetry(deliveryId, time.wallMillis());
            dropIfDone(lane);
        });
        scheduler.grant();
    }

    /** A webhook as its lane has it; {@code null} when there is no such lane. */
    @Nullable Lane lane(WebhookId webhookId) {
        return lanes.get(webhookId);
    }

    private void withLane(WebhookId webhookId, Consumer<Lane> action) {
        Lane lane = lanes.get(webhookId);
        if (lane != null) {
            action.accept(lane);
            scheduler.consider(lane);
        }
    }

    private void dropIfDone(Lane lane) {
        if (lane.webhook().isDeleted() && lane.isIdle()) {
            lanes.remove(lane.webhook().id());
        }
    }
}
