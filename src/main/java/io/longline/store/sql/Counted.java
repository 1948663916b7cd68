package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.store.sql.CountedWriter.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction adds to the statistics, gathered in memory. Attempts and deliveries are counted apart; waiting
 * deliveries are running figures. Mutable; for one thread.
 */
final class Counted {
    /** The tenant under which everything is counted as well. */
    static final String ALL_TENANTS = "*";

    static final long MINUTE_MILLIS = 60_000;

    private final Map<Owner, Figures> figures = new LinkedHashMap<>();

    /** Whose figures: a webhook's, or a tenant's. */
    record Owner(Table table, String id) {}

    Map<Owner, Figures> figures() {
        return figures;
    }

    boolean isEmpty() {
        return figures.isEmpty();
    }

    /** What was counted of a webhook, which from now on is not among these any more; {@code null} when nothing was. */
    @Nullable Figures take(Owner owner) {
        return figures.remove(owner);
    }

    Figures of(Owner owner) {
        return figures.computeIfAbsent(owner, key -> new Figures());
    }

    static Owner webhook(WebhookId id) {
        return new Owner(Table.WEBHOOKS, id.value());
    }

    private Figures tenant(String tenant) {
        return of(new Owner(Table.TENANTS, tenant));
    }

    /** An event was accepted. */
    void event(String tenant, long atMillis) {
        tenant(tenant).minute(atMillis).accepted++;
        tenant(ALL_TENANTS).minute(atMillis).accepted++;
    }

    /** A delivery was made. */
    void made(WebhookId webhookId, long atMillis) {
        of(webhook(webhookId)).minute(atMillis).accepted++;
    }

    /** A webhook's filter kept an event from it. */
    void filtered(WebhookId webhookId) {
        of(webhook(webhookId)).filtered++;
    }

    /** The number of a webhook's waiting deliveries changes. */
    void waiting(WebhookId webhookId, String tenant, int pending, int retrying) {
        of(webhook(webhookId)).waiting(pending, retrying);
        tenant(tenant).waiting(pending, retrying);
        tenant(ALL_TENANTS).waiting(pending, retrying);
    }

    /** The number of a tenant's waiting deliveries changes all at once, since a webhook was deleted. */
    void dropped(String tenant, long pending, long retrying) {
        tenant(tenant).waiting(-pending, -retrying);
        tenant(ALL_TENANTS).waiting(-pending, -retrying);
    }

    /** An attempt ended. */
    void attempt(WebhookId webhookId, String tenant, boolean succeeded, double millis, long atMillis) {
        of(webhook(webhookId)).attempt(succeeded, millis, atMillis);
        tenant(tenant).attempt(succeeded, millis, atMillis);
        tenant(ALL_TENANTS).attempt(succeeded, millis, atMillis);
    }

    /** A delivery reached its end. */
    void ended(WebhookId webhookId, String tenant, boolean succeeded, long atMillis) {
        of(webhook(webhookId)).minute(atMillis).delivery(succeeded);
        tenant(tenant).minute(atMillis).delivery(succeeded);
        tenant(ALL_TENANTS).minute(atMillis).delivery(succeeded);
    }

    /** Everything that another has counted. */
    void add(Counted other) {
        other.figures.forEach((owner, more) -> of(owner).add(more));
    }

    void clear() {
        figures.clear();
    }
}
