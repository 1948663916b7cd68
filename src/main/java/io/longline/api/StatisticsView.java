package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.TimeSource;
import io.longline.store.Queries;
import io.longline.store.Queries.SystemStatistics;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The figures of a tenant, or of all, as the API shows them. */
final class StatisticsView {
    private final Queries queries;
    private final TimeSource time;
    private final String version;
    private final long startedAt;
    private final long warningAt;

    /**
     * @param startedAt when the server began, in monotonic milliseconds
     * @param warningAt deliveries waiting that are too many; 0 when none are
     */
    StatisticsView(Queries queries, TimeSource time, String version, long startedAt, long warningAt) {
        this.warningAt = warningAt;
        this.queries = queries;
        this.time = time;
        this.version = version;
        this.startedAt = startedAt;
    }

    /** As they are now; of everybody when the tenant is {@code null}. */
    Future<ObjectNode> of(@Nullable String tenant) {
        Instant now = time.now();
        return queries.statistics(tenant, now).map(figures -> show(figures, now));
    }

    private ObjectNode show(SystemStatistics figures, Instant now) {
        ObjectNode json = Json.object();
        json.putObject("webhooks").put("active", figures.activeWebhooks()).put("total", figures.totalWebhooks());
        json.putObject("deliveries_24h")
                .put("total", figures.succeeded24h() + figures.failed24h())
                .put("successful", figures.succeeded24h())
                .put("failed", figures.failed24h())
                .put("avg_duration_ms", Views.rounded(figures.averageDurationMillis24h()));
        Instant oldest = figures.oldestPendingAt();
        ObjectNode queue = json.putObject("queue").put("pending", figures.pending());
        if (oldest == null) {
            queue.putNull("oldest_pending_s");
        } else {
            queue.put(
                    "oldest_pending_s",
                    Math.max(0, Duration.between(oldest, now).toMillis()) / 1_000.0);
        }
        queue.put("retrying", figures.retrying());
        queue.put("warning_at", warningAt == 0 ? null : warningAt);
        json.putObject("rates")
                .put("accepted_per_s", figures.acceptedPerSecond())
                .put("delivered_per_s", figures.deliveredPerSecond())
                .put("failed_per_s", figures.failedPerSecond());
        json.put("version", version);
        json.put("uptime_s", (time.monotonicMillis() - startedAt) / 1_000);
        return json;
    }
}
