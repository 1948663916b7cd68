package io.longline.store.sql;

import io.longline.model.IdGenerator;
import io.longline.store.Queries.SystemStatistics;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The figures of a tenant, or of all, from counters alone. */
final class StatisticsQueries {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final int WEBHOOKS_ASKED = 1_000;
    private static final int RETRIES_ASKED = 5_000;
    private static final int WEBHOOKS_COUNTED = 100_000;

    private static final String WEBHOOKS = """
            SELECT coalesce(sum(active), 0) AS active, count(*) AS total FROM
                (SELECT active FROM webhooks WHERE deleted_at IS NULL AND tenant %s LIMIT ?)""";
    private static final String DAY = """
            SELECT coalesce(sum(deliveries_succeeded), 0) AS succeeded, coalesce(sum(deliveries_failed), 0) AS failed,
                sum(duration_ms) / nullif(sum(attempts_succeeded + attempts_failed), 0) AS average
            FROM tenant_stats WHERE tenant = ? AND resolution_s = 60 AND bucket_at > ?""";
    private static final String LAST_MINUTE = """
            SELECT accepted, deliveries_succeeded, deliveries_failed FROM tenant_stats
            WHERE tenant = ? AND resolution_s = 60 AND bucket_at = ?""";
    private static final String WAITING = "SELECT pending, retrying FROM tenant_totals WHERE tenant = ?";
    /** The head of each webhook's queue, for as many webhooks as have one, and of the retries; both up to a bound. */
    private static final String OLDEST = """
            SELECT min(id) AS id FROM (
                SELECT (SELECT id FROM deliveries d WHERE d.webhook_id = t.webhook_id AND status = 'pending'
                            AND attempts = 0 ORDER BY next_attempt_at, id LIMIT 1) AS id
                FROM (SELECT webhook_id FROM webhook_totals WHERE pending > 0 LIMIT ?) t
                JOIN webhooks w ON w.id = t.webhook_id WHERE w.tenant %s
                UNION ALL
                SELECT id FROM (SELECT d.id FROM
                    (SELECT id, webhook_id, tenant FROM deliveries WHERE status = 'pending' AND attempts > 0
                        ORDER BY id LIMIT ?) d JOIN webhooks w ON w.id = d.webhook_id
                    WHERE w.deleted_at IS NULL AND d.tenant %s
                    ORDER BY d.id LIMIT 1))""";

    private final Reader reader;

    StatisticsQueries(Reader reader) {
        this.reader = reader;
    }

    private record Webhooks(long active, long total) {}

    private record Day(
            long succeeded, long failed, @Nullable Double average) {}

    private record Waiting(long pending, long retrying) {}

    private record Minute(double accepted, double delivered, double failed) {}

    Future<SystemStatistics> of(@Nullable String tenant, Instant now) {
        String owner = tenant == null ? Counted.ALL_TENANTS : tenant;
        // One shape of statement serves both: a tenant's rows, or those of every tenant.
        String which = tenant == null ? "IS NOT ?" : "= ?";
        String asked = tenant == null ? "" : tenant;
        long minute = Math.floorDiv(now.toEpochMilli(), Counted.MINUTE_MILLIS) * Counted.MINUTE_MILLIS;
        Future<Optional<Webhooks>> webhooks = reader.one(
                WEBHOOKS.formatted(which),
                row -> new Webhooks(row.number("active"), row.number("total")),
                List.of(asked, WEBHOOKS_COUNTED));
        Future<Optional<Day>> day = reader.one(
                DAY,
                row -> new Day(row.number("succeeded"), row.number("failed"), row.fractionOrNull("average")),
                List.of(owner, minute - DAY_MILLIS));
        Future<Optional<Waiting>> waiting =
                reader.one(WAITING, row -> new Waiting(row.number("pending"), row.number("retrying")), List.of(owner));
        Future<Optional<Minute>> rates = reader.one(
                LAST_MINUTE,
                row -> new Minute(
                        row.number("accepted") / 60.0,
                        row.number("deliveries_succeeded") / 60.0,
                        row.number("deliveries_failed") / 60.0),
                List.of(owner, minute - Counted.MINUTE_MILLIS));
        Future<Optional<Optional<String>>> oldest = reader.one(
                OLDEST.formatted(which, which),
                row -> Optional.ofNullable(row.textOrNull("id")),
                List.of(WEBHOOKS_ASKED, asked, RETRIES_ASKED, asked));
        return Future.all(webhooks, day, waiting, rates, oldest).map(all -> {
            Webhooks counted = webhooks.result().orElse(new Webhooks(0, 0));
            Day lastDay = day.result().orElse(new Day(0, 0, null));
            Waiting figures = waiting.result().orElse(new Waiting(0, 0));
            Minute rate = rates.result().orElse(new Minute(0, 0, 0));
            @Nullable Instant oldestAt = oldest.result()
                    .flatMap(found -> found)
                    .map(id -> Instant.ofEpochMilli(IdGenerator.millisOf(id)))
                    .orElse(null);
            return new SystemStatistics(
                    counted.active,
                    counted.total,
                    lastDay.succeeded,
                    lastDay.failed,
                    lastDay.average,
                    figures.pending,
                    figures.retrying,
                    oldestAt,
                    rate.accepted,
                    rate.delivered,
                    rate.failed);
        });
    }
}
