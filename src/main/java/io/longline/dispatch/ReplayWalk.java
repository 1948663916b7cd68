package io.longline.dispatch;

import io.longline.model.EventId;
import io.longline.model.Payload;
import io.longline.model.Replay;
import io.longline.model.Replay.Place;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.policy.EventPattern;
import io.longline.store.ReplayQueries;
import io.longline.store.ReplayQueries.Candidate;
import io.longline.store.ReplayQueries.Past;
import io.longline.store.ReplayQueries.Stretch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a replay is to deliver again, a stretch at a time, by event and webhook. Without {@code missed} it goes
 * along the deliveries that there are; with it along the events, and asks who would get each of them now. For the
 * dispatcher's thread.
 */
final class ReplayWalk {
    /** Rows that are looked at together. */
    private static final int LOOKED_AT = 500;

    private static final int MOST_PASSED_OVER = 10;
    private static final int DELIVERIES_COUNTED_AT_ONCE = 2_000;
    private static final int EVENTS_COUNTED_AT_ONCE = 200;
    private static final int DELIVERIES_OF_COUNTED = 5_000;
    /** Counting goes no further. */
    private static final int MOST_COUNTED = 10_000;

    private static final int MOST_STRETCHES_COUNTED = 50;
    /** Payloads that are in memory together for filters to judge: 8 MiB at most, with those of the largest size. */
    private static final int JUDGED_TOGETHER = 32;

    private final ReplayQueries queries;
    private final SubscriptionIndex index;
    private final Payloads payloads;
    private final TimeSource time;

    /** Reads payloads, by the identifiers of their events. */
    @FunctionalInterface
    interface Payloads {
        Future<Map<EventId, Payload>> of(Collection<EventId> events);
    }

    /** One delivery to be opened again or made, if it is still so when it is written. */
    record Found(EventId eventId, String tenant, WebhookId webhookId) {}

    /** What a stretch brought, and where it ends; {@code null} when nothing comes after it. */
    record Part(List<Found> found, @Nullable Place end) {}

    /** @param exact whether that is all */
    record Count(long matched, boolean exact) {}

    /** @param time bounds what filters take */
    ReplayWalk(ReplayQueries queries, SubscriptionIndex index, Payloads payloads, TimeSource time) {
        this.queries = queries;
        this.index = index;
        this.payloads = payloads;
        this.time = time;
    }

    /** The next part of a replay, of at most so many deliveries; empty ones are passed over, up to a number. */
    Future<Part> next(Replay replay, int most) {
        return next(replay, most, MOST_PASSED_OVER);
    }

    private Future<Part> next(Replay replay, int most, int passedOver) {
        Future<Part> next =
                replay.filter().missed() ? nextOfEvents(replay, LOOKED_AT, most) : nextOfDeliveries(replay, most);
        return next.compose(part -> part.found.isEmpty() && part.end != null && passedOver > 0
                ? next(replay.at(part.end), most, passedOver - 1)
                : Future.succeededFuture(part));
    }

    private Future<Part> nextOfDeliveries(Replay replay, int most) {
        return queries.deliveries(replay.place(), replay.upperEvent(), LOOKED_AT)
                .map(stretch -> {
                    List<Found> found = found(replay, stretch.candidates());
                    if (found.size() <= most) {
                        return new Part(found, stretch.end());
                    }
                    Found last = found.get(most - 1);
                    return new Part(
                            found.subList(0, most),
                            new Place(last.eventId().value(), last.webhookId().value()));
                });
    }

    private static List<Found> found(Replay replay, List<Candidate> candidates) {
        return candidates.stream()
                .filter(each -> isWanted(replay, each))
                .map(each -> new Found(each.eventId(), each.tenant(), each.webhookId()))
                .toList();
    }

    private static boolean isWanted(Replay replay, Candidate each) {
        Replay.Filter filter = replay.filter();
        return (replay.tenant() == null || replay.tenant().equals(each.tenant()))
                && (filter.webhookId() == null || filter.webhookId().equals(each.webhookId()))
                && filter.isAbout(each.type())
                && filter.opens(each.status());
    }

    private Future<Part> nextOfEvents(Replay replay, int events, int most) {
        Place place = replay.place();
        return queries.events(place.event(), replay.upperEvent(), replay.tenant(), events)
                .compose(past -> {
                    Place end = past.size() < events ? null : after(past);
                    Map<EventId, Collection<WebhookId>> receivers = new HashMap<>();
                    past.forEach(event -> receivers.put(event.id(), receivers(replay, event)));
                    if (receivers.values().stream().noneMatch(index.filters()::concern)) {
                        return Future.succeededFuture(part(place, past, receivers, end, most));
                    }
                    boolean all = past.size() <= JUDGED_TOGETHER;
                    List<Past> some = all ? past : past.subList(0, JUDGED_TOGETHER);
                    return judge(some, receivers)
                            .map(reached -> part(place, some, reached, all ? end : after(some), most));
                });
    }

    /** Has filters judge: what is left of the receivers of each event. One whose payload is gone reaches nobody. */
    private Future<Map<EventId, Collection<WebhookId>>> judge(
            List<Past> past, Map<EventId, Collection<WebhookId>> receivers) {
        Map<EventId, Past> concerned = new HashMap<>();
        for (Past event : past) {
            if (index.filters().concern(receivers.getOrDefault(event.id(), List.of()))) {
                concerned.put(event.id(), event);
            }
        }
        return payloads.of(concerned.keySet()).map(read -> {
            Map<EventId, Collection<WebhookId>> reached = new HashMap<>(receivers);
            concerned.forEach((id, event) -> {
                Payload payload = read.get(id);
                reached.computeIfPresent(
                        id,
                        (same, all) -> payload == null
                                ? List.of()
                                : index.filters()
                                        .select(all, payload, event.tenant(), time.monotonicNanos())
                                        .reached());
            });
            return reached;
        });
    }

    private static Part part(
            Place place,
            List<Past> past,
            Map<EventId, Collection<WebhookId>> receivers,
            @Nullable Place end,
            int most) {
        List<Found> found = new ArrayList<>();
        for (Past event : past) {
            boolean begun = event.id().value().equals(place.event());
            for (WebhookId webhookId : receivers.getOrDefault(event.id(), List.of())) {
                if (begun && webhookId.value().compareTo(place.webhook()) <= 0) {
                    continue;
                }
                found.add(new Found(event.id(), event.tenant(), webhookId));
                if (found.size() >= most) {
                    return new Part(found, new Place(event.id().value(), webhookId.value()));
                }
            }
        }
        return new Part(found, end);
    }

    private static Place after(List<Past> events) {
        return new Place(events.get(events.size() - 1).id().value(), Place.END);
    }

    /** Those who would get an event, in the order of their identifiers. */
    private List<WebhookId> receivers(Replay replay, Past event) {
        Replay.Filter filter = replay.filter();
        if (!filter.isAbout(event.type())) {
            return List.of();
        }
        if (filter.webhookId() != null) {
            Optional<Webhook> webhook = index.get(filter.webhookId());
            return webhook.filter(each -> each.tenant().equals(event.tenant()) && subscribes(each, event.type()))
                    .map(each -> List.of(each.id()))
                    .orElse(List.of());
        }
        Collection<WebhookId> matching = index.match(event.tenant(), event.type());
        return matching.stream().sorted().toList();
    }

    /** Whether it is active or not. */
    private static boolean subscribes(Webhook webhook, String type) {
        return webhook.events().stream()
                .anyMatch(pattern -> EventPattern.of(pattern).matches(type));
    }

    /** How much a replay is to do, as far as can be told in reasonable time. */
    Future<Count> count(Replay replay) {
        return count(replay, 0, 0);
    }

    private Future<Count> count(Replay replay, long before, int stretches) {
        if (before > MOST_COUNTED) {
            return Future.succeededFuture(new Count(MOST_COUNTED, false));
        }
        if (stretches >= MOST_STRETCHES_COUNTED) {
            return Future.succeededFuture(new Count(before, false));
        }
        return (replay.filter().missed() ? countEvents(replay) : countDeliveries(replay)).compose(counted -> {
            long matched = before + counted.matched;
            if (counted.end == null) {
                boolean all = counted.exact && matched <= MOST_COUNTED;
                return Future.succeededFuture(new Count(Math.min(matched, MOST_COUNTED), all));
            }
            return counted.exact
                    ? count(replay.at(counted.end), matched, stretches + 1)
                    : Future.succeededFuture(new Count(Math.min(matched, MOST_COUNTED), false));
        });
    }

    private record Counted(
            long matched, boolean exact, @Nullable Place end) {}

    private Future<Counted> countDeliveries(Replay replay) {
        return queries.deliveries(replay.place(), replay.upperEvent(), DELIVERIES_COUNTED_AT_ONCE)
                .map((Stretch stretch) ->
                        new Counted(found(replay, stretch.candidates()).size(), true, stretch.end()));
    }

    /** All who would get an event, but for those whose delivery is there and stays as it is. */
    private Future<Counted> countEvents(Replay replay) {
        return nextOfEvents(replay, EVENTS_COUNTED_AT_ONCE, DELIVERIES_OF_COUNTED)
                .compose(part -> {
                    List<EventId> events =
                            part.found.stream().map(Found::eventId).distinct().toList();
                    return queries.deliveriesOf(events, DELIVERIES_OF_COUNTED).map(there -> {
                        Map<Found, Candidate> existing = new HashMap<>();
                        there.forEach(
                                each -> existing.put(new Found(each.eventId(), each.tenant(), each.webhookId()), each));
                        long matched = part.found.stream()
                                .filter(each -> !existing.containsKey(each)
                                        || replay.filter()
                                                .opens(existing.get(each).status()))
                                .count();
                        return new Counted(matched, there.size() < DELIVERIES_OF_COUNTED, part.end);
                    });
                });
    }
}
