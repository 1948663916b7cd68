package io.longline.policy;

import io.longline.model.DeliveryStatus;
import io.longline.model.FailureReason;
import io.longline.model.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The states of a delivery. Each state has only its legal transitions as methods; each is a pure function of the state
 * and its arguments.
 *
 * <pre>
 *  pending ──attempt──► succeeded
 *    │ ▲ ▲
 *    │ │ └── retry by hand, from any final state
 *    │ └──── failed attempt, attempts left
 *    ├──► failed      attempts used up, 410, or expired
 *    └──► cancelled   by hand, or with its webhook
 * </pre>
 */
public sealed interface DeliveryState {
    /** The stored status. */
    DeliveryStatus status();

    /**
     * Waiting, or in flight.
     *
     * @param attempts attempts made in all
     * @param budgetUsed attempts made since it was accepted or last retried by hand
     * @param nextAttemptAt when it is due
     */
    record Pending(int attempts, int budgetUsed, Instant nextAttemptAt) implements DeliveryState {
        /** A delivery just accepted: due at once. */
        public static Pending accepted(Instant now) {
            return new Pending(0, 0, now);
        }

        @Override
        public DeliveryStatus status() {
            return DeliveryStatus.PENDING;
        }

        /**
         * What one attempt makes of it. The next attempt is at the later of the backoff and the receiver's
         * {@code Retry-After}.
         */
        public DeliveryState attempted(Verdict verdict, RetryPolicy policy, Instant now, RandomGenerator chance) {
            int made = attempts + 1;
            int used = budgetUsed + 1;
            return switch (verdict.kind()) {
                case SUCCEEDED -> new Succeeded(made);
                case GONE -> new Failed(made, FailureReason.GONE);
                case TRY_AGAIN -> {
                    Optional<Duration> wait = Backoff.afterFailure(policy, used, chance);
                    if (wait.isEmpty()) {
                        yield new Failed(made, FailureReason.ATTEMPTS_EXHAUSTED);
                    }
                    yield new Pending(made, used, now.plus(later(wait.get(), verdict.retryAfter())));
                }
            };
        }

        /** It waited too long. */
        public Failed expire() {
            return new Failed(attempts, FailureReason.EXPIRED);
        }

        /** By hand, or with its webhook. */
        public Cancelled cancel() {
            return new Cancelled(attempts);
        }

        /** By hand: due at once, with a fresh budget. */
        public Pending hasten(Instant now) {
            return new Pending(attempts, 0, now);
        }

        private static Duration later(Duration backoff, @Nullable Duration retryAfter) {
            return retryAfter == null || backoff.compareTo(retryAfter) >= 0 ? backoff : retryAfter;
        }
    }

    /** A state in which nothing more happens by itself. */
    sealed interface Final extends DeliveryState {
        /** Attempts made in all. */
        int attempts();

        /** By hand: waits again, due at once, with a fresh budget and its history kept. */
        default Pending reopen(Instant now) {
            return new Pending(attempts(), 0, now);
        }
    }

    /** A receiver answered 2xx. */
    record Succeeded(int attempts) implements Final {
        @Override
        public DeliveryStatus status() {
            return DeliveryStatus.SUCCEEDED;
        }
    }

    /** It will not be tried again by itself. */
    record Failed(int attempts, FailureReason reason) implements Final {
        @Override
        public DeliveryStatus status() {
            return DeliveryStatus.FAILED;
        }
    }

    /** It was called off. */
    record Cancelled(int attempts) implements Final {
        @Override
        public DeliveryStatus status() {
            return DeliveryStatus.CANCELLED;
        }
    }
}
