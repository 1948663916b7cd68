package io.longline.store.sql;

import io.longline.policy.DurationHistogram;
import io.longline.store.sql.Counted.Owner;
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
                                        retrying, filtered, last_success_at, last_failure_at, counted_to)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (webhook_id) DO UPDATE SET
                attempts_succeeded = attempts_succeeded + excluded.attempts_succeeded,
                attempts_failed = attempts_failed + excluded.attempts_failed,
                duration_ms = duration_ms + excluded.duration_ms, durations = excluded.durations,
                pending = pending + excluded.pending, retrying = retrying + excluded.retrying,
                filtered = filtered + excluded.filtered,
                last_success_at = max(coalesce(last_success_at, excluded.last_success_at),
                                      coalesce(excluded.last_success_at, last_success_at)),
                last_failure_at = max(coalesce(last_failure_at, excluded.last_failure_at),
                                      coalesce(excluded.last_failure_at, last_failure_at)),
                counted_to = excluded.counted_to""";
    private static final String UPSERT_TENANT_TOTAL = """
            INSERT INTO tenant_totals (tenant, pending, retrying, counted_to) VALUES (?, ?, ?, ?)
            ON CONFLICT (tenant) DO UPDATE SET pending = pending + excluded.pending,
                                               retrying = retrying + excluded.retrying,
                                               counted_to = excluded.counted_to""";

    private final Statements statements;

    CountedWriter(Statements statements) {
        this.statements = statements;
    }

    /**
     * Adds to an owner's rows.
     *
     * @param countedTo the last entry of the journal that the rows have then
     */
    void write(Owner owner, Figures figures, long countedTo) throws SQLException {
        // The total first: adding to a bucket uses its tally up.
        if (owner.table() == Table.WEBHOOKS) {
            addTotal(owner.id(), figures, countedTo);
        } else {
            statements.update(UPSERT_TENANT_TOTAL, owner.id(), figures.pending, figures.retrying, countedTo);
        }
        for (Map.Entry<Long, Tally> minute : figures.minutes.entrySet()) {
            add(owner.table(), owner.id(), MINUTE, minute.getKey(), minute.getValue());
        }
    }

    /** The last entry of the journal that an owner's rows have; 0 when there is no row. */
    long countedTo(Owner owner) throws SQLException {
        long[] found = new long[1];
        statements.query(owner.table().selectCountedTo, row -> found[0] = row.number("counted_to"), owner.id());
        return found[0];
    }

    /** The two tables of figures over time, which differ only in whose they are. */
    enum Table {
        WEBHOOKS("webhook_stats", "webhook_totals", "webhook_id", 'w'),
        TENANTS("tenant_stats", "tenant_totals", "tenant", 't');

        final String name;
        final String owner;
        /** Stands for the table in the journal. */
        final char code;

        private final String selectCountedTo;
        private final String select;
        private final String upsert;

        Table(String name, String totals, String owner, char code) {
            this.name = name;
            this.owner = owner;
            this.code = code;
            selectCountedTo = "SELECT counted_to FROM %s WHERE %s = ?".formatted(totals, owner);
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

        static Table ofCode(int code) {
            return code == WEBHOOKS.code ? WEBHOOKS : TENANTS;
        }
    }

    /** Adds to one bucket of time; the tally is used up. */
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

    private void addTotal(String webhookId, Figures figures, long countedTo) throws SQLException {
        Tally attempts = figures.total();
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
                figures.pending,
                figures.retrying,
                figures.filtered,
                orNull(figures.lastSuccessAtMillis),
                orNull(figures.lastFailureAtMillis),
                countedTo);
    }

    private static @Nullable Long orNull(long millis) {
        return millis == 0 ? null : (Long) millis;
    }
}
