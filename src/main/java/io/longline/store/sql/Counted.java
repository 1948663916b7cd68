package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.store.sql.CountedWriter.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    private final Last lastWebhook = new Last(Table.WEBHOOKS);
    private final Last lastTenant = new Last(Table.TENANTS);

    /** The owner that was counted for last: what is counted for one delivery goes to the same two several times over. */
    private final class Last {
        private final Table table;
        private @Nullable String id;
        private @Nullable Figures figures;

        Last(Table table) {
            this.table = table;
        }

        Figures of(String wanted) {
            Figures found = figures;
            if (found == null || !wanted.equals(id)) {
                found = Counted.this.of(new Owner(table, wanted));
                id = wanted;
                figures = found;
            }
            return found;
        }

        void forget() {
            id = null;
            figures = null;
        }
    }

    /** Whose figures: a webhook's, or a tenant's. */
    record Owner(Table table, String id) {}

    Map<Owner, Figures> figures() {
        return figures;
    }

    /** What was counted of a webhook, which from now on is not among these any more; {@code null} when nothing was. */
    @Nullable Figures take(Owner owner) {
        forgetLast();
        return figures.remove(owner);
    }

    Figures of(Owner owner) {
        return figures.computeIfAbsent(owner, key -> new Figures());
    }

    static Owner webhook(WebhookId id) {
        return new Owner(Table.WEBHOOKS, id.value());
    }

    private Figures figuresOf(WebhookId id) {
        return lastWebhook.of(id.value());
    }

    private Figures figuresOf(String tenant) {
        return lastTenant.of(tenant);
    }

    private void forgetLast() {
        lastWebhook.forget();
        lastTenant.forget();
    }

    /** An event was accepted. */
    void event(String tenant, long atMillis) {
        figuresOf(tenant).minute(atMillis).accepted++;
    }

    /** A delivery was made. */
    void made(WebhookId webhookId, long atMillis) {
        figuresOf(webhookId).minute(atMillis).accepted++;
    }

    /** A webhook's filter kept an event from it. */
    void filtered(WebhookId webhookId) {
        figuresOf(webhookId).filtered++;
    }

    /** The number of a webhook's waiting deliveries changes. */
    void waiting(WebhookId webhookId, String tenant, int pending, int retrying) {
        figuresOf(webhookId).waiting(pending, retrying);
        figuresOf(tenant).waiting(pending, retrying);
    }

    /** The number of a tenant's waiting deliveries changes all at once, since a webhook was deleted. */
    void dropped(String tenant, long pending, long retrying) {
        figuresOf(tenant).waiting(-pending, -retrying);
    }

    /** An attempt ended. */
    void attempt(WebhookId webhookId, String tenant, boolean succeeded, double millis, long atMillis) {
        figuresOf(webhookId).attempt(succeeded, millis, atMillis);
        figuresOf(tenant).attempt(succeeded, millis, atMillis);
    }

    /** A delivery reached its end. */
    void ended(WebhookId webhookId, String tenant, boolean succeeded, long atMillis) {
        figuresOf(webhookId).minute(atMillis).delivery(succeeded);
        figuresOf(tenant).minute(atMillis).delivery(succeeded);
    }

    /** Sums up what was counted of tenants under {@link #ALL_TENANTS}. To be called once, when nothing more is counted. */
    void sumUp() {
        List<Figures> tenants = new ArrayList<>();
        figures.forEach((owner, of) -> {
            if (owner.table() == Table.TENANTS) {
                tenants.add(of);
            }
        });
        if (!tenants.isEmpty()) {
            tenants.forEach(of(new Owner(Table.TENANTS, ALL_TENANTS))::add);
        }
    }

    /** Everything that another has counted. */
    void add(Counted other) {
        other.figures.forEach((owner, more) -> of(owner).add(more));
    }

    void clear() {
        forgetLast();
        figures.clear();
    }
}
