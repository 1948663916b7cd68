package io.longline.delivery;

import io.longline.bus.SharedPayload;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.Webhook;
import io.longline.policy.Circuit;
import io.longline.policy.EarnedSlots;
import io.longline.policy.RateLimit;
import io.longline.store.WaitingDelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One webhook's queue: the part of it that is in memory, and what is known of the part that is not.
 *
 * <p>The lane knows every identifier that it holds: in the window, in flight, or answered but not yet recorded. It is
 * <i>behind</i> while the store may hold more first attempts than memory does; then new deliveries are left to the store
 * and only reads from it feed the lane. It has caught up when a read returned fewer rows than it asked for, and nothing
 * was left to the store since that read began. An identifier is forgotten only when its result is recorded and every
 * read that began before has returned; else a slow read could bring it back.
 *
 * <p>Plain state for the shard's thread; it does nothing by itself.
 */
final class Lane {
    static final long NEVER = Long.MAX_VALUE;

    /** A delivery in the window; its payload is held where memory allows. */
    record Waiting(WaitingDelivery delivery, @Nullable SharedPayload payload) {}

    private final ArrayDeque<Waiting> firsts = new ArrayDeque<>();
    private final ArrayDeque<Waiting> retries = new ArrayDeque<>();
    private final Set<DeliveryId> known = new HashSet<>();
    private final Set<DeliveryId> changedDuringRead = new HashSet<>();
    private final Set<DeliveryId> inFlight = new HashSet<>();

    private Webhook webhook;
    private Circuit circuit;
    private EarnedSlots slots;
    private @Nullable RateLimit rate;
    private boolean retriesTurn;

    private boolean reading;
    private boolean readingRetries;
    private int asked;
    private long timesLeftToStore;
    private long timesLeftAtRead;
    private boolean behind;
    private boolean awaitingFirstSweep;
    private long nextRetryAtWall = NEVER;
    private long retryHintDuringRead = NEVER;

    /** Nothing is read before this monotonic time, after a read failed. */
    long readNotBefore;
    /** Nothing is sent before this monotonic time, since the receiver asked for a rest. */
    long restUntil;
    /** When the receiver last answered 2xx, in monotonic time. */
    long lastSuccessAt = Long.MIN_VALUE / 2;
    /** The earliest wake-up asked for, in monotonic time. */
    long wakeAt = NEVER;
    /** Whether the lane stands in line for a turn. */
    boolean inLine;
    /** Whether its attempts in flight count among those of lanes without a recent success. */
    boolean countedUnproven;
    /** Whether retries were read last, so that first attempts are next. */
    boolean readRetriesLast;
    /** The delivery that was answered 410: nothing is sent until its result, which disables the webhook, is recorded. */
    @Nullable DeliveryId gone;

    /**
     * @param storeMayHoldMore whether deliveries of an earlier process may wait in the store; then nothing is read before
     *     the first look at what does
     */
    Lane(
            Webhook webhook,
            boolean storeMayHoldMore,
            int mostInFlight,
            long monotonicMillis,
            long wallMillis,
            Circuit.Settings settings) {
        this.webhook = webhook;
        this.behind = storeMayHoldMore;
        this.awaitingFirstSweep = storeMayHoldMore;
        this.slots = EarnedSlots.atFirst(mostInFlight);
        this.rate = webhook.rateLimit() == null ? null : RateLimit.of(webhook.rateLimit());
        boolean wasOpen = webhook.circuit() != CircuitStatus.CLOSED && settings.enabled();
        long retryAt = webhook.circuitRetryAt() == null
                ? wallMillis
                : webhook.circuitRetryAt().toEpochMilli();
        long longest = settings.longestWait().toMillis();
        this.circuit = wasOpen
                ? Circuit.reopened(monotonicMillis + Math.max(0, Math.min(longest, retryAt - wallMillis)), settings)
                : Circuit.fresh();
    }

    Webhook webhook() {
        return webhook;
    }

    /** Takes a changed webhook over. */
    void change(Webhook changed) {
        boolean sameRate = Objects.equals(webhook.rateLimit(), changed.rateLimit());
        boolean restart = !webhook.url().equals(changed.url()) || (!webhook.active() && changed.active());
        webhook = changed;
        gone = null;
        if (awaitingFirstSweep) {
            // Held lanes are left out by the sweep; one that is held no longer does not wait for the next.
            awaitingFirstSweep = false;
            retryHint(0);
        }
        if (!sameRate) {
            rate = changed.rateLimit() == null ? null : RateLimit.of(changed.rateLimit());
        }
        if (restart) {
            circuit = Circuit.fresh();
            restUntil = 0;
        }
        if (isHeldByOwner()) {
            emptyWindow();
        }
    }

    /** Whether its owner, or a 410, holds its deliveries. */
    boolean isHeldByOwner() {
        return !webhook.active() || webhook.paused() || webhook.isDeleted() || gone != null;
    }

    Circuit circuit() {
        return circuit;
    }

    void circuit(Circuit next) {
        circuit = next;
    }

    EarnedSlots slots() {
        return slots;
    }

    void slots(EarnedSlots next) {
        slots = next;
    }

    @Nullable RateLimit rate() {
        return rate;
    }

    void spendRate(long nowMillis) {
        if (rate != null) {
            rate = rate.spent(nowMillis);
        }
    }

    int inFlightCount() {
        return inFlight.size();
    }

    boolean isInFlight(DeliveryId id) {
        return inFlight.contains(id);
    }

    /** Whether the delivery is in flight, or answered and not yet recorded. */
    boolean isBusyWith(DeliveryId id) {
        return known.contains(id) && !isInWindow(id);
    }

    boolean isIdle() {
        return known.isEmpty();
    }

    boolean hasWaiting() {
        return !firsts.isEmpty() || !retries.isEmpty();
    }

    int waitingCount() {
        return firsts.size() + retries.size();
    }

    boolean isBehind() {
        return behind;
    }

    boolean isReading() {
        return reading;
    }

    long nextRetryAtWall() {
        return nextRetryAtWall;
    }

    /** A new delivery: taken into the window if nothing older can be in the store alone, and there is room. */
    boolean offer(WaitingDelivery delivery, SharedPayload payload, int firstWindow) {
        if (known.contains(delivery.id())) {
            return false;
        }
        if (behind || isHeldByOwner() || firsts.size() >= firstWindow) {
            leaveToStore();
            return false;
        }
        known.add(delivery.id());
        firsts.add(new Waiting(delivery, payload.hold() ? payload : null));
        return true;
    }

    /** A delivery waits again, somewhere in the store. */
    void reopened(DeliveryId id, long nowWall) {
        retryHint(nowWall);
        if (known.contains(id)) {
            refreshBudget(id, nowWall);
        } else {
            // A read that began before may still bring it as it was.
            forget(id);
            leaveToStore();
        }
    }

    private void leaveToStore() {
        behind = true;
        timesLeftToStore++;
    }

    private void refreshBudget(DeliveryId id, long nowWall) {
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            List<Waiting> all = new ArrayList<>(queue);
            queue.clear();
            for (Waiting waiting : all) {
                WaitingDelivery old = waiting.delivery;
                queue.add(
                        old.id().equals(id)
                                ? new Waiting(
                                        new WaitingDelivery(
                                                id,
                                                old.eventId(),
                                                old.eventType(),
                                                old.attempts(),
                                                0,
                                                nowWall,
                                                nowWall,
                                                old.payloadBytes()),
                                        waiting.payload)
                                : waiting);
            }
        }
    }

    /**
     * A delivery was called off: it leaves the window, and no read that began before brings it back. One in flight goes
     * on; its result changes nothing.
     */
    void cancelled(DeliveryId id) {
        if (!isBusyWith(id)) {
            removeFromWindow(id);
            forget(id);
        }
    }

    /** Takes the next delivery out of the window: first attempts and retries in turn, so that neither starves. */
    @Nullable Waiting next() {
        retriesTurn = !retriesTurn;
        boolean takeRetry = firsts.isEmpty() || (retriesTurn && !retries.isEmpty());
        return takeRetry ? retries.poll() : firsts.poll();
    }

    /** Takes deliveries out of the window that have waited since before a time; they stay known until that is recorded. */
    List<DeliveryId> takeExpired(long openedBeforeWall, int most) {
        List<DeliveryId> expired = new ArrayList<>();
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            for (Waiting head = queue.peek();
                    head != null && head.delivery.openedAtMillis() < openedBeforeWall && expired.size() < most;
                    head = queue.peek()) {
                expired.add(head.delivery.id());
                release(queue.remove());
            }
        }
        return expired;
    }

    /** Puts a delivery back whose turn came to nothing. */
    void putBack(Waiting waiting) {
        (waiting.delivery.attempts() == 0 ? firsts : retries).addFirst(waiting);
    }

    void sent(DeliveryId id) {
        inFlight.add(id);
    }

    /** The attempt was not made: the delivery waits on in the store, which knows whether it was called off meanwhile. */
    void notSent(WaitingDelivery delivery, long nowWall) {
        inFlight.remove(delivery.id());
        forget(delivery.id());
        if (delivery.attempts() == 0) {
            leaveToStore();
        } else {
            retryHint(nowWall);
        }
    }

    /** The attempt ended; the delivery stays known until its result is recorded. */
    void answered(DeliveryId id) {
        inFlight.remove(id);
    }

    /** The result is recorded. */
    void settled(DeliveryId id, @Nullable Long nextAttemptAtWall) {
        if (id.equals(gone)) {
            gone = null;
        }
        forget(id);
        if (nextAttemptAtWall != null) {
            retryHint(nextAttemptAtWall);
        }
    }

    /** A retry is due then, somewhere in the store. */
    void retryHint(long atWall) {
        nextRetryAtWall = Math.min(nextRetryAtWall, atWall);
        if (reading) {
            retryHintDuringRead = Math.min(retryHintDuringRead, atWall);
        }
    }

    /** Whether first attempts should be read now. */
    boolean needsFirsts(int firstWindow) {
        return behind && firsts.size() * 2 <= firstWindow;
    }

    /** Whether retries should be read now. */
    boolean needsRetries(int retryWindow, long nowWall) {
        return nextRetryAtWall <= nowWall && retries.size() * 2 <= retryWindow;
    }

    /** A read begins; answers how many rows to ask for, known ones included, since those come back as well. */
    int beginRead(boolean ofRetries, int window) {
        reading = true;
        readingRetries = ofRetries;
        retryHintDuringRead = NEVER;
        timesLeftAtRead = timesLeftToStore;
        int room = window - (ofRetries ? retries : firsts).size();
        // One more than there is room for, to learn when the first retry that is not yet due will be.
        asked = room + known.size() + 1;
        return asked;
    }

    /** A read returned. */
    void endRead(List<WaitingDelivery> rows, long nowWall, int window) {
        ArrayDeque<Waiting> queue = readingRetries ? retries : firsts;
        boolean everyRowTaken = true;
        long notYetDueAt = NEVER;
        boolean held = isHeldByOwner();
        for (WaitingDelivery row : rows) {
            if (readingRetries && row.nextAttemptAtMillis() > nowWall) {
                notYetDueAt = row.nextAttemptAtMillis();
                break;
            }
            if (known.contains(row.id()) || changedDuringRead.contains(row.id())) {
                continue;
            }
            if (held || queue.size() >= window) {
                everyRowTaken = false;
                break;
            }
            known.add(row.id());
            queue.add(new Waiting(row, null));
        }
        boolean sawAll = everyRowTaken && rows.size() < asked;
        if (readingRetries) {
            long rest = !everyRowTaken || (rows.size() >= asked && notYetDueAt == NEVER) ? nowWall : notYetDueAt;
            nextRetryAtWall = Math.min(rest, retryHintDuringRead);
        } else {
            behind = !sawAll || timesLeftToStore != timesLeftAtRead;
        }
        endReading();
    }

    /** A read failed, and is to be done again. */
    void failRead(long notBefore) {
        if (!readingRetries) {
            behind = true;
        }
        readNotBefore = notBefore;
        endReading();
    }

    private void endReading() {
        reading = false;
        retryHintDuringRead = NEVER;
        changedDuringRead.clear();
    }

    /** A look at the store begins; answers what to tell {@link #swept} at its end. */
    long beginSweep() {
        return timesLeftToStore;
    }

    /**
     * The store was looked at for forgotten work: whatever it holds that memory does not know will be read.
     *
     * @param began what {@link #beginSweep} answered
     */
    void swept(@Nullable DeliveryId firstAttempt, long nextRetryAt, long began) {
        awaitingFirstSweep = false;
        retryHint(nextRetryAt);
        if (firstAttempt == null) {
            behind = behind && (reading || timesLeftToStore != began);
        } else if (!known.contains(firstAttempt) && !changedDuringRead.contains(firstAttempt)) {
            leaveToStore();
        }
    }

    boolean isAwaitingFirstSweep() {
        return awaitingFirstSweep;
    }

    /** Everything in the window goes back to the store, where it is pending all the while. */
    void emptyWindow() {
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            for (Waiting waiting : queue) {
                known.remove(waiting.delivery.id());
                release(waiting);
            }
            queue.clear();
        }
        leaveToStore();
        nextRetryAtWall = 0;
        retryHintDuringRead = 0;
    }

    static void release(Waiting waiting) {
        if (waiting.payload != null) {
            waiting.payload.release();
        }
    }

    private boolean isInWindow(DeliveryId id) {
        return firsts.stream().anyMatch(waiting -> waiting.delivery.id().equals(id))
                || retries.stream().anyMatch(waiting -> waiting.delivery.id().equals(id));
    }

    private boolean removeFromWindow(DeliveryId id) {
        return removeFrom(firsts, id) || removeFrom(retries, id);
    }

    private static boolean removeFrom(ArrayDeque<Waiting> queue, DeliveryId id) {
        for (Iterator<Waiting> each = queue.iterator(); each.hasNext(); ) {
            Waiting waiting = each.next();
            if (waiting.delivery.id().equals(id)) {
                release(waiting);
                each.remove();
                return true;
            }
        }
        return false;
    }

    private void forget(DeliveryId id) {
        known.remove(id);
        if (reading) {
            changedDuringRead.add(id);
        }
    }
}
