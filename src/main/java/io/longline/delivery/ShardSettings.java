package io.longline.delivery;

import io.longline.policy.Circuit;
import java.time.Duration;

/**
 * The figures that a shard keeps to.
 *
 * @param maxInFlight attempts under way in this shard, its share of the node's
 * @param maxInFlightPerWebhook for webhooks that set none
 * @param window deliveries that a lane holds in memory
 * @param maxAge the longest wait of a delivery
 * @param longestRest the longest rest of a lane after a 429 or 503
 * @param disableAfter how long a circuit may go without being closed before its webhook is disabled; zero for ever
 */
public record ShardSettings(
        int maxInFlight,
        int maxInFlightPerWebhook,
        int window,
        Duration maxAge,
        Duration longestRest,
        Duration disableAfter,
        Circuit.Settings circuit) {
    /** How long one success vouches for a receiver. */
    static final long SUCCESS_VOUCHES_MILLIS = 10_000;

    /** Results that may wait for the store, as a multiple of what may be in flight, before sending stops. */
    private static final int UNRECORDED_FACTOR = 4;

    /** Retries that a lane holds in memory; the rest of the window is for first attempts. */
    int retryWindow() {
        return Math.max(1, window / 4);
    }

    int firstWindow() {
        return Math.max(1, window - retryWindow());
    }

    int maxUnrecorded() {
        return maxInFlight * UNRECORDED_FACTOR;
    }
}
