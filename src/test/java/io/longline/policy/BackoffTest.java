package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.model.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final Duration DAY = Duration.ofHours(24);
    /** No jitter: {@code nextDouble} is 0. */
    private static final RandomGenerator LEAST = () -> 0L;
    /** All but the whole of the jitter: {@code nextDouble} is just below 1. */
    private static final RandomGenerator MOST = () -> -1L;

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "3, 20", "4, 40", "5, 80", "6, 160", "7, 320", "8, 640", "9, 1280", "10, 2560"})
    void retryN_waitsTheDelayDoubledNMinus1Times(int retry, long seconds) {
        RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(5), null);

        assertThat(Backoff.afterFailure(policy, retry, LEAST)).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void jitter_isUpToATenth() {
        RetryPolicy policy = new RetryPolicy(1, Duration.ofSeconds(100), null);

        Duration longest = Backoff.afterFailure(policy, 1, MOST).orElseThrow();

        assertThat(longest).isBetween(Duration.ofMillis(109_990), Duration.ofSeconds(110));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void wait_liesBetweenTheFormulaAndATenthMoreAndNeverPastADay(long seed) {
        Random chance = new Random(seed);

        for (int round = 0; round < 2_000; round++) {
            int retry = 1 + chance.nextInt(10);
            long delay = 1 + chance.nextInt(86_400);
            Duration base = Duration.ofSeconds(delay * (1L << (retry - 1)));
            RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(delay), null);

            Duration wait = Backoff.afterFailure(policy, retry, chance).orElseThrow();

            Duration most = base.plus(base.dividedBy(10));
            assertThat(wait)
                    .isGreaterThanOrEqualTo(base.compareTo(DAY) < 0 ? base : DAY)
                    .isLessThanOrEqualTo(most.compareTo(DAY) < 0 ? most : DAY);
        }
    }

    @Test
    void jitter_differsFromOneDeliveryToTheNext() {
        RetryPolicy policy = new RetryPolicy(1, Duration.ofSeconds(100), null);
        Random chance = new Random(6);

        long different = chance.longs(50)
                .mapToObj(seed -> Backoff.afterFailure(policy, 1, new Random(seed)))
                .distinct()
                .count();

        assertThat(different).isGreaterThan(40);
    }

    @Test
    void wait_isCappedAtADayJitterIncluded() {
        RetryPolicy policy = new RetryPolicy(10, Duration.ofSeconds(86_400), null);

        assertThat(Backoff.afterFailure(policy, 1, MOST)).contains(DAY);
        assertThat(Backoff.afterFailure(policy, 10, LEAST)).contains(DAY);
    }

    @Test
    void budget_isTheFirstAttemptAndTheRetries() {
        RetryPolicy policy = new RetryPolicy(3, Duration.ofSeconds(5), null);

        assertThat(Backoff.afterFailure(policy, 3, LEAST)).isPresent();
        assertThat(Backoff.afterFailure(policy, 4, LEAST)).isEmpty();
    }

    @Test
    void retryCount0_meansNoRetryAtAll() {
        RetryPolicy policy = new RetryPolicy(0, Duration.ofSeconds(5), null);

        assertThat(Backoff.afterFailure(policy, 1, LEAST)).isEmpty();
    }

    @Test
    void schedule_isFollowedInsteadOfCountAndDelay() {
        RetryPolicy policy = new RetryPolicy(
                0, Duration.ofSeconds(5), List.of(Duration.ofSeconds(7), Duration.ZERO, Duration.ofSeconds(3)));

        assertThat(Backoff.afterFailure(policy, 1, LEAST)).contains(Duration.ofSeconds(7));
        assertThat(Backoff.afterFailure(policy, 2, LEAST)).contains(Duration.ZERO);
        assertThat(Backoff.afterFailure(policy, 3, LEAST)).contains(Duration.ofSeconds(3));
        assertThat(Backoff.afterFailure(policy, 4, LEAST)).isEmpty();
    }

    @Test
    void schedule_getsJitterToo() {
        RetryPolicy policy = new RetryPolicy(0, Duration.ofSeconds(5), List.of(Duration.ofSeconds(100)));

        Duration wait = Backoff.afterFailure(policy, 1, MOST).orElseThrow();

        assertThat(wait).isBetween(Duration.ofMillis(109_990), Duration.ofSeconds(110));
    }

    @Test
    void failureBeforeTheFirstAttempt_isABug() {
        assertThatThrownBy(() -> Backoff.afterFailure(RetryPolicy.DEFAULT, 0, LEAST))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
