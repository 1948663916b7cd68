package io.longline.delivery;

import io.longline.model.CircuitStatus;
import io.longline.model.Webhook;
import io.longline.policy.Circuit;
import io.longline.policy.EarnedSlots;
import io.longline.policy.RateLimit;
import io.longline.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How fast a lane may go: its circuit, the slots that it has earned, its rate limit, and a rest that the receiver asked
 * for. Times are monotonic milliseconds unless they say otherwise. Plain state for the shard's thread.
 */
final class Pace {
    private final ShardSettings settings;
    private Circuit circuit;
    private EarnedSlots slots;
    private @Nullable RateLimit rate;
    private int most;
    private long restUntil = Long.MIN_VALUE / 2;
    private @Nullable Instant failingSince;
    private boolean halfTold;
    private long lastSuccessAt = Long.MIN_VALUE / 2;
    private boolean slow;
    /** The version of the webhook from which on attempts count. */
    private long countedFrom = Long.MIN_VALUE;

    Pace(Webhook webhook, ShardSettings settings, long now, long nowWall) {
        this.settings = settings;
        this.most = mostInFlight(webhook);
        this.slots = EarnedSlots.atFirst(most);
        this.rate = rateOf(webhook, null);
        this.circuit = circuitOf(webhook, now, nowWall);
        this.failingSince = circuit.status() == CircuitStatus.CLOSED ? null : webhook.failingSince();
    }

    private Circuit circuitOf(Webhook webhook, long now, long nowWall) {
        if (webhook.circuit() == CircuitStatus.CLOSED || !settings.circuit().enabled()) {
            return Circuit.fresh();
        }
        long retryAt = webhook.circuitRetryAt() == null
                ? nowWall
                : webhook.circuitRetryAt().toEpochMilli();
        long longest = settings.circuit().longestWait().toMillis();
        return Circuit.reopened(now + Math.max(0, Math.min(longest, retryAt - nowWall)), settings.circuit());
    }

    private int mostInFlight(Webhook webhook) {
        Integer own = webhook.maxInFlight();
        return own == null ? settings.maxInFlightPerWebhook() : own;
    }

    private static @Nullable RateLimit rateOf(Webhook webhook, @Nullable RateLimit before) {
        Double perSecond = webhook.rateLimit();
        if (perSecond == null) {
            return null;
        }
        return before == null ? RateLimit.of(perSecond) : before.changedTo(perSecond);
    }

    /**
     * Follows a change of the webhook. Another URL is a fresh start: what the receiver before it earned, or spoiled, is
     * forgotten. Being switched on again is one for the circuit. What was sent before either counts no longer.
     */
    void change(Webhook from, Webhook to) {
        most = mostInFlight(to);
        if (!Objects.equals(from.rateLimit(), to.rateLimit())) {
            rate = rateOf(to, rate);
        }
        boolean moved = !from.url().equals(to.url()) || from.shadow() != to.shadow();
        if (moved || (!from.active() && to.active())) {
            circuit = Circuit.fresh();
            restUntil = Long.MIN_VALUE / 2;
            countedFrom = to.version();
        }
        if (moved) {
            slots = EarnedSlots.atFirst(most);
            lastSuccessAt = Long.MIN_VALUE / 2;
            slow = false;
        }
    }

    /** Whether an attempt that was made of the webhook as it was then says anything of it as it is now. */
    boolean counts(Webhook sentWith) {
        return sentWith.version() >= countedFrom;
    }

    Circuit circuit() {
        return circuit;
    }

    void circuit(Circuit next) {
        circuit = next;
    }

    /** Keeps the time, after the circuit moved, since when it has not been closed. */
    void noteFailing(Instant nowWall) {
        if (circuit.status() == CircuitStatus.CLOSED) {
            failingSince = null;
            halfTold = false;
        } else if (failingSince == null) {
            failingSince = nowWall;
        }
    }

    /** Since when the circuit has not been closed, by the wall clock; {@code null} while it is. */
    @Nullable Instant failingSince() {
        return failingSince;
    }

    /** Whether the webhook has been failing for so long that it is to be disabled. */
    boolean hasFailedTooLong(Instant nowWall) {
        return hasFailedFor(settings.disableAfter(), nowWall);
    }

    /** Whether half of that time has passed; says so once. */
    boolean passesHalfOfFailingTime(Instant nowWall) {
        boolean passes = !halfTold && hasFailedFor(settings.disableAfter().dividedBy(2), nowWall);
        halfTold |= passes;
        return passes;
    }

    private boolean hasFailedFor(Duration time, Instant nowWall) {
        return failingSince != null && !settings.disableAfter().isZero() && !nowWall.isBefore(failingSince.plus(time));
    }

    EarnedSlots slots() {
        return slots;
    }

    /** Takes a lesson from the end of an attempt, the circuit's apart. */
    void learn(Verdict verdict, long now) {
        slow = verdict.timedOut();
        if (verdict.kind() == Verdict.Kind.SUCCEEDED) {
            lastSuccessAt = now;
            slots = slots.succeeded(most);
        } else if (verdict.timedOut()) {
            slots = slots.timedOut();
        }
        if (verdict.restsLane() && verdict.retryAfter() != null) {
            long longest = settings.longestRest().toMillis();
            restUntil(now + Math.min(verdict.retryAfter().toMillis(), longest));
        }
    }

    /** Sends nothing before a time. */
    void restUntil(long until) {
        restUntil = Math.max(restUntil, until);
    }

    /** An attempt goes. */
    void spend(long now) {
        if (rate != null) {
            rate = rate.spent(now);
        }
    }

    /** When the next attempt may go, the circuit apart. */
    long earliest() {
        return rate == null ? restUntil : Math.max(restUntil, rate.nextAtMillis());
    }

    /** When the probe may go; a time past when the circuit is closed or a probe is under way. */
    long circuitOpenUntil() {
        return circuit instanceof Circuit.Open open ? open.nextProbeAtMillis() : Long.MIN_VALUE;
    }

    /** How many attempts may be under way at once. */
    int allowed() {
        return circuit.status() == CircuitStatus.CLOSED ? Math.min(slots.count(), most) : 1;
    }

    /** Whether the last that was heard of the receiver was that it ran out of time. */
    boolean isSlow() {
        return slow;
    }

    /** Whether the receiver has answered 2xx of late. */
    boolean isProven(long now) {
        return now - lastSuccessAt <= ShardSettings.SUCCESS_VOUCHES_MILLIS;
    }
}
