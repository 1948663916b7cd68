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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the API asks of the store. Each answer reads a bounded number of rows along an index, whatever the history's
 * size; a list examines at most {@link #MOST_EXAMINED} rows for one page.
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
        HELD,
        /** An attempt failed and another will follow. */
        RETRYING
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

    /** An event type that was seen. */
    record SeenEventType(String name, Instant lastSeenAt) {}

    /** A webhook's running figures. */
    record WebhookStatistics(
            long succeededAttempts,
            long failedAttempts,
            @Nullable Double averageDurationMillis,
            @Nullable Double p95DurationMillis,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant lastFailureAt,
            long pending) {
        /** The figures of a webhook that nothing was sent to. */
        public static final WebhookStatistics NONE = new WebhookStatistics(0, 0, null, null, null, null, 0);
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

    /** Webhooks that are not deleted, newest first. */
    Future<Page<Webhook>> webhooks(WebhookFilter filter, PageRequest page);

    /** A webhook's running figures. */
    Future<WebhookStatistics> webhookStatistics(WebhookId id);

    /** Deliveries. */
    Future<Page<Delivery>> deliveries(DeliveryFilter filter, PageRequest page);

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

    /** Event types seen, by name: by a tenant, or by all when it is {@code null}. */
    Future<Page<SeenEventType>> eventTypes(@Nullable String tenant, PageRequest page);

    /** One event type seen by a tenant, or by all when it is {@code null}. */
    Future<Optional<SeenEventType>> eventType(@Nullable String tenant, String name);

    /** The figures of a tenant; of all when it is {@code null}. */
    Future<SystemStatistics> statistics(@Nullable String tenant, Instant now);
}
