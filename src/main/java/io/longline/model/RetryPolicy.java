package io.longline.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often and when a webhook's failed deliveries are tried again.
 *
 * @param retryCount retries after the first attempt, 0 to 10; ignored where there is a schedule
 * @param retryDelay wait before the first retry, doubled for each further one
 * @param schedule explicit waits, one for each retry; {@code null} for the doubling delay
 */
public record RetryPolicy(
        int retryCount, Duration retryDelay, @Nullable List<Duration> schedule) {
    /** What a webhook has that says nothing: three retries, after 5, 10 and 20 seconds. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofSeconds(5), null);

    public RetryPolicy {
        schedule = schedule == null ? null : List.copyOf(schedule);
    }

    /** Retries after the first attempt. */
    public int retries() {
        return schedule == null ? retryCount : schedule.size();
    }
}
