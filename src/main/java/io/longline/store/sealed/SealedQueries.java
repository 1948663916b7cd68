package io.longline.store.sealed;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Series;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens what is secret of the webhooks that are read; the rest is answered as it is. */
final class SealedQueries implements Queries {
    private final Queries queries;
    private final SealedWebhooks webhooks;

    SealedQueries(Queries queries, SealedWebhooks webhooks) {
        this.queries = queries;
        this.webhooks = webhooks;
    }

    @Override
    public Future<Optional<Webhook>> webhook(WebhookId id) {
        return queries.webhook(id).map(found -> found.map(webhooks::open));
    }

    @Override
    public Future<Page<Webhook>> webhooks(WebhookFilter filter, PageRequest page) {
        return queries.webhooks(filter, page)
                .map(found ->
                        new Page<>(found.items().stream().map(webhooks::open).toList(), found.nextCursor()));
    }

    @Override
    public Future<Set<WebhookId>> knownWebhooks(Collection<WebhookId> ids) {
        return queries.knownWebhooks(ids);
    }

    @Override
    public Future<Void> probe() {
        return queries.probe();
    }

    @Override
    public Future<WebhookStatistics> webhookStatistics(WebhookId id) {
        return queries.webhookStatistics(id);
    }

    @Override
    public Future<Page<Delivery>> deliveries(DeliveryFilter filter, PageRequest page) {
        return queries.deliveries(filter, page);
    }

    @Override
    public Future<List<Delivery>> deliveries(Collection<DeliveryId> ids) {
        return queries.deliveries(ids);
    }

    @Override
    public Future<Optional<Delivery>> delivery(DeliveryId id) {
        return queries.delivery(id);
    }

    @Override
    public Future<Optional<DeliveryDetails>> deliveryDetails(DeliveryId id) {
        return queries.deliveryDetails(id);
    }

    @Override
    public Future<Page<Event>> events(EventFilter filter, PageRequest page) {
        return queries.events(filter, page);
    }

    @Override
    public Future<Optional<Event>> event(EventId id) {
        return queries.event(id);
    }

    @Override
    public Future<Optional<EventDetails>> eventDetails(EventId id) {
        return queries.eventDetails(id);
    }

    @Override
    public Future<Series> series(
            @Nullable WebhookId webhookId, @Nullable String tenant, Instant from, Instant to, Duration step) {
        return queries.series(webhookId, tenant, from, to, step);
    }

    @Override
    public Future<SystemStatistics> statistics(@Nullable String tenant, Instant now) {
        return queries.statistics(tenant, now);
    }
}
