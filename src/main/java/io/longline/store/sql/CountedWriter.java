package io.longline.store.sql;

import io.longline.policy.DurationHistogram;
import io.longline.store.sql.Counted.Bucket;
import io.longline.store.sql.Counted.Running;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds what a transaction counted to the tables of statistics. For one thread. */
final class CountedWriter {
    /** Minutes, in seconds: the finer of the two resolutions. */
    static final int MINUTE = 60;

    private static final String SELECT_WEBHOOK_TOTAL = "SELECT durations FROM webhook_totals WHERE webhook_id = ?";
    private static final String UPSERT_WEBHOOK_TOTAL = """
            INSERT INTO webhook_totals (webhook_id, attempts_succeeded, attempts_failed, duration_ms, durations, pending,
                                        retrying, last_success_at, last_failure_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (webhook_id) DO UPDATE SET
                attempts_succeeded = attempts_succeeded + excluded.attempts_succeeded,
                attempts_failed = attempts_failed + excluded.attempts_failed,
                duration_ms = duration_ms + excluded.duration_ms, durations = excluded.durations,
                pending = pending + excluded.pending, retrying = retrying + excluded.retrying,
                last_success_at = max(coalesce(last_success_at, excluded.last_success_at),
                                      coalesce(excluded.last_success_at, last_success_at)),
                last_failure_at = max(coalesce(last_failure_at, excluded.last_failure_at),
                                      coalesce(excluded.last_failure_at, last_failure_at))""";
    private static final String UPSERT_TENANT_TOTAL = """
            INSERT INTO tenant_totals (tenant, pending, retrying) VALUES (?, ?, ?)
            ON CONFLICT (tenant) DO UPDATE SET pending = pending + excluded.pending,
                                               retrying = retrying + excluded.retrying""";

    private final Statements statements;

    CountedWriter(Statements statements) {
        this.statements = statements;
    }

    void write(Counted counted) throws SQLException {
        for (Map.Entry<Bucket, Tally> entry : counted.webhookMinutes.entrySet()) {
            add(Table.WEBHOOKS, entry.getKey().owner(), MINUTE, entry.getKey().atMillis(), entry.getValue());
        }
        for (Map.Entry<Bucket, Tally> entry : counted.tenantMinutes.entrySet()) {
            add(Table.TENANTS, entry.getKey().owner(), MINUTE, entry.getKey().atMillis(), entry.getValue());
        }
        for (Map.Entry<String, Running> entry : counted.webhookTotals.entrySet()) {
            addTotal(entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, Running> entry : counted.tenantTotals.entrySet()) {
            Running total = entry.getValue();
            if (total.pending != 0 || total.retrying != 0) {
                statements.update(UPSERT_TENANT_TOTAL, entry.getKey(), total.pending, total.retrying);
            }
        }
    }

    /** The two tables of figures over time, which differ only in whose they are. */
    enum Table {
        WEBHOOKS("webhook_stats", "webhook_id"),
        TENANTS("tenant_stats", "tenant");

        final String name;
        final String owner;
        private final String select;
        private final String upsert;

        Table(String name, String owner) {
            this.name = name;
            this.owner = owner;
            select = """
                    SELECT durations FROM %s WHERE %s = ? AND resolution_s = ? AND bucket_at = ?""".formatted(name, owner);
            upsert = """
                    INSERT INTO %s (%s, resolution_s, bucket_at, accepted, attempts_succeeded, attempts_failed,
                                    deliveries_succeeded, deliveries_failed, duration_ms, durations)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (%s, resolution_s, bucket_at) DO UPDATE SET
                        accepted = accepted + excluded.accepted,
                        attempts_succeeded = attempts_succeeded + excluded.attempts_succeeded,
                        attempts_failed = attempts_failed + excluded.attempts_failed,
                        deliveries_succeeded = deliveries_succeeded + excluded.deliveries_succeeded,
                        deliveries_failed = deliveries_failed + excluded.deliveries_failed,
                        duration_ms = duration_ms + excluded.duration_ms, durations = excluded.durations""".formatted(name, owner, owner);
        }
    }

    void add(Table table, String owner, int resolution, long atMillis, Tally tally) throws SQLException {
        statements.query(
                table.select,
                row -> tally.durations.add(DurationHistogram.decode(row.bytes("durations"))),
                owner,
                resolution,
                atMillis);
        statements.update(
                table.upsert,
                owner,
                resolution,
                atMillis,
                tally.accepted,
                tally.attemptsSucceeded,
                tally.attemptsFailed,
                tally.deliveriesSucceeded,
                tally.deliveriesFailed,
                tally.durationMillis,
                tally.durations.encode());
    }

    private void addTotal(String webhookId, Running total) throws SQLException {
        Tally attempts = total.attempts;
        statements.query(
                SELECT_WEBHOOK_TOTAL,
                row -> attempts.durations.add(DurationHistogram.decode(row.bytes("durations"))),
                webhookId);
        statements.update(
                UPSERT_WEBHOOK_TOTAL,
                webhookId,
                attempts.attemptsSucceeded,
                attempts.attemptsFailed,
                attempts.durationMillis,
                attempts.durations.encode(),
                total.pending,
                total.retrying,
                orNull(total.lastSuccessAtMillis),
                orNull(total.lastFailureAtMillis));
    }

    private static @Nullable Long orNull(long millis) {
        return millis == 0 ? null : (Long) millis;
    }
}
