package io.longline.delivery;

import io.longline.bus.PayloadMemory;
import io.longline.bus.SharedPayload;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.TimeSource;
import io.longline.policy.Circuit;
import io.longline.store.Operation.ExpireDeliveries;
import io.longline.store.Operation.RecordAttempt;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's lanes do next: each reads, stands in line for a turn, or sleeps until some time; and those whose turn it
 * is send. Sending stops while too many results wait for the store.
 *
 * <p>For the shard's thread.
 */
final class LaneScheduler {
    private static final int EXPIRED_AT_ONCE = 100;
    /** Due times are wall-clock; looking again at least this often follows a clock that was moved. */
    private static final long LONGEST_SLEEP_MILLIS = 60_000;

    private final ShardSettings settings;
    private final TimeSource time;
    private final PayloadRoom room;
    private final ShardEffects effects;
    private final Turns turns;
    private final WakeUps wakeUps;
    private int unrecorded;
    private boolean stopping;

    LaneScheduler(ShardSettings settings, TimeSource time, PayloadMemory memory, ShardEffects effects) {
        this.settings = settings;
        this.time = time;
        this.room = new PayloadRoom(memory);
        this.effects = effects;
        this.turns = new Turns(settings.maxInFlight());
        this.wakeUps = new WakeUps(effects::wakeIn);
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

    /** A lane has learnt from an answer. */
    void review(Lane lane, long now) {
        turns.review(lane, now);
    }

    /** Has a result written. */
    void record(Flight flight, Outcome outcome, RecordAttempt result) {
        unrecorded++;
        effects.record(flight, outcome, result);
    }

    /** A result is written, or never will be. */
    void recorded() {
        unrecorded--;
    }

    /** An attempt of a lane ended; the lane has been told. */
    void landed(Lane lane, Flight flight) {
        turns.ended(lane);
        SharedPayload payload = flight.payload();
        if (payload != null) {
            payload.release();
        } else {
            room.giveBack(flight.delivery());
        }
    }

    /** A lane's circuit moves, by what came of a delivery of some event type. */
    void moveCircuit(Lane lane, Circuit next, String eventType, long now) {
        CircuitStatus before = lane.circuit().status();
        lane.pace().circuit(next);
        tellIfMoved(lane, before, eventType, now);
    }

    /** Tells of a circuit that is not as it was before; without an event type when a change of the webhook moved it. */
    void tellIfMoved(Lane lane, CircuitStatus before, @Nullable String eventType, long now) {
        CircuitStatus after = lane.circuit().status();
        if (before != after) {
            Instant wall = time.now();
            lane.pace().noteFailing(wall);
            long retryIn = Math.max(0, lane.pace().circuitOpenUntil() - now);
            Instant retryAt = after == CircuitStatus.OPEN ? wall.plusMillis(retryIn) : null;
            Instant failingSince = lane.pace().failingSince();
            effects.circuitMoved(new CircuitMove(lane.webhook(), before, after, retryAt, failingSince, eventType));
        }
    }

    /** Tells of a webhook that has been failing for half of the time that disables it. */
    void tellOfFailing(Flight flight) {
        effects.failingForLong(flight);
    }

    /** Looks at what a lane can do now: read, stand in line, or sleep until some time. */
    void consider(Lane lane) {
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
                room.review(lane, turns.shareOf(lane, now));
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

    /** Gives turns for as long as slots are free and lanes stand in line; those that found no memory first. */
    void grant() {
        long now = time.monotonicMillis();
        List<Lane> calledBack = room.callBack(turns.inFlight() == 0, now);
        for (int index = calledBack.size() - 1; index >= 0; index--) {
            turns.enterFirst(calledBack.get(index), now);
        }
        while (!stopping && unrecorded < settings.maxUnrecorded()) {
            Lane lane = turns.next(time.monotonicMillis());
            if (lane == null) {
                return;
            }
            takeTurn(lane);
        }
    }

    /** Sends a lane's next delivery, if it still may and memory has room for the payload. */
    private void takeTurn(Lane lane) {
        long now = time.monotonicMillis();
        if (!lane.mayGo(now) || expire(lane)) {
            consider(lane);
            return;
        }
        Window.@Nullable Waiting waiting = lane.next();
        if (waiting == null) {
            return;
        }
        boolean anyway = turns.inFlight() == 0;
        if (waiting.payload() == null && !room.take(lane, waiting.delivery(), turns.shareOf(lane, now), anyway)) {
            lane.putBack(waiting);
            return;
        }
        send(lane, waiting, now);
        consider(lane);
    }

    private void send(Lane lane, Window.Waiting waiting, long now) {
        boolean probe = false;
        if (lane.circuit() instanceof Circuit.Open open) {
            moveCircuit(lane, open.probe(), waiting.delivery().eventType(), now);
            probe = true;
        }
        lane.sent(waiting.id(), now, effects.mustLookUp(lane.webhook()));
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
}
