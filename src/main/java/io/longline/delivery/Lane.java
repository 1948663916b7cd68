package io.longline.delivery;

import io.longline.bus.PayloadMemory.Share;
import io.longline.bus.SharedPayload;
import io.longline.model.DeliveryId;
import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.policy.Circuit;
import io.longline.store.Backlog;
import io.longline.store.WaitingDelivery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One webhook's queue: its {@link Window} in memory, what is known of the {@link Remainder} in the store, and the
 * {@link Pace} it may go at.
 *
 * <p>The lane knows every identifier that it holds: in the window, in flight, or answered but not yet recorded. While it
 * is behind, new deliveries are left to the store and only reads from it feed the lane. An identifier is forgotten only
 * when its result is recorded, and no read that began before brings it back.
 *
 * <p>Plain state for the shard's thread; it does nothing by itself.
 */
final class Lane {
    static final long NEVER = Long.MAX_VALUE;
    /** How long after its commit a delivery's message is not missed yet. */
    static final long LONGEST_WAY_MILLIS = 5_000;

    /** What a read fetches. */
    enum Refill {
        NONE,
        FIRST_ATTEMPTS,
        RETRIES
    }

    private final Window window;
    private final Arrivals arrivals;
    private final Remainder remainder;
    private final Pace pace;
    private final Set<DeliveryId> known = new HashSet<>();
    private final Set<DeliveryId> inFlight = new HashSet<>();
    /** Deliveries that are being retried by hand, and how many times at once. */
    private final Map<DeliveryId, Integer> retrying = new HashMap<>();

    private Webhook webhook;
    private @Nullable DeliveryId disabledBy;
    /** The one that waits for a host name to be looked up; no other goes meanwhile, since they would all hang with it. */
    private @Nullable DeliveryId lookingUp;

    private boolean readRetriesLast;

    /** The earliest wake-up asked for, in monotonic time. */
    long wakeAt = NEVER;
    /** Whether the lane stands in line for a turn, or waits for payload memory. */
    boolean inLine;
    /** Whose line it is; {@code null} when it stands in none. */
    @Nullable Share line;
    /** The share of the payload memory that it waits for; {@code null} when it waits for none. */
    @Nullable Share wantsRoomIn;
    /** Whether it goes before those that wait for payload memory, having waited itself. */
    boolean calledBack;
    /** Whether its attempts in flight count among those of lanes without a recent success. */
    boolean countedUnproven;

    /**
     * @param storeMayHoldMore whether deliveries of an earlier process may wait in the store; then nothing is read before
     *     the first look at what does
     * @param now monotonic milliseconds
     * @param nowWall milliseconds since 1970
     */
    Lane(Webhook webhook, boolean storeMayHoldMore, ShardSettings settings, long now, long nowWall) {
        this.webhook = webhook;
        this.window = new Window(settings);
        this.arrivals = new Arrivals(settings.firstWindow());
        this.remainder = new Remainder(storeMayHoldMore);
        this.pace = new Pace(webhook, settings, now, nowWall);
    }

    Webhook webhook() {
        return webhook;
    }

    Pace pace() {
        return pace;
    }

    /** Takes a changed webhook over. */
    void change(Webhook changed) {
        pace.change(webhook, changed);
        lookingUp = webhook.url().equals(changed.url()) ? lookingUp : null;
        webhook = changed;
        disabledBy = null;
        remainder.readWithoutSweep();
        if (isHeldByOwner()) {
            emptyWindow();
        }
    }

    /** A result disables the webhook: nothing more is sent until it is recorded. */
    void disabling(DeliveryId id) {
        disabledBy = id;
        emptyWindow();
    }

    /** Whether its owner, or Longline, holds its deliveries. */
    boolean isHeldByOwner() {
        return !webhook.active() || webhook.paused() || webhook.isDeleted() || disabledBy != null;
    }

    /** Whether it may begin an attempt now, slots of others apart. */
    boolean mayGo(long now) {
        return !isHeldByOwner()
                && !window.isEmpty()
                && lookingUp == null
                && pace.earliest() <= now
                && pace.circuitOpenUntil() <= now
                && inFlight.size() < pace.allowed();
    }

    Circuit circuit() {
        return pace.circuit();
    }

    int inFlightCount() {
        return inFlight.size();
    }

    /** Whether the delivery is in flight, or answered and not yet recorded. */
    boolean isBusyWith(DeliveryId id) {
        return known.contains(id) && !window.contains(id) && !retrying.containsKey(id);
    }

    boolean isIdle() {
        return known.isEmpty();
    }

    boolean hasWaiting() {
        return !window.isEmpty();
    }

    int waitingCount() {
        return window.size();
    }

    boolean isBehind() {
        return remainder.isBehind();
    }

    boolean isReading() {
        return remainder.isReading();
    }

    boolean isAwaitingFirstSweep() {
        return remainder.isAwaitingFirstSweep();
    }

    /** Wall-clock time at which a retry may be due in the store; {@link #NEVER} when none waits. */
    long nextRetryAtWall() {
        return remainder.nextRetryAtWall();
    }

    // ---- what is told of deliveries

    /**
     * A new delivery: taken into the window if nothing older can be in the store alone, and there is room. While a read
     * finds out whether anything older is, it waits for the answer.
     */
    void offer(WaitingDelivery delivery, SharedPayload payload) {
        if (known.contains(delivery.id())) {
            return;
        }
        if (isHeldByOwner()) {
            remainder.leave();
        } else if (remainder.isBehind()) {
            if (remainder.isReadingFirstAttempts() && !arrivals.isFull()) {
                arrivals.add(waiting(delivery, payload));
            } else {
                remainder.leave();
            }
        } else if (window.room(false) == 0) {
            remainder.leave();
        } else {
            known.add(delivery.id());
            window.add(false, waiting(delivery, payload));
        }
    }

    private static Window.Waiting waiting(WaitingDelivery delivery, SharedPayload payload) {
        return new Window.Waiting(delivery, payload.hold() ? payload : null);
    }

    /** A delivery waits again, somewhere in the store. */
    void reopened(DeliveryId id, long nowWall) {
        remainder.retryDue(nowWall);
        if (known.contains(id)) {
            window.replace(id, delivery -> delivery.hastened(nowWall));
        } else {
            // A read that began before may still bring it as it was.
            forget(id);
            remainder.leave();
        }
    }

    /**
     * A retry by hand is being written: the delivery leaves the window, and nothing brings it back before that is over. An
     * attempt that began meanwhile would be recorded after the retry, and take the fresh budget away.
     */
    void beginRetry(DeliveryId id) {
        retrying.merge(id, 1, Integer::sum);
        arrivals.forget(id);
        window.remove(id);
        known.add(id);
    }

    /** A retry by hand was written, or failed to be: the store knows how the delivery waits. */
    void endRetry(DeliveryId id, long nowWall) {
        boolean begun = retrying.containsKey(id);
        retrying.computeIfPresent(id, (same, times) -> times > 1 ? times - 1 : null);
        if (begun && !retrying.containsKey(id)) {
            forget(id);
            remainder.leave();
            remainder.retryDue(nowWall);
        }
    }

    /**
     * A delivery was called off: it leaves the window, and no read that began before brings it back. One in flight goes
     * on; its result changes nothing.
     */
    void cancelled(DeliveryId id) {
        if (!isBusyWith(id) && !retrying.containsKey(id)) {
            window.remove(id);
            forget(id);
        }
    }

    /** Takes the next delivery out of the window; {@code null} when it is empty. */
    Window.@Nullable Waiting next() {
        return window.next();
    }

    /** Puts a delivery back whose turn came to nothing. */
    void putBack(Window.Waiting waiting) {
        window.putBack(waiting);
    }

    /** Takes deliveries out of the window that have waited since before a time; they stay known until that is recorded. */
    List<DeliveryId> takeExpired(long openedBeforeWall, int most) {
        return window.takeExpired(openedBeforeWall, most);
    }

    /**
     * An attempt begins.
     *
     * @param looksUp whether it waits for a host name to be looked up
     */
    void sent(DeliveryId id, long now, boolean looksUp) {
        inFlight.add(id);
        lookingUp = looksUp ? id : null;
        pace.spend(now);
    }

    /** The host name that an attempt waited for is looked up, or the attempt is over. */
    void lookedUp(DeliveryId id) {
        lookingUp = id.equals(lookingUp) ? null : lookingUp;
    }

    /** The attempt was not made: the delivery waits on in the store, which knows whether it was called off meanwhile. */
    void notSent(WaitingDelivery delivery, long nowWall) {
        answered(delivery.id());
        forget(delivery.id());
        if (delivery.attempts() == 0) {
            remainder.leave();
        } else {
            remainder.retryDue(nowWall);
        }
    }

    /** The attempt ended; the delivery stays known until its result is recorded. */
    void answered(DeliveryId id) {
        inFlight.remove(id);
        lookedUp(id);
    }

    /**
     * The result is recorded.
     *
     * @param nextAttemptAtWall when it is tried again; {@code null} when it is not
     */
    void settled(DeliveryId id, @Nullable Long nextAttemptAtWall) {
        if (id.equals(disabledBy)) {
            disabledBy = null;
        }
        forget(id);
        if (nextAttemptAtWall != null) {
            remainder.retryDue(nextAttemptAtWall);
        }
    }

    private void forget(DeliveryId id) {
        known.remove(id);
        arrivals.forget(id);
        remainder.changed(id);
    }

    private void emptyWindow() {
        // In the store they are pending all the while.
        window.clear(known::remove);
        arrivals.clear();
        remainder.everything();
    }

    // ---- reads

    /** What to read now: first attempts and retries in turn, so that a flood of either does not starve the other. */
    Refill nextRefill(long nowWall) {
        boolean retries = remainder.mayHaveDueRetries(nowWall) && window.runsLow(true);
        boolean firsts = remainder.isBehind() && window.runsLow(false);
        if (isReading() || isAwaitingFirstSweep() || !(retries || firsts)) {
            return Refill.NONE;
        }
        return retries && (!firsts || !readRetriesLast) ? Refill.RETRIES : Refill.FIRST_ATTEMPTS;
    }

    /** Nothing is read before this monotonic time. */
    long readNotBefore() {
        return remainder.readNotBefore();
    }

    /** A read begins; answers how many rows to ask for, known ones included, since those come back as well. */
    int beginRead(boolean ofRetries) {
        readRetriesLast = ofRetries;
        // One more than there is room for, to learn when the first retry that is not yet due will be.
        int rows = window.room(ofRetries) + known.size() + 1;
        remainder.beginRead(ofRetries, rows);
        return rows;
    }

    /** A read returned. */
    void endRead(List<WaitingDelivery> rows, long nowWall) {
        boolean ofRetries = remainder.isReadingRetries();
        boolean tookAll = true;
        long notYetDueAt = NEVER;
        for (WaitingDelivery row : rows) {
            if (ofRetries && row.nextAttemptAtMillis() > nowWall) {
                notYetDueAt = row.nextAttemptAtMillis();
                break;
            }
            if (known.contains(row.id()) || remainder.changedSinceReadBegan(row.id())) {
                continue;
            }
            if (isHeldByOwner() || window.room(ofRetries) == 0) {
                tookAll = false;
                break;
            }
            known.add(row.id());
            Window.@Nullable Waiting arrived = arrivals.take(row.id());
            window.add(ofRetries, arrived == null ? new Window.Waiting(row, null) : arrived);
        }
        remainder.endRead(rows.size(), tookAll, notYetDueAt, nowWall);
        if (!ofRetries) {
            takeArrivals();
        }
    }

    /** What came during a read of first attempts goes on, or waits for a later one. */
    private void takeArrivals() {
        boolean left = remainder.isBehind()
                ? arrivals.clear()
                : !arrivals.handOver(arrival -> {
                    boolean room = window.room(false) > 0;
                    if (room) {
                        known.add(arrival.id());
                        window.add(false, arrival);
                    }
                    return room;
                });
        if (left) {
            remainder.leave();
        }
    }

    /** A read failed, and is to be done again. */
    void failRead(long notBefore) {
        remainder.failRead(notBefore);
        arrivals.clear();
    }

    /** A look at the store begins; answers what to tell {@link #swept} at its end. */
    long beginSweep() {
        return remainder.beginSweep();
    }

    /**
     * The store was looked at for forgotten work: whatever it holds that memory does not know will be read.
     *
     * @param began what {@link #beginSweep} answered
     */
    void swept(Backlog found, long began, long nowWall) {
        DeliveryId first = found.firstAttempt();
        Long retryAt = found.nextRetryAtMillis();
        boolean forgotten = first != null
                && !known.contains(first)
                && !remainder.changedSinceReadBegan(first)
                && !isOnItsWay(first, nowWall);
        remainder.swept(first != null, forgotten, retryAt == null ? NEVER : retryAt, began);
    }

    /** The message of a fresh commit may not have come yet; a look that took it for lost would set a busy lane back. */
    private static boolean isOnItsWay(DeliveryId first, long nowWall) {
        long age = nowWall - IdGenerator.millisOf(first.value());
        return age >= 0 && age < LONGEST_WAY_MILLIS;
    }
}
