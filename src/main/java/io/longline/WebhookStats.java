package io.longline;

import io.longline.store.Queries.WebhookStatistics;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's running figures.
 *
 * @param totalAttempts requests made so far
 * @param successful those answered with 2xx
 * @param failed all others
 * @param avgDurationMs the mean of their durations, in milliseconds; {@code null} before the first
 * @param pending deliveries that wait
 */
public record WebhookStats(
        long totalAttempts,
        long successful,
        long failed,
        @Nullable Double avgDurationMs,
        @Nullable Double p95DurationMs,
        @Nullable Instant lastSuccessAt,
        @Nullable Instant lastFailureAt,
        long pending) {
    static WebhookStats of(WebhookStatistics figures) {
        return new WebhookStats(
                figures.succeededAttempts() + figures.failedAttempts(),
                figures.succeededAttempts(),
                figures.failedAttempts(),
                figures.averageDurationMillis(),
                figures.p95DurationMillis(),
                figures.lastSuccessAt(),
                figures.lastFailureAt(),
                figures.pending());
    }

    /** The four first figures by the names that the HTTP API gives them. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("total_attempts", totalAttempts);
        map.put("successful", successful);
        map.put("failed", failed);
        map.put("avg_duration_ms", avgDurationMs == null ? 0.0 : avgDurationMs);
        return map;
    }
}
