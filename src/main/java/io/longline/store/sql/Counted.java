package io.longline.store.sql;

import io.longline.model.WebhookId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a transaction adds to the statistics, gathered in memory and written once at its end. Attempts and deliveries are
 * counted apart; waiting deliveries are running figures. Mutable; for one thread.
 */
public final class Counted {
    /** The tenant under which everything is counted as well. */
    public static final String ALL_TENANTS = "*";

    static final long MINUTE_MILLIS = 60_000;

    final Map<Bucket, Tally> webhookMinutes = new HashMap<>();
    final Map<Bucket, Tally> tenantMinutes = new HashMap<>();
    final Map<String, Running> webhookTotals = new HashMap<>();
    final Map<String, Running> tenantTotals = new HashMap<>();

    /** A minute of a webhook's or a tenant's. */
    record Bucket(String owner, long atMillis) {}

    /** Changes of the running figures. */
    static final class Running {
        final Tally attempts = new Tally();
        long pending;
        long retrying;
        long lastSuccessAtMillis;
        long lastFailureAtMillis;

        void add(Running other) {
            attempts.add(other.attempts);
            pending += other.pending;
            retrying += other.retrying;
            lastSuccessAtMillis = Math.max(lastSuccessAtMillis, other.lastSuccessAtMillis);
            lastFailureAtMillis = Math.max(lastFailureAtMillis, other.lastFailureAtMillis);
        }
    }

    /** An event was accepted. */
    void event(String tenant, long atMillis) {
        tenants(tenant, atMillis, tally -> tally.accepted++);
    }

    /** A delivery was made. */
    void made(WebhookId webhookId, long atMillis) {
        minute(webhookMinutes, webhookId.value(), atMillis).accepted++;
    }

    /** The number of a webhook's waiting deliveries changes. */
    void waiting(WebhookId webhookId, String tenant, int pending, int retrying) {
        wait(webhookTotals, webhookId.value(), pending, retrying);
        wait(tenantTotals, tenant, pending, retrying);
        wait(tenantTotals, ALL_TENANTS, pending, retrying);
    }

    /** The number of a tenant's waiting deliveries changes all at once, since a webhook was deleted. */
    void dropped(String tenant, long pending, long retrying) {
        wait(tenantTotals, tenant, -pending, -retrying);
        wait(tenantTotals, ALL_TENANTS, -pending, -retrying);
    }

    /** An attempt ended. */
    void attempt(WebhookId webhookId, String tenant, boolean succeeded, double millis, long atMillis) {
        minute(webhookMinutes, webhookId.value(), atMillis).attempt(succeeded, millis);
        tenants(tenant, atMillis, tally -> tally.attempt(succeeded, millis));
        Running total = webhookTotals.computeIfAbsent(webhookId.value(), id -> new Running());
        total.attempts.attempt(succeeded, millis);
        if (succeeded) {
            total.lastSuccessAtMillis = Math.max(total.lastSuccessAtMillis, atMillis);
        } else {
            total.lastFailureAtMillis = Math.max(total.lastFailureAtMillis, atMillis);
        }
    }

    /** A delivery reached its end. */
    void ended(WebhookId webhookId, String tenant, boolean succeeded, long atMillis) {
        minute(webhookMinutes, webhookId.value(), atMillis).delivery(succeeded);
        tenants(tenant, atMillis, tally -> tally.delivery(succeeded));
    }

    /** Everything that another has counted. */
    void add(Counted other) {
        other.webhookMinutes.forEach((key, tally) ->
                webhookMinutes.computeIfAbsent(key, k -> new Tally()).add(tally));
        other.tenantMinutes.forEach((key, tally) ->
                tenantMinutes.computeIfAbsent(key, k -> new Tally()).add(tally));
        other.webhookTotals.forEach((key, total) ->
                webhookTotals.computeIfAbsent(key, k -> new Running()).add(total));
        other.tenantTotals.forEach((key, total) ->
                tenantTotals.computeIfAbsent(key, k -> new Running()).add(total));
    }

    void clear() {
        webhookMinutes.clear();
        tenantMinutes.clear();
        webhookTotals.clear();
        tenantTotals.clear();
    }

    private void tenants(String tenant, long atMillis, Consumer<Tally> count) {
        count.accept(minute(tenantMinutes, tenant, atMillis));
        count.accept(minute(tenantMinutes, ALL_TENANTS, atMillis));
    }

    private static Tally minute(Map<Bucket, Tally> minutes, String owner, long atMillis) {
        long start = Math.floorDiv(atMillis, MINUTE_MILLIS) * MINUTE_MILLIS;
        return minutes.computeIfAbsent(new Bucket(owner, start), bucket -> new Tally());
    }

    private static void wait(Map<String, Running> totals, String owner, long pending, long retrying) {
        Running running = totals.computeIfAbsent(owner, key -> new Running());
        running.pending += pending;
        running.retrying += retrying;
    }
}
