package io.longline.policy;

import io.longline.model.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again. Retry n waits {@code retry_delay × 2^(n-1)}, or the schedule's n-th entry,
 * plus up to a tenth by chance, and at most a day.
 */
public final class Backoff {
    /** The longest wait between two attempts. */
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final double JITTER = 0.1;

    private Backoff() {}

    /**
     * The wait after a failure.
     *
     * @param policy the webhook's
     * @param attemptsUsed attempts of the budget made so far, this failure included; at least 1
     * @param chance decides the jitter
     * @return empty when the budget is used up
     */
    public static Optional<Duration> afterFailure(RetryPolicy policy, int attemptsUsed, RandomGenerator chance) {
        if (attemptsUsed < 1) {
            throw new IllegalArgumentException("attemptsUsed must be at least 1, not " + attemptsUsed);
        }
        if (attemptsUsed > policy.retries()) {
            return Optional.empty();
        }
        long base = Math.min(baseMillis(policy, attemptsUsed), LONGEST.toMillis());
        long jitter = (long) (base * JITTER * chance.nextDouble());
        return Optional.of(Duration.ofMillis(Math.min(base + jitter, LONGEST.toMillis())));
    }

    private static long baseMillis(RetryPolicy policy, int retry) {
        if (policy.schedule() != null) {
            return policy.schedule().get(retry - 1).toMillis();
        }
        // The exponent is at most 9 and the delay at most a day: no overflow.
        return policy.retryDelay().toMillis() << (retry - 1);
    }
}
