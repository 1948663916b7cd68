package io.longline.api;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Commit;
import io.longline.store.Queries;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What commits have changed, until it is read. Commits bring identifiers alone; what they stand for is read from the store
 * a moment later, whatever changed meanwhile once. For one thread.
 */
final class LiveChanges {
    private static final int MOST_READ = 500;

    private final Queries queries;
    private final int most;
    private final Set<DeliveryId> deliveries = new LinkedHashSet<>();
    /** Those that are deleted as they were, since the store does not show them any more; the others are to be read. */
    private final Map<WebhookId, Optional<Webhook>> webhooks = new LinkedHashMap<>();

    /**
     * What changed, as it is now. Deliveries come after the webhooks that they belong to.
     *
     * @param webhooks deleted ones included
     */
    record Changed(List<Webhook> webhooks, List<Delivery> deliveries) {}

    /** @param most changes that may wait */
    LiveChanges(Queries queries, int most) {
        this.queries = queries;
        this.most = most;
    }

    void gather(Commit commit) {
        commit.made().forEach(made -> deliveries.add(made.deliveryId()));
        commit.settled().forEach(settled -> deliveries.add(settled.deliveryId()));
        commit.reopened().forEach(touched -> deliveries.add(touched.deliveryId()));
        commit.cancelled().forEach(touched -> deliveries.add(touched.deliveryId()));
        for (Webhook webhook : commit.webhooks()) {
            webhooks.put(webhook.id(), webhook.isDeleted() ? Optional.of(webhook) : Optional.empty());
        }
        commit.circuits().forEach(id -> webhooks.putIfAbsent(id, Optional.empty()));
    }

    boolean isEmpty() {
        return deliveries.isEmpty() && webhooks.isEmpty();
    }

    /** Whether more changed than can be told. */
    boolean isTooMuch() {
        return deliveries.size() + webhooks.size() > most;
    }

    void forget() {
        deliveries.clear();
        webhooks.clear();
    }

    /** Reads as much as one read may; what could not be read waits on. */
    Future<Changed> read() {
        List<DeliveryId> ids = take(deliveries);
        Map<WebhookId, Optional<Webhook>> taken = new LinkedHashMap<>();
        take(webhooks.entrySet()).forEach(each -> taken.put(each.getKey(), each.getValue()));
        Future<List<Delivery>> read = ids.isEmpty() ? Future.succeededFuture(List.of()) : queries.deliveries(ids);
        List<Future<Optional<Webhook>>> reads = new ArrayList<>();
        taken.forEach((id, deleted) ->
                reads.add(deleted.isPresent() ? Future.succeededFuture(deleted) : queries.webhook(id)));
        List<Future<?>> all = new ArrayList<>(reads);
        all.add(read);
        return Future.all(all)
                .map(done -> new Changed(
                        reads.stream().flatMap(each -> each.result().stream()).toList(), inOrder(ids, read.result())))
                .onFailure(fault -> {
                    deliveries.addAll(ids);
                    taken.forEach(webhooks::putIfAbsent);
                });
    }

    /** In the order in which they changed first; rows come in any. */
    private static List<Delivery> inOrder(List<DeliveryId> ids, List<Delivery> rows) {
        Map<DeliveryId, Delivery> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(row.id(), row));
        return ids.stream().map(byId::get).filter(Objects::nonNull).toList();
    }

    private static <T> List<T> take(Collection<T> from) {
        List<T> taken = new ArrayList<>();
        Iterator<T> each = from.iterator();
        while (each.hasNext() && taken.size() < MOST_READ) {
            taken.add(each.next());
            each.remove();
        }
        return taken;
    }
}
