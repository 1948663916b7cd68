package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.policy.DurationHistogram;
import io.longline.store.Series;
import io.longline.store.Series.Step;
import io.longline.store.sql.CountedWriter.Table;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Figures over time, from the buckets of minutes and hours. */
final class SeriesQuery {
    private static final String BUCKETS = """
            SELECT bucket_at, accepted, attempts_succeeded, attempts_failed, deliveries_succeeded, deliveries_failed,
                duration_ms, durations
            FROM %s WHERE %s = ? AND resolution_s IN (60, 3600) AND bucket_at >= ? AND bucket_at < ?""";
    private static final String FIRST = """
            SELECT min(at) AS at FROM (
                SELECT min(bucket_at) AS at FROM tenant_stats WHERE tenant = ? AND resolution_s = 60
                UNION ALL
                SELECT min(bucket_at) AS at FROM tenant_stats WHERE tenant = ? AND resolution_s = 3600)""";

    private final Reader reader;

    SeriesQuery(Reader reader) {
        this.reader = reader;
    }

    Future<Series> of(@Nullable WebhookId webhookId, @Nullable String tenant, Instant from, Instant to, Duration step) {
        Table table = webhookId == null ? Table.TENANTS : Table.WEBHOOKS;
        String owner = webhookId != null ? webhookId.value() : tenant == null ? Counted.ALL_TENANTS : tenant;
        long start = from.toEpochMilli();
        long end = to.toEpochMilli();
        long length = step.toMillis();
        // Hours begin before what they hold in part; a step is never finer than the buckets that it is made of.
        Future<List<Bucket>> buckets =
                reader.all(BUCKETS.formatted(table.name, table.owner), SeriesQuery::bucket, List.of(owner, start, end));
        Future<Optional<Optional<Instant>>> first = reader.one(
                FIRST,
                row -> Optional.ofNullable(row.instantOrNull("at")),
                List.of(Counted.ALL_TENANTS, Counted.ALL_TENANTS));
        return Future.all(buckets, first).map(all -> {
            Tally[] tallies = new Tally[Math.toIntExact((end - start) / length)];
            for (int index = 0; index < tallies.length; index++) {
                tallies[index] = new Tally();
            }
            for (Bucket bucket : buckets.result()) {
                tallies[Math.toIntExact((bucket.atMillis - start) / length)].add(bucket.tally);
            }
            List<Step> steps = new ArrayList<>(tallies.length);
            for (int index = 0; index < tallies.length; index++) {
                steps.add(step(start + index * length, tallies[index]));
            }
            return new Series(first.result().flatMap(found -> found).orElse(null), steps);
        });
    }

    private record Bucket(long atMillis, Tally tally) {}

    private static Bucket bucket(Row row) {
        return new Bucket(row.number("bucket_at"), tally(row));
    }

    /** What a bucket's row has counted. */
    static Tally tally(Row row) {
        Tally tally = new Tally();
        tally.accepted = row.number("accepted");
        tally.attemptsSucceeded = row.number("attempts_succeeded");
        tally.attemptsFailed = row.number("attempts_failed");
        tally.deliveriesSucceeded = row.number("deliveries_succeeded");
        tally.deliveriesFailed = row.number("deliveries_failed");
        Double millis = row.fractionOrNull("duration_ms");
        tally.durationMillis = millis == null ? 0 : millis;
        tally.durations.add(DurationHistogram.decode(row.bytes("durations")));
        return tally;
    }

    private static Step step(long atMillis, Tally tally) {
        long attempts = tally.attemptsSucceeded + tally.attemptsFailed;
        return new Step(
                Instant.ofEpochMilli(atMillis),
                tally.accepted,
                tally.attemptsSucceeded,
                tally.attemptsFailed,
                tally.deliveriesSucceeded,
                tally.deliveriesFailed,
                attempts == 0 ? null : (Double) (tally.durationMillis / attempts),
                quantile(tally, 0.5),
                quantile(tally, 0.95),
                quantile(tally, 0.99));
    }

    private static @Nullable Double quantile(Tally tally, double share) {
        OptionalDouble millis = tally.durations.quantile(share);
        return millis.isEmpty() ? null : (Double) millis.getAsDouble();
    }
}
