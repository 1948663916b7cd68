package io.longline.store.sql;

import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the figures must come to, counted the plainest way: one thing after the other, in lists and maps. */
final class StatisticsModel {
    final List<Tracked> deliveries = new ArrayList<>();
    /** By owner and minute: accepted, attempts succeeded and failed, deliveries succeeded and failed, milliseconds. */
    final Map<String, Map<Long, long[]>> minutes = new TreeMap<>();

    /** A delivery as its tester knows it. */
    static final class Tracked {
        final DeliveryId id;
        final Webhook webhook;
        DeliveryStatus status = DeliveryStatus.PENDING;
        int attempts;

        Tracked(DeliveryId id, Webhook webhook) {
            this.id = id;
            this.webhook = webhook;
        }

        boolean waits() {
            return status == DeliveryStatus.PENDING;
        }
    }

    List<Tracked> waiting() {
        return deliveries.stream().filter(Tracked::waits).toList();
    }

    void accepted(String tenant, long atMillis) {
        tenant(tenant, atMillis, 0, 1);
    }

    void made(DeliveryId id, Webhook webhook, long atMillis) {
        deliveries.add(new Tracked(id, webhook));
        minute(webhook.id().value(), atMillis)[0]++;
    }

    void attempted(Tracked delivery, boolean succeeded, long millis, DeliveryStatus next, long atMillis) {
        delivery.attempts++;
        both(delivery.webhook, atMillis, succeeded ? 1 : 2, 1);
        both(delivery.webhook, atMillis, 5, millis);
        if (delivery.waits()) {
            delivery.status = next;
            ended(delivery, atMillis);
        }
    }

    void expired(Tracked delivery, long atMillis) {
        delivery.status = DeliveryStatus.FAILED;
        ended(delivery, atMillis);
    }

    private void ended(Tracked delivery, long atMillis) {
        if (delivery.status == DeliveryStatus.SUCCEEDED) {
            both(delivery.webhook, atMillis, 3, 1);
        } else if (delivery.status == DeliveryStatus.FAILED) {
            both(delivery.webhook, atMillis, 4, 1);
        }
    }

    void deleted(Webhook webhook) {
        deliveries.removeIf(delivery -> delivery.webhook.id().equals(webhook.id()) && delivery.waits());
    }

    /** Pending and retrying. */
    String waitingOf(String owner) {
        long pending = 0;
        long retrying = 0;
        for (Tracked delivery : waiting()) {
            boolean counts = owner.equals("*")
                    || owner.equals(delivery.webhook.tenant())
                    || owner.equals(delivery.webhook.id().value());
            pending += counts ? 1 : 0;
            retrying += counts && delivery.attempts > 0 ? 1 : 0;
        }
        return pending + "," + retrying;
    }

    /** The sums of all minutes of a span, as the tables show them. */
    long[] sum(String owner, long fromMillis, long beforeMillis) {
        long[] sum = new long[6];
        minutes.getOrDefault(owner, Map.of()).forEach((atMillis, figures) -> {
            for (int index = 0; index < sum.length && atMillis >= fromMillis && atMillis < beforeMillis; index++) {
                sum[index] += figures[index];
            }
        });
        return sum;
    }

    /** Every bucket of that size, as rows. */
    List<String> buckets(long sizeMillis) {
        Map<String, long[]> sums = new TreeMap<>();
        minutes.forEach((owner, byMinute) -> byMinute.forEach((atMillis, figures) -> {
            long[] sum = sums.computeIfAbsent(owner + "," + atMillis / sizeMillis * sizeMillis, key -> new long[6]);
            for (int index = 0; index < sum.length; index++) {
                sum[index] += figures[index];
            }
        }));
        return sums.entrySet().stream()
                .map(entry -> entry.getKey() + "," + join(entry.getValue()))
                .toList();
    }

    private static String join(long[] figures) {
        List<String> texts = new ArrayList<>();
        for (long figure : figures) {
            texts.add(String.valueOf(figure));
        }
        return String.join(",", texts);
    }

    private void both(Webhook webhook, long atMillis, int place, long amount) {
        minute(webhook.id().value(), atMillis)[place] += amount;
        tenant(webhook.tenant(), atMillis, place, amount);
    }

    private void tenant(String tenant, long atMillis, int place, long amount) {
        minute(tenant, atMillis)[place] += amount;
        minute("*", atMillis)[place] += amount;
    }

    private long[] minute(String owner, long atMillis) {
        return minutes.computeIfAbsent(owner, key -> new TreeMap<>())
                .computeIfAbsent(atMillis / 60_000 * 60_000, key -> new long[6]);
    }
}
