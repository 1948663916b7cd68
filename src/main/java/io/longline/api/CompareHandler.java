package io.longline.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.SentRequests.SentRequest;
import io.longline.format.Format;
import io.longline.format.Formats;
import io.longline.model.Delivery;
import io.longline.model.DeliveryStatus;
import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a shadow would have sent, by the webhook's settings of now, with what another system has sent. Reads a
 * bounded number of deliveries, and holds the payloads of a few at a time.
 */
final class CompareHandler {
    private static final String POOL = "longline-comparisons";
    private static final int THREADS = 1;
    private static final int MOST_AT_ONCE = 2;
    private static final Duration UNLESS_SAID = Duration.ofDays(1);
    private static final int MOST_DELIVERIES = 1_000;
    private static final int MOST_PAGES = 20;
    private static final int PAGE = 500;
    private static final int HELD = 16;

    private final ApiParts parts;
    private final WorkerExecutor pool;
    private int underway;

    CompareHandler(ApiParts parts) {
        this.parts = parts;
        this.pool = parts.vertx().createSharedWorkerExecutor(POOL, THREADS);
    }

    /** Which deliveries: those of a webhook, accepted in a time, that were not sent. */
    private record Window(
            WebhookId webhookId, Instant since, @Nullable Instant until) {
        DeliveryFilter filter() {
            return new DeliveryFilter(DeliveryStatus.SUCCEEDED, null, webhookId, null, null, null, since, until, null);
        }
    }

    /** The deliveries found, newest first while they are gathered. */
    private static final class Found {
        private final List<Delivery> deliveries = new ArrayList<>();
        private int pages;
        private boolean more;
    }

    Future<Response> compare(Call call) {
        if (underway >= MOST_AT_ONCE) {
            throw Problem.unavailable("Other comparisons are under way; try again shortly");
        }
        WebhookId id = call.id(WebhookId::parse);
        JsonPointer pointer =
                call.query("pair_by", "must be a JSON pointer, like /data/order_id", CompareHandler::pointer);
        Instant since = call.time("since");
        Window window = new Window(id, since == null ? parts.now().minus(UNLESS_SAID) : since, call.time("until"));
        underway++;
        return parts.store()
                .queries()
                .webhook(id)
                .map(found ->
                        found.filter(each -> call.caller().sees(each.tenant())).orElseThrow(Problem::notFound))
                .compose(webhook -> pool.executeBlocking(() -> begin(webhook, pointer, call), false))
                .compose(
                        comparison -> gather(window, null, new Found()).compose(found -> compare(comparison, found, 0)))
                .map(Response::ok)
                .onComplete(done -> underway--);
    }

    private static Optional<JsonPointer> pointer(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(JsonPointer.compile(text));
        } catch (IllegalArgumentException noPointer) {
            return Optional.empty();
        }
    }

    /** On the pool: what was sent may be a lot to read. */
    private Comparison begin(Webhook webhook, @Nullable JsonPointer pointer, Call call) {
        List<SentRequest> requests = SentRequests.read(call.body(), call.isLines());
        String transform = webhook.transform();
        Format format = transform == null
                ? Formats.of(webhook.format(), webhook.template(), webhook.headers())
                : Formats.byTransform(transform, webhook.tenant(), parts.time().monotonicNanos());
        return new Comparison(webhook, format, pointer, requests);
    }

    private Future<Found> gather(Window window, @Nullable String cursor, Found found) {
        return parts.store()
                .queries()
                .deliveries(window.filter(), new PageRequest(cursor, PAGE))
                .compose(page -> {
                    found.pages++;
                    for (Delivery delivery : page.items()) {
                        if (delivery.isShadow() && found.deliveries.size() < MOST_DELIVERIES) {
                            found.deliveries.add(delivery);
                        } else {
                            found.more |= delivery.isShadow();
                        }
                    }
                    String next = page.nextCursor();
                    if (next == null || found.more || found.pages == MOST_PAGES) {
                        found.more |= next != null;
                        Collections.reverse(found.deliveries);
                        return Future.succeededFuture(found);
                    }
                    return gather(window, next, found);
                });
    }

    private Future<ObjectNode> compare(Comparison comparison, Found found, int from) {
        if (from >= found.deliveries.size()) {
            return pool.executeBlocking(() -> comparison.result(found.more), false);
        }
        List<Delivery> some = found.deliveries.subList(from, Math.min(found.deliveries.size(), from + HELD));
        return parts.store()
                .payloads(some.stream().map(Delivery::eventId).toList())
                .compose(payloads -> pool.executeBlocking(() -> add(comparison, some, payloads), false))
                .compose(done -> compare(comparison, found, from + HELD));
    }

    private static boolean add(Comparison comparison, List<Delivery> deliveries, Map<EventId, Payload> payloads) {
        for (Delivery delivery : deliveries) {
            Payload payload = payloads.get(delivery.eventId());
            if (payload != null) {
                comparison.add(delivery, payload);
            }
        }
        return true;
    }
}
