package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.store.Commit.Touched;
import io.vertx.core.json.JsonArray;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps the table of each webhook's deliveries. The deliveries of one commit go to many webhooks, and each of these has a
 * place of its own in the table: written along they would cost a page each. So a commit with more than a few leaves them
 * for later, and some that come after it write what has waited for a second, webhook after webhook, for each all that it
 * has. What an earlier process has left out is found at the next start.
 *
 * <p>Below one identifier, which is stored, the table has every delivery; it only ever rises. From there on the rest is
 * found in the deliveries themselves, which are never many: the newest few hundred, and what a second or two bring.
 *
 * <p>Part of the transaction that is open: {@link #committed} or {@link #rolledBack} tells what became of it. For one
 * thread.
 */
final class DeliveryLedger {
    /** Deliveries that are written along with their commit; beyond it waiting is cheaper. */
    private static final int WRITTEN_AT_ONCE = 10;

    private static final long WAITS_MILLIS = 1_000;
    /** Rows that one commit writes of what waits; never less than twice what it adds, so that not more and more waits. */
    private static final int MOST_A_COMMIT = 512;

    private static final int MOST_IN_HURRY = 4_096;
    /** When so many wait, time does not matter. */
    private static final int MOST_WAITING = 20_000;
    /** How far the stored identifier may fall behind, in deliveries. */
    private static final int RISES_AFTER = 512;

    /** Takes a webhook and a delivery. */
    static final String INSERT = "INSERT OR IGNORE INTO webhook_deliveries (webhook_id, delivery_id) VALUES (?, ?)";

    private static final String INSERT_ALL = """
            INSERT OR IGNORE INTO webhook_deliveries (webhook_id, delivery_id) SELECT ?, value FROM json_each(?)""";
    private static final String INSERT_MISSING = """
            INSERT OR IGNORE INTO webhook_deliveries (webhook_id, delivery_id)
            SELECT webhook_id, id FROM deliveries WHERE id >= ? ORDER BY webhook_id, id""";
    private static final String DELETE = "DELETE FROM webhook_deliveries WHERE webhook_id = ? AND delivery_id = ?";
    /** Below it the table lacks nothing. */
    static final String COMPLETE = "(SELECT coalesce(max(below), '') FROM webhook_deliveries_complete WHERE only = 1)";

    private static final String SELECT_COMPLETE = "SELECT " + COMPLETE + " AS below";
    private static final String UPDATE_COMPLETE =
            "INSERT OR REPLACE INTO webhook_deliveries_complete (only, below) VALUES (1, ?)";
    private static final String SELECT_NEWEST = "SELECT coalesce(max(id), '') AS newest FROM deliveries";

    private final Statements statements;
    private final LongSupplier monotonicMillis;
    /** What the table lacks, in the order in which it waits. */
    private final Map<WebhookId, Waiting> waiting = new LinkedHashMap<>();

    private int waitingCount;
    private String completeBelow = "";
    private String newest = "";
    private int sinceRisen;

    // What the open transaction does.
    private final List<Waiting> written = new ArrayList<>();
    private List<Touched> left = List.of();
    private boolean hurry;
    private String newestNext = "";
    private String completeNext = "";
    private boolean rises;
    private int added;

    /** Deliveries of one webhook, in the order in which they came. */
    private static final class Waiting {
        private final WebhookId webhookId;
        private final List<String> deliveries = new ArrayList<>();
        private final long sinceMillis;
        private String oldest;
        /** How many the open transaction writes. */
        private int written;

        Waiting(WebhookId webhookId, long sinceMillis, String first) {
            this.webhookId = webhookId;
            this.sinceMillis = sinceMillis;
            this.oldest = first;
        }

        void add(String delivery) {
            deliveries.add(delivery);
            oldest = earlier(oldest, delivery);
        }

        boolean isWritten() {
            return written == deliveries.size();
        }

        void removeWritten() {
            deliveries.subList(0, written).clear();
            written = 0;
            oldest = Collections.min(deliveries);
        }
    }

    DeliveryLedger(Statements statements, LongSupplier monotonicMillis) {
        this.statements = statements;
        this.monotonicMillis = monotonicMillis;
    }

    /** Writes what an earlier process has left out. */
    void recover() throws SQLException {
        statements.query(SELECT_COMPLETE, row -> completeBelow = row.text("below"));
        statements.update(INSERT_MISSING, completeBelow);
        statements.query(SELECT_NEWEST, row -> newest = row.text("newest"));
        if (newest.compareTo(completeBelow) > 0) {
            completeBelow = newest;
            statements.update(UPDATE_COMPLETE, completeBelow);
        }
    }

    /** Whether the table lacks something. */
    boolean isBehind() {
        return !waiting.isEmpty();
    }

    /** The open transaction has nothing better to do than to write what waits. */
    void hurry() {
        hurry = true;
    }

    /** Whether the table lacks a delivery that was committed. */
    boolean isWaiting(WebhookId webhookId, String deliveryId) {
        Waiting of = waiting.get(webhookId);
        return of != null && deliveryId.compareTo(of.oldest) >= 0 && of.deliveries.contains(deliveryId);
    }

    /** Takes out a delivery that is deleted, and that the table does not lack. */
    void delete(WebhookId webhookId, String deliveryId) throws SQLException {
        statements.update(DELETE, webhookId.value(), deliveryId);
    }

    /** Takes the deliveries that the transaction has made. To be called once, right before the commit. */
    void write(List<Touched> inserted) throws SQLException {
        newestNext = newest;
        added = inserted.size();
        for (Touched each : inserted) {
            newestNext = later(newestNext, each.deliveryId().value());
        }
        left = leave(inserted);
        catchUp();
        rise();
    }

    /** Writes what has to be written along; answers the rest. */
    private List<Touched> leave(List<Touched> inserted) throws SQLException {
        List<Touched> later = new ArrayList<>();
        for (Touched each : inserted) {
            String id = each.deliveryId().value();
            // Nothing below the stored identifier may be missing.
            if (inserted.size() <= WRITTEN_AT_ONCE || id.compareTo(completeBelow) < 0) {
                statements.update(INSERT, each.webhookId().value(), id);
            } else {
                later.add(each);
            }
        }
        return later;
    }

    private void catchUp() throws SQLException {
        long now = monotonicMillis.getAsLong();
        boolean tooMany = waitingCount > MOST_WAITING;
        int most = hurry ? MOST_IN_HURRY : Math.max(MOST_A_COMMIT, 2 * added);
        for (Waiting each : waiting.values()) {
            boolean due = hurry || tooMany || now - each.sinceMillis >= WAITS_MILLIS;
            if (most == 0 || !due) {
                return;
            }
            each.written = Math.min(most, each.deliveries.size());
            written.add(each);
            most -= each.written;
            JsonArray some = new JsonArray(each.deliveries.subList(0, each.written));
            statements.update(INSERT_ALL, each.webhookId.value(), some.encode());
        }
    }

    /** Lets the stored identifier rise, once it is worth a page. */
    private void rise() throws SQLException {
        boolean nothingLacks = left.isEmpty() && writesAll();
        rises = sinceRisen + added >= RISES_AFTER || (nothingLacks && isBehind());
        if (rises) {
            String below = nothingLacks ? newestNext : oldestLacking();
            if (below.compareTo(completeBelow) > 0) {
                statements.update(UPDATE_COMPLETE, below);
                completeNext = below;
            }
        }
    }

    private boolean writesAll() {
        return written.stream().mapToInt(each -> each.written).sum() == waitingCount;
    }

    private String oldestLacking() {
        String oldest = newestNext;
        for (Touched each : left) {
            oldest = earlier(oldest, each.deliveryId().value());
        }
        for (Waiting each : waiting.values()) {
            // Of those that are only partly written this is older than need be.
            if (!each.isWritten()) {
                oldest = earlier(oldest, each.oldest);
            }
        }
        return oldest;
    }

    private static String earlier(String one, String other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String later(String one, String other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** The transaction is durable. */
    void committed() {
        for (Waiting each : written) {
            waitingCount -= each.written;
            if (each.isWritten()) {
                waiting.remove(each.webhookId);
            } else {
                each.removeWritten();
            }
        }
        written.clear();
        if (!left.isEmpty()) {
            long now = monotonicMillis.getAsLong();
            for (Touched each : left) {
                String delivery = each.deliveryId().value();
                waiting.computeIfAbsent(each.webhookId(), id -> new Waiting(id, now, delivery))
                        .add(delivery);
            }
            waitingCount += left.size();
        }
        newest = newestNext;
        sinceRisen = rises ? 0 : sinceRisen + added;
        completeBelow = later(completeBelow, completeNext);
        rolledBack();
    }

    /** The transaction came to nothing. */
    void rolledBack() {
        written.forEach(each -> each.written = 0);
        written.clear();
        left = List.of();
        added = 0;
        hurry = false;
        completeNext = "";
        rises = false;
    }
}
