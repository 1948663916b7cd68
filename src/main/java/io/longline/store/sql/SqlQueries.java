package io.longline.store.sql;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.DurationHistogram;
import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Series;
import io.longline.store.sql.PagedQuery.Listing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the API asks, in SQL. */
public final class SqlQueries implements Queries {
    private static final int DELIVERIES_WITH_EVENT = 500;
    private static final int ATTEMPTS_WITH_DELIVERY = 1_000;
    private static final Listing<Event> EVENT_LIST = new Listing<>(
            "id, tenant, type, occurred_at, delivery_count, filtered",
            "events",
            DeliveryRows::event,
            item -> item.id().value());

    private final Reader reader;
    private final WebhookQueries webhooks;
    private final DeliveryListQuery deliveryList;
    private final StatisticsQueries statistics;
    private final SeriesQuery series;

    public SqlQueries(Reader reader) {
        this.reader = reader;
        this.webhooks = new WebhookQueries(reader);
        this.deliveryList = new DeliveryListQuery(reader);
        this.statistics = new StatisticsQueries(reader);
        this.series = new SeriesQuery(reader);
    }

    @Override
    public Future<Void> probe() {
        return reader.one("SELECT id FROM webhooks LIMIT 1", row -> row.text("id"), List.of())
                .mapEmpty();
    }

    @Override
    public Future<Optional<Webhook>> webhook(WebhookId id) {
        return reader.one(
                "SELECT " + WebhookRows.COLUMNS + " FROM webhooks WHERE id = ? AND deleted_at IS NULL",
                WebhookRows::read,
                List.of(id.value()));
    }

    @Override
    public Future<Page<Webhook>> webhooks(WebhookFilter filter, PageRequest page) {
        return webhooks.page(filter, page);
    }

    @Override
    public Future<WebhookStatistics> webhookStatistics(WebhookId id) {
        return reader.one(
                        "SELECT * FROM webhook_totals WHERE webhook_id = ?",
                        SqlQueries::statistics,
                        List.of(id.value()))
                .map(found -> found.orElse(WebhookStatistics.NONE));
    }

    @Override
    public Future<Page<Delivery>> deliveries(DeliveryFilter filter, PageRequest page) {
        return deliveryList.page(filter, page);
    }

    @Override
    public Future<Set<WebhookId>> knownWebhooks(Collection<WebhookId> ids) {
        JsonArray values = new JsonArray();
        ids.forEach(id -> values.add(id.value()));
        return reader.all(
                        "SELECT id FROM webhooks WHERE id IN (SELECT value FROM json_each(?))",
                        row -> new WebhookId(row.text("id")),
                        List.of(values.encode()))
                .map(Set::copyOf);
    }

    @Override
    public Future<List<Delivery>> deliveries(Collection<DeliveryId> ids) {
        JsonArray values = new JsonArray();
        ids.forEach(id -> values.add(id.value()));
        return reader.all(
                "SELECT " + DeliveryRows.DELIVERY_COLUMNS + " FROM " + DeliveryRows.DELIVERIES
                        + " WHERE d.id IN (SELECT value FROM json_each(?))",
                DeliveryRows::delivery,
                List.of(values.encode()));
    }

    @Override
    public Future<Optional<Delivery>> delivery(DeliveryId id) {
        return reader.one(
                "SELECT " + DeliveryRows.DELIVERY_COLUMNS + " FROM " + DeliveryRows.DELIVERIES + " WHERE d.id = ?",
                DeliveryRows::delivery,
                List.of(id.value()));
    }

    @Override
    public Future<Optional<DeliveryDetails>> deliveryDetails(DeliveryId id) {
        return delivery(id).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Delivery delivery = found.get();
            Future<Optional<Payload>> payload = payload(delivery.eventId());
            return reader.all(
                            "SELECT * FROM delivery_attempts WHERE delivery_id = ? ORDER BY id LIMIT "
                                    + ATTEMPTS_WITH_DELIVERY,
                            DeliveryRows::attempt,
                            List.of(id.value()))
                    .compose(attempts -> payload.map(
                            bytes -> bytes.map(present -> new DeliveryDetails(delivery, present, attempts))));
        });
    }

    @Override
    public Future<Page<Event>> events(EventFilter filter, PageRequest page) {
        PagedQuery query = new PagedQuery("id");
        if (filter.tenant() != null) {
            if (filter.tenant().equals(Webhook.DEFAULT_TENANT)) {
                query.judged("tenant = ?", filter.tenant());
            } else {
                query.along("tenant = ? AND tenant <> 'default'", filter.tenant());
            }
        }
        if (filter.since() != null) {
            query.notBelow(Identifiers.lowestEvent(filter.since().toEpochMilli()));
        }
        if (filter.until() != null) {
            query.below(Identifiers.lowestEvent(filter.until().toEpochMilli()));
        }
        if (filter.type() != null) {
            query.judged("type = ?", filter.type());
        }
        return query.read(reader, EVENT_LIST, page);
    }

    @Override
    public Future<Optional<Event>> event(EventId id) {
        return reader.one(
                "SELECT id, tenant, type, occurred_at, delivery_count, filtered FROM events WHERE id = ?",
                DeliveryRows::event,
                List.of(id.value()));
    }

    @Override
    public Future<Optional<EventDetails>> eventDetails(EventId id) {
        return event(id).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            Future<Optional<Payload>> payload = payload(id);
            return reader.all(
                            "SELECT " + DeliveryRows.DELIVERY_COLUMNS + " FROM " + DeliveryRows.DELIVERIES
                                    + " WHERE d.event_id = ? ORDER BY d.id DESC LIMIT " + DELIVERIES_WITH_EVENT,
                            DeliveryRows::delivery,
                            List.of(id.value()))
                    .compose(deliveries -> payload.map(
                            bytes -> bytes.map(present -> new EventDetails(found.get(), present, deliveries))));
        });
    }

    private Future<Optional<Payload>> payload(EventId id) {
        return reader.one(
                "SELECT payload FROM events WHERE id = ?",
                row -> Payload.of(row.bytes("payload")),
                List.of(id.value()));
    }

    @Override
    public Future<Series> series(
            @Nullable WebhookId webhookId, @Nullable String tenant, Instant from, Instant to, Duration step) {
        return series.of(webhookId, tenant, from, to, step);
    }

    @Override
    public Future<SystemStatistics> statistics(@Nullable String tenant, Instant now) {
        return statistics.of(tenant, now);
    }

    private static WebhookStatistics statistics(Row row) {
        long succeeded = row.number("attempts_succeeded");
        long failed = row.number("attempts_failed");
        Double millis = row.fractionOrNull("duration_ms");
        OptionalDouble p95 = DurationHistogram.decode(row.bytes("durations")).quantile(0.95);
        return new WebhookStatistics(
                succeeded,
                failed,
                succeeded + failed == 0 || millis == null ? null : (Double) (millis / (succeeded + failed)),
                p95.isEmpty() ? null : (Double) p95.getAsDouble(),
                row.instantOrNull("last_success_at"),
                row.instantOrNull("last_failure_at"),
                row.number("pending"),
                row.number("filtered"));
    }
}
