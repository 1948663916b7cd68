package io.longline.dispatch;

import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which webhooks an event reaches: those of its own tenant that are active and have a pattern that matches. Finding them
 * costs in proportion to the segments of the event's name and to the webhooks found, whatever the number registered. For
 * one thread.
 */
public final class SubscriptionIndex {
    private static final Comparator<WebhookId> OLDEST_FIRST = Comparator.naturalOrder();

    private final Map<WebhookId, Webhook> webhooks = new HashMap<>();
    private final EventFilters filters = new EventFilters();
    private final Map<String, Subscriptions> tenants = new HashMap<>();

    /** The subscriptions of one tenant, by kind of pattern; prefixes end with a dot. */
    private static final class Subscriptions {
        final Set<WebhookId> all = new TreeSet<>(OLDEST_FIRST);
        final Map<String, Set<WebhookId>> exactly = new HashMap<>();
        final Map<String, Set<WebhookId>> under = new HashMap<>();
    }

    /** Takes a webhook in as it is now; an older version than the one known changes nothing. */
    public void put(Webhook webhook) {
        Webhook known = webhooks.get(webhook.id());
        if (known != null && known.version() > webhook.version()) {
            return;
        }
        unsubscribe(webhook.id());
        if (webhook.isDeleted()) {
            filters.remove(webhook.id());
        } else {
            webhooks.put(webhook.id(), webhook);
            filters.put(webhook);
            if (webhook.active()) {
                webhook.events()
                        .forEach(pattern -> subscribers(webhook, pattern).add(webhook.id()));
            }
        }
    }

    /** Takes a webhook out; answers the one that was in. */
    public Optional<Webhook> remove(WebhookId id) {
        filters.remove(id);
        return unsubscribe(id);
    }

    /** The filters of those that are in. */
    EventFilters filters() {
        return filters;
    }

    private Optional<Webhook> unsubscribe(WebhookId id) {
        Webhook known = webhooks.remove(id);
        if (known == null) {
            return Optional.empty();
        }
        if (known.active()) {
            known.events().forEach(pattern -> unsubscribe(known, pattern));
        }
        return Optional.of(known);
    }

    /** A webhook as it was last put in. */
    public Optional<Webhook> get(WebhookId id) {
        return Optional.ofNullable(webhooks.get(id));
    }

    /** The webhooks that an event reaches, each once. */
    public Collection<WebhookId> match(String tenant, String eventName) {
        Subscriptions subscriptions = tenants.get(tenant);
        if (subscriptions == null) {
            return List.of();
        }
        List<Set<WebhookId>> found = new ArrayList<>(4);
        if (!subscriptions.all.isEmpty()) {
            found.add(subscriptions.all);
        }
        addIfAny(found, subscriptions.exactly.get(eventName));
        if (!subscriptions.under.isEmpty()) {
            for (int dot = eventName.indexOf('.');
                    dot >= 0 && dot + 1 < eventName.length();
                    dot = eventName.indexOf('.', dot + 1)) {
                addIfAny(found, subscriptions.under.get(eventName.substring(0, dot + 1)));
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        Set<WebhookId> once = new LinkedHashSet<>();
        found.forEach(once::addAll);
        return once;
    }

    private static void addIfAny(List<Set<WebhookId>> found, @Nullable Set<WebhookId> some) {
        if (some != null) {
            found.add(some);
        }
    }

    private Set<WebhookId> subscribers(Webhook webhook, String text) {
        Subscriptions subscriptions = tenants.computeIfAbsent(webhook.tenant(), tenant -> new Subscriptions());
        EventPattern pattern = EventPattern.of(text);
        if (pattern instanceof EventPattern.Exactly exactly) {
            return subscriptions.exactly.computeIfAbsent(exactly.name(), name -> new TreeSet<>(OLDEST_FIRST));
        }
        if (pattern instanceof EventPattern.Under under) {
            return subscriptions.under.computeIfAbsent(under.prefix(), prefix -> new TreeSet<>(OLDEST_FIRST));
        }
        return subscriptions.all;
    }

    private void unsubscribe(Webhook webhook, String text) {
        Subscriptions subscriptions = tenants.get(webhook.tenant());
        if (subscriptions == null) {
            return;
        }
        EventPattern pattern = EventPattern.of(text);
        if (pattern instanceof EventPattern.Exactly exactly) {
            removeFrom(subscriptions.exactly, exactly.name(), webhook.id());
        } else if (pattern instanceof EventPattern.Under under) {
            removeFrom(subscriptions.under, under.prefix(), webhook.id());
        } else {
            subscriptions.all.remove(webhook.id());
        }
    }

    private static void removeFrom(Map<String, Set<WebhookId>> sets, String key, WebhookId id) {
        sets.computeIfPresent(key, (same, set) -> {
            set.remove(id);
            return set.isEmpty() ? null : set;
        });
    }
}
