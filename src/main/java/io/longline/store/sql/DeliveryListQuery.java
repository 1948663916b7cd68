package io.longline.store.sql;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Page;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.PendingView;
import io.longline.store.sql.PagedQuery.Listing;
import io.longline.store.sql.PagedQuery.Stretch;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists of deliveries. A page goes along one index, the narrowest that its filter has, and along a webhook's own table once
 * it has seen the newest deliveries of all; the rest of the filter is judged row by row.
 */
final class DeliveryListQuery {
    /** Of so many that wait for a webhook all are looked at, wherever they are in its history. */
    private static final int FEW = 500;

    private static final Listing<Delivery> LISTING = new Listing<>(
            DeliveryRows.DELIVERY_COLUMNS,
            DeliveryRows.DELIVERIES,
            DeliveryRows::delivery,
            item -> item.id().value());

    private static final String COUNT_WAITING = "SELECT count(*) AS waiting FROM (" + waiting(FEW + 1) + ")";
    /** The bound is for what comes between the two questions. */
    private static final String ALL_THAT_WAIT = "d.id IN (" + waiting(2 * FEW) + ")";

    /** Looked at instead of the whole listing, since webhooks matter to few of the rows that are only judged. */
    private static final String JUDGED_ROWS = "deliveries d";

    /** What is true of a delivery's webhook, read only where it is asked for. */
    private static final String OF_WEBHOOK = "EXISTS (SELECT 1 FROM webhooks w WHERE w.id = d.webhook_id AND %s)";

    private static final String IS_LIVE = OF_WEBHOOK.formatted("w.deleted_at IS NULL");
    private static final String IS_DELETED = OF_WEBHOOK.formatted("w.deleted_at IS NOT NULL");
    private static final String HOLDS = OF_WEBHOOK.formatted("w.deleted_at IS NULL AND " + DeliveryRows.HOLDS);

    private final Reader reader;

    DeliveryListQuery(Reader reader) {
        this.reader = reader;
    }

    /**
     * Finds what waits for a webhook, named twice. In the order of the indexes that feed the lanes, so that SQLite does not
     * choose the webhook's whole history.
     *
     * @param most of those never attempted, and of those attempted before
     */
    private static String waiting(int most) {
        return """
                SELECT id FROM (SELECT id FROM deliveries WHERE webhook_id = ? AND status = 'pending'
                                AND attempts = 0 ORDER BY next_attempt_at DESC LIMIT %1$d)
                UNION ALL
                SELECT id FROM (SELECT id FROM deliveries WHERE webhook_id = ? AND status = 'pending'
                                AND attempts > 0 ORDER BY next_attempt_at DESC LIMIT %1$d)""".formatted(most);
    }

    Future<Page<Delivery>> page(DeliveryFilter filter, PageRequest page) {
        WebhookId webhookId = filter.webhookId();
        if (webhookId == null || filter.eventId() != null || !isOfPending(filter)) {
            return page(filter, page, false);
        }
        return reader.one(COUNT_WAITING, row -> row.number("waiting"), List.of(webhookId.value(), webhookId.value()))
                .compose(waiting -> page(filter, page, waiting.orElse(0L) <= FEW));
    }

    /** @param fewWait whether it is about what waits for one webhook, and that is not much */
    private Future<Page<Delivery>> page(DeliveryFilter filter, PageRequest page, boolean fewWait) {
        PagedQuery query = new PagedQuery("d.id", stretches(filter, fewWait));
        narrow(query, filter, fewWait);
        status(query, filter);
        if (filter.since() != null) {
            query.notBelow(IdGenerator.lowest(DeliveryId.PREFIX, filter.since().toEpochMilli()));
        }
        if (filter.until() != null) {
            query.below(IdGenerator.lowest(DeliveryId.PREFIX, filter.until().toEpochMilli()));
        }
        if (filter.eventType() != null) {
            query.judged("d.event_type = ?", filter.eventType());
        }
        if (filter.responseCode() != null) {
            query.judged("d.last_response_code = ?", filter.responseCode());
        }
        return query.read(reader, LISTING, page);
    }

    /**
     * A webhook's deliveries stand in a table of their own, but for the newest. All in one place where there is a narrower
     * index: those of an event, those that failed, and few that wait.
     */
    private static List<Stretch> stretches(DeliveryFilter filter, boolean fewWait) {
        WebhookId webhookId = filter.webhookId();
        if (webhookId == null || filter.eventId() != null || fewWait || filter.status() == DeliveryStatus.FAILED) {
            return List.of(new Stretch(JUDGED_ROWS, "d.id"));
        }
        List<Object> values = List.of(webhookId.value());
        return List.of(
                new Stretch(JUDGED_ROWS, "d.id", List.of("d.webhook_id = ?"), values, DeliveryLedger.COMPLETE, null),
                new Stretch(
                        "webhook_deliveries h JOIN deliveries d ON d.id = h.delivery_id",
                        "h.delivery_id",
                        List.of("h.webhook_id = ?"),
                        values,
                        null,
                        DeliveryLedger.COMPLETE));
    }

    /** The narrowest of these has an index of its own; the others are judged. */
    private static void narrow(PagedQuery query, DeliveryFilter filter, boolean fewWait) {
        if (filter.eventId() != null) {
            query.along("d.event_id = ?", filter.eventId().value());
        }
        WebhookId webhookId = filter.webhookId();
        if (webhookId != null) {
            if (filter.eventId() != null) {
                query.judged("d.webhook_id = ?", webhookId.value());
            } else if (fewWait) {
                query.along(ALL_THAT_WAIT, webhookId.value(), webhookId.value());
            } else if (filter.status() == DeliveryStatus.FAILED) {
                query.along("d.webhook_id = ?", webhookId.value());
            }
        }
        if (filter.tenant() != null) {
            if (goesByTenant(filter)) {
                query.along("d.tenant = ? AND d.tenant <> 'default'", filter.tenant());
            } else {
                query.judged("d.tenant = ?", filter.tenant());
            }
        }
    }

    /** Whether nothing but what waits can be in the list. */
    private static boolean isOfPending(DeliveryFilter filter) {
        return filter.status() == DeliveryStatus.PENDING || filter.view() != null;
    }

    private static boolean goesByTenant(DeliveryFilter filter) {
        return filter.eventId() == null
                && filter.webhookId() == null
                && filter.tenant() != null
                && !filter.tenant().equals(Webhook.DEFAULT_TENANT);
    }

    /** Only where nothing narrower was found may a page go along the status's own index. */
    private static void status(PagedQuery query, DeliveryFilter filter) {
        boolean free = filter.eventId() == null && filter.webhookId() == null && !goesByTenant(filter);
        view(query, filter.view(), free);
        @Nullable DeliveryStatus status = filter.status();
        if (status == DeliveryStatus.FAILED && free) {
            // The second condition says nothing new, but is the index's own: without it SQLite does not see that it
            // fits.
            query.along("d.status = 'failed' AND d.status IN ('failed', 'cancelled')");
        } else if (status == DeliveryStatus.FAILED && filter.webhookId() != null && filter.eventId() == null) {
            query.along("d.status = 'failed'");
        } else if (status == DeliveryStatus.PENDING) {
            query.judged(pendingAnd(IS_LIVE));
        } else if (status == DeliveryStatus.CANCELLED) {
            query.judged("CASE d.status WHEN 'cancelled' THEN 1 WHEN 'pending' THEN " + IS_DELETED + " END");
        } else if (status != null) {
            query.judged("d.status = ?", status.text());
        }
    }

    private static void view(PagedQuery query, @Nullable PendingView view, boolean free) {
        if (view == PendingView.RETRYING) {
            String retrying = "d.status = 'pending' AND d.attempts > 0";
            if (free) {
                query.along(retrying);
            } else {
                query.judged(retrying);
            }
            query.judged(pendingAnd(IS_LIVE));
        } else if (view == PendingView.HELD) {
            query.judged(pendingAnd(HOLDS));
        }
    }

    /** Of a CASE SQLite works out no more than it needs; of an AND it may work out both sides. */
    private static String pendingAnd(String webhookCondition) {
        return "CASE d.status WHEN 'pending' THEN " + webhookCondition + " END";
    }
}
