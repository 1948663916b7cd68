package io.longline.dispatch;

import io.longline.expression.EventVariable;
import io.longline.expression.ExpressionException;
import io.longline.expression.Filter;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The filters of webhooks, each compiled once. Without any it costs nothing. For one thread. */
final class EventFilters {
    private static final Logger LOG = LoggerFactory.getLogger(EventFilters.class);

    private final Map<WebhookId, Compiled> filters = new HashMap<>();

    /** @param filter empty for one that no longer compiles, which lets nothing through */
    private record Compiled(String source, Optional<Filter> filter) {}

    /**
     * Who gets an event.
     *
     * @param filtered the others that subscribe to it
     */
    record Selection(Collection<WebhookId> reached, List<WebhookId> filtered) {}

    void put(Webhook webhook) {
        String source = webhook.filter();
        if (source == null) {
            filters.remove(webhook.id());
            return;
        }
        Compiled known = filters.get(webhook.id());
        if (known == null || !known.source.equals(source)) {
            filters.put(webhook.id(), new Compiled(source, compile(webhook, source)));
        }
    }

    private static Optional<Filter> compile(Webhook webhook, String source) {
        try {
            return Optional.of(Filter.compile(source));
        } catch (ExpressionException fault) {
            LOG.error(
                    "the filter of webhook {} lets nothing through until it is changed: it {}",
                    webhook.id(),
                    fault.getMessage());
            return Optional.empty();
        }
    }

    void remove(WebhookId id) {
        filters.remove(id);
    }

    /** Whether any of the webhooks has a filter. */
    boolean concern(Collection<WebhookId> webhooks) {
        return !filters.isEmpty() && webhooks.stream().anyMatch(filters::containsKey);
    }

    /** Has each filter judge the event. */
    Selection select(Collection<WebhookId> webhooks, Payload payload, String tenant, LongSupplier monotonicNanos) {
        EventVariable event = EventVariable.of(payload, tenant);
        List<WebhookId> reached = new ArrayList<>(webhooks.size());
        List<WebhookId> filtered = new ArrayList<>();
        for (WebhookId id : webhooks) {
            Compiled compiled = filters.get(id);
            if (compiled == null
                    || compiled.filter
                            .map(filter -> filter.matches(event, monotonicNanos))
                            .orElse(false)) {
                reached.add(id);
            } else {
                filtered.add(id);
            }
        }
        return new Selection(reached, filtered);
    }
}
