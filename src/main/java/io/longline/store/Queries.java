package io.longline.store;

import io.longline.model.Attempt;
import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Event;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the API asks of the store. Each answer reads a bounded number of rows along an index, whatever the history's
 * size; a list examines at most {@link #MOST_EXAMINED} rows for one page, and that of a webhook also the deliveries which its
 * table may not have yet.
 */
public interface Queries {
    /** Rows that one page looks at before it ends short. */
    int MOST_EXAMINED = 2_000;

    /** A page's place and size. */
    record PageRequest(@Nullable String cursor, int limit) {}

    /** Which deliveries; {@code null} does not restrict. */
    record DeliveryFilter(
            @Nullable DeliveryStatus status,
            @Nullable PendingView view,
            @Nullable WebhookId webhookId,
            @Nullable String eventType,
            @Nullable EventId eventId,
            @Nullable String tenant,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable Integer responseCode) {}

    /** The views of pending. */
    enum PendingView {
        /** Its webhook is disabled, paused, or has an open circuit. */
        HELD {
            @Override
            public boolean shows(Delivery delivery) {
                return delivery.held();
            }
        },
        /** An attempt failed and another will follow. */
        RETRYING {
            @Override
            public boolean shows(Delivery delivery) {
                return delivery.status() == DeliveryStatus.PENDING && delivery.attemptCount() > 0;
            }
        };

        /** Whether a delivery as it was read is in this view. */
        public abstract boolean shows(Delivery delivery);
    }

    /**
     * Which webhooks; {@code null} does not restrict.
     *
     * @param event those that would receive an event of this name
     * @param text those whose URL or description contains it, in whatever case
     */
    record WebhookFilter(
            @Nullable String tenant,
            @Nullable Boolean active,
            @Nullable String event,
            @Nullable String text) {}

    /** Which events; {@code null} does not restrict. */
    record EventFilter(
            @Nullable String type,
            @Nullable String tenant,
            @Nullable Instant since,
            @Nullable Instant until) {}

    /** An event with its payload and its first deliveries. */
    record EventDetails(Event event, Payload payload, List<Delivery> deliveries) {}

    /** A delivery with its payload and every attempt, oldest first. */
    record DeliveryDetails(Delivery delivery, Payload payload, List<Attempt> attempts) {}

    /**
     * A webhook's running figures.
     *
     * @param filtered events that its filter kept from it
     */
    record WebhookStatistics(
            long succeededAttempts,
            long failedAttempts,
            @Nullable Double averageDurationMillis,
            @Nullable Double p95DurationMillis,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant lastFailureAt,
            long pending,
            long filtered) {
        /** The figures of a webhook that nothing was sent to. */
        public static final WebhookStatistics NONE = new WebhookStatistics(0, 0, null, null, null, null, 0, 0);
    }

    /** The figures of a tenant, or of all. */
    record SystemStatistics(
            long activeWebhooks,
            long totalWebhooks,
            long succeeded24h,
            long failed24h,
            @Nullable Double averageDurationMillis24h,
            long pending,
            long retrying,
            @Nullable Instant oldestPendingAt,
            double acceptedPerSecond,
            double deliveredPerSecond,
            double failedPerSecond) {}

    /** Reads next to nothing; fails when the store cannot be read. */
    Future<Void> probe();

    /** One webhook that is not deleted. */
    Future<Optional<Webhook>> webhook(WebhookId id);

    /** Which of these identifiers a webhook has or had, deleted ones included. */
    Future<Set<WebhookId>> knownWebhooks(Collection<WebhookId> ids);

    /** Webhooks that are not deleted, newest first. */
    Future<Page<Webhook>> webhooks(WebhookFilter filter, PageRequest page);

    /** A webhook's running figures. */
    Future<WebhookStatistics> webhookStatistics(WebhookId id);

    /** Deliveries. */
    Future<Page<Delivery>> deliveries(DeliveryFilter filter, PageRequest page);

    /** Those deliveries, in no particular order; what is not there is left out. */
    Future<List<Delivery>> deliveries(Collection<DeliveryId> ids);

    /** One delivery without its payload and attempts. */
    Future<Optional<Delivery>> delivery(DeliveryId id);

    /** One delivery with all there is. */
    Future<Optional<DeliveryDetails>> deliveryDetails(DeliveryId id);

    /** Events. */
    Future<Page<Event>> events(EventFilter filter, PageRequest page);

    /** One event without its payload and deliveries. */
    Future<Optional<Event>> event(EventId id);

    /** One event with all there is. */
    Future<Optional<EventDetails>> eventDetails(EventId id);

    /** The figures of a tenant; of all when it is {@code null}. */
    Future<SystemStatistics> statistics(@Nullable String tenant, Instant now);

    /**
     * Figures over time: of a webhook, or else of a tenant, or else of all.
     *
     * @param from where the first step begins
     * @param to where the last one ends; both on a boundary of steps since 1970
     * @param step a whole number of minutes; of hours, where the time reaches back beyond the minutes that are kept
     */
    Future<Series> series(
            @Nullable WebhookId webhookId, @Nullable String tenant, Instant from, Instant to, Duration step);
}
