package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.Upkeep;
import io.longline.store.sql.CountedWriter.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes bounded steps of the background jobs. Each step finds its place anew in the tables. For one thread. */
public final class UpkeepWriter {
    private static final int HOUR = 3_600;
    private static final long HOUR_MILLIS = 3_600_000L;

    private static final String NEXT_CANCELLING = "SELECT id FROM webhooks WHERE cancelling = 1 LIMIT 1";
    private static final String CANCEL_WAITING = """
            UPDATE deliveries SET status = 'cancelled', next_attempt_at = NULL, finished_at = ? WHERE id IN
                (SELECT id FROM (SELECT id FROM deliveries WHERE webhook_id = ? AND status = 'pending' AND attempts = 0
                                 LIMIT ?)
                 UNION ALL
                 SELECT id FROM (SELECT id FROM deliveries WHERE webhook_id = ? AND status = 'pending' AND attempts > 0
                                 LIMIT ?))""";
    private static final String CANCELLING_DONE = "UPDATE webhooks SET cancelling = 0 WHERE id = ?";
    private static final String OLD_DELIVERIES = """
            SELECT id, webhook_id, status FROM deliveries WHERE id > ? AND id < ? ORDER BY id LIMIT ?""";
    private static final String DROP_ATTEMPTS = """
            DELETE FROM delivery_attempts WHERE delivery_id = ? AND id IN
                (SELECT id FROM delivery_attempts WHERE delivery_id = ? LIMIT ?)""";
    private static final String DROP_DELIVERY = "DELETE FROM deliveries WHERE id = ? AND status <> 'pending'";
    private static final String OLD_EVENTS = """
            SELECT id, EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id) AS needed FROM events
            WHERE id > ? AND id < ? ORDER BY id LIMIT ?""";
    private static final String DROP_EVENT = "DELETE FROM events WHERE id = ?";
    private static final String DROP_WEBHOOKS = """
            DELETE FROM webhooks WHERE id IN
                (SELECT id FROM webhooks WHERE deleted_at < ? AND cancelling = 0
                    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook_id = webhooks.id)
                    AND id NOT IN (SELECT webhook_id FROM deliveries WHERE id >= %s) LIMIT ?)
            RETURNING id""".formatted(DeliveryLedger.COMPLETE);
    private static final String DROP_TOTAL = "DELETE FROM webhook_totals WHERE webhook_id = ?";
    private static final String DROP_KEYS = """
            DELETE FROM idempotency WHERE (tenant, scope, key) IN
                (SELECT tenant, scope, key FROM idempotency WHERE expires_at <= ? LIMIT ?)""";
    /**
     * Something of some size that expired long ago, under a key that nobody can use. It goes in a commit of its own: what
     * is taken away in the same one is never written.
     */
    private static final String WRITE_TRIAL = """
            INSERT OR REPLACE INTO idempotency (tenant, scope, key, body_sha256, answer, expires_at) VALUES ('', '', '', '', ?, 0)""";

    private static final String TAKE_TRIAL_AWAY =
            "DELETE FROM idempotency WHERE tenant = '' AND scope = '' AND key = ''";
    private static final String TRIAL = "-".repeat(65_536);
    private static final String DROP_AUDIT =
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < ? LIMIT ?)";
    private static final String DROP_REPLAYS =
            "DELETE FROM replays WHERE id IN (SELECT id FROM replays WHERE id < ? AND state <> 'running' LIMIT ?)";
    private static final String DROP_EVENT_TYPES = """
            DELETE FROM event_types WHERE (name, tenant) IN
                (SELECT name, tenant FROM event_types WHERE last_seen_at < ? LIMIT ?)""";

    private final Statements statements;
    private final DeliveryLedger ledger;
    private final SpaceReturner spaceReturner;
    private final CountedWriter counted;
    private Cursor deliveries = Cursor.START;
    private Cursor events = Cursor.START;

    /** Gives free pages back to the file system; answers how many it gave. */
    @FunctionalInterface
    public interface SpaceReturner {
        int returnPages(int most) throws SQLException;
    }

    /**
     * How far a round through old rows has come, so that rows which must stay are looked at once in a round.
     *
     * @param after the last row looked at
     */
    private record Cursor(String after) {
        static final Cursor START = new Cursor("");
    }

    UpkeepWriter(Statements statements, DeliveryLedger ledger, SpaceReturner spaceReturner) {
        this.statements = statements;
        this.ledger = ledger;
        this.spaceReturner = spaceReturner;
        this.counted = new CountedWriter(statements);
    }

    int step(Upkeep step) throws SQLException {
        Job job = step.job();
        int most = step.mostRows();
        if (job instanceof Job.CancelOfDeleted) {
            return cancel(step.nowMillis(), most);
        }
        if (job instanceof Job.DropDeliveries drop) {
            return dropDeliveries(drop.beforeMillis(), most);
        }
        if (job instanceof Job.DropEvents drop) {
            return dropEvents(drop.beforeMillis(), most);
        }
        if (job instanceof Job.DropWebhooks drop) {
            return dropWebhooks(drop.beforeMillis(), most);
        }
        if (job instanceof Job.DropIdempotencyKeys) {
            return statements.update(DROP_KEYS, step.nowMillis(), most);
        }
        if (job instanceof Job.DropAudit drop) {
            return statements.update(DROP_AUDIT, Identifiers.lowestAudit(drop.beforeMillis()), most);
        }
        if (job instanceof Job.DropEventTypes drop) {
            return statements.update(DROP_EVENT_TYPES, drop.beforeMillis(), most);
        }
        if (job instanceof Job.DropReplays drop) {
            return statements.update(DROP_REPLAYS, Identifiers.lowestReplay(drop.beforeMillis()), most);
        }
        if (job instanceof Job.RollUpStatistics rollUp) {
            return rollUp(Table.WEBHOOKS, rollUp.beforeMillis(), most)
                    + rollUp(Table.TENANTS, rollUp.beforeMillis(), most);
        }
        if (job instanceof Job.DropStatistics drop) {
            return dropStatistics(Table.WEBHOOKS, drop.beforeMillis(), most)
                    + dropStatistics(Table.TENANTS, drop.beforeMillis(), most);
        }
        if (job instanceof Job.TryToWrite) {
            return statements.update(WRITE_TRIAL, TRIAL);
        }
        if (job instanceof Job.TakeTrialAway) {
            return statements.update(TAKE_TRIAL_AWAY);
        }
        return spaceReturner.returnPages(most);
    }

    private int cancel(long nowMillis, int most) throws SQLException {
        Optional<String> webhookId = first(NEXT_CANCELLING);
        if (webhookId.isEmpty()) {
            return 0;
        }
        String id = webhookId.get();
        int half = Math.max(1, most / 2);
        int changed = statements.update(CANCEL_WAITING, nowMillis, id, half, id, half);
        if (changed == 0) {
            return statements.update(CANCELLING_DONE, id);
        }
        return changed;
    }

    private int dropDeliveries(long beforeMillis, int most) throws SQLException {
        List<Old> old = new ArrayList<>();
        Cursor start = deliveries;
        statements.query(
                OLD_DELIVERIES,
                row -> old.add(new Old(
                        row.text("id"),
                        new WebhookId(row.text("webhook_id")),
                        !row.text("status").equals("pending"))),
                start.after,
                Identifiers.lowestDelivery(beforeMillis),
                most);
        int left = most;
        for (Old delivery : old) {
            // What its webhook's table lacks is left to the next round.
            if (delivery.ended && !ledger.isWaiting(delivery.webhookId, delivery.id)) {
                left -= dropDelivery(delivery, left);
            }
            if (left == 0) {
                // Perhaps not all of this one is gone: the next step looks at it once more.
                return most;
            }
            deliveries = new Cursor(delivery.id);
        }
        return most - left + roundEnds(start, deliveries, () -> deliveries = Cursor.START);
    }

    /** Drops a delivery's attempts, and the delivery once none is left; answers how many rows went. */
    private int dropDelivery(Old delivery, int most) throws SQLException {
        int attempts = statements.update(DROP_ATTEMPTS, delivery.id, delivery.id, most);
        if (attempts == most) {
            return attempts;
        }
        ledger.delete(delivery.webhookId, delivery.id);
        return attempts + statements.update(DROP_DELIVERY, delivery.id);
    }

    private int dropEvents(long beforeMillis, int most) throws SQLException {
        List<String> unneeded = new ArrayList<>();
        Cursor start = events;
        statements.query(
                OLD_EVENTS,
                row -> {
                    events = new Cursor(row.text("id"));
                    if (!row.flag("needed")) {
                        unneeded.add(row.text("id"));
                    }
                },
                start.after,
                Identifiers.lowestEvent(beforeMillis),
                most);
        return drop(unneeded, DROP_EVENT) + roundEnds(start, events, () -> events = Cursor.START);
    }

    /** A round that has moved on is not over, even where it found nothing to drop: it counts as one row. */
    private static int roundEnds(Cursor start, Cursor end, Runnable restart) {
        if (start.equals(end)) {
            restart.run();
            return 0;
        }
        return 1;
    }

    private int drop(List<String> ids, String sql) throws SQLException {
        int dropped = 0;
        for (String id : ids) {
            dropped += statements.update(sql, id);
        }
        return dropped;
    }

    private int dropWebhooks(long beforeMillis, int most) throws SQLException {
        List<String> dropped = new ArrayList<>();
        statements.query(DROP_WEBHOOKS, row -> dropped.add(row.text("id")), beforeMillis, most);
        drop(dropped, DROP_TOTAL);
        return dropped.size();
    }

    private int rollUp(Table table, long beforeMillis, int most) throws SQLException {
        String select = """
                SELECT * FROM %s WHERE resolution_s = ? AND bucket_at < ? ORDER BY bucket_at LIMIT ?""".formatted(table.name);
        String delete =
                "DELETE FROM %s WHERE %s = ? AND resolution_s = ? AND bucket_at = ?".formatted(table.name, table.owner);
        List<Minute> minutes = new ArrayList<>();
        statements.query(
                select,
                row -> minutes.add(new Minute(row.text(table.owner), row.number("bucket_at"), SeriesQuery.tally(row))),
                CountedWriter.MINUTE,
                beforeMillis,
                most);
        for (Minute minute : minutes) {
            long hour = Math.floorDiv(minute.atMillis, HOUR_MILLIS) * HOUR_MILLIS;
            counted.add(table, minute.owner, HOUR, hour, minute.tally);
            statements.update(delete, minute.owner, CountedWriter.MINUTE, minute.atMillis);
        }
        return minutes.size();
    }

    private int dropStatistics(Table table, long beforeMillis, int most) throws SQLException {
        String delete = """
                DELETE FROM %s WHERE (%s, resolution_s, bucket_at) IN
                    (SELECT %s, resolution_s, bucket_at FROM %s WHERE resolution_s = ? AND bucket_at < ? LIMIT ?)""".formatted(table.name, table.owner, table.owner, table.name);
        return statements.update(delete, HOUR, beforeMillis, most);
    }

    private Optional<String> first(String sql) throws SQLException {
        @Nullable String[] found = new @Nullable String[1];
        statements.query(sql, row -> found[0] = row.text("id"));
        return Optional.ofNullable(found[0]);
    }

    private record Old(String id, WebhookId webhookId, boolean ended) {}

    /** A minute of somebody's. */
    private record Minute(String owner, long atMillis, Tally tally) {}
}
