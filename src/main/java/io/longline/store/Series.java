package io.longline.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Figures over time, oldest first, in steps of one length without a gap.
 *
 * @param knownSince where the first figures that are kept begin; {@code null} when there are none at all
 */
public record Series(@Nullable Instant knownSince, List<Step> steps) {
    public Series {
        steps = List.copyOf(steps);
    }

    /**
     * What one step has counted.
     *
     * @param at where it begins
     * @param accepted events accepted; of a webhook, deliveries made for it
     * @param succeeded deliveries that reached that end
     * @param failed deliveries that reached that end
     * @param averageMillis over the attempts; {@code null} without any, like the quantiles
     */
    public record Step(
            Instant at,
            long accepted,
            long attemptsSucceeded,
            long attemptsFailed,
            long succeeded,
            long failed,
            @Nullable Double averageMillis,
            @Nullable Double p50Millis,
            @Nullable Double p95Millis,
            @Nullable Double p99Millis) {}
}
