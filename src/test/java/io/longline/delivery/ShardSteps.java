package io.longline.delivery;

import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;

/** What tests of a shard do and ask again and again. */
final class ShardSteps {
    private ShardSteps() {}

    /** Hands over every message, and lets nothing else happen. */
    static void deliverAll(ShardWorld world) {
        while (!world.messages.isEmpty()) {
            world.deliver();
        }
    }

    /** Answers the reads under way, and lets nothing else happen. */
    static void answerReads(ShardWorld world) {
        List.copyOf(world.reads).forEach(world::answer);
    }

    /** Every attempt's delivery, in the order the attempts began. */
    static List<DeliveryId> sentIds(ShardWorld world) {
        return world.sent.stream().map(flight -> flight.delivery().id()).toList();
    }

    static List<DeliveryId> sentTo(ShardWorld world, WebhookId webhookId) {
        return world.sent.stream()
                .filter(flight -> flight.webhook().id().equals(webhookId))
                .map(flight -> flight.delivery().id())
                .toList();
    }

    /** The attempt under way that began first. */
    static DeliveryId oldest(ShardWorld world) {
        return world.flights.keySet().iterator().next();
    }

    /** Ends attempts, the oldest first, and lets everything that follows from each happen. */
    static void endOldest(ShardWorld world, int count, Outcome outcome) {
        for (int index = 0; index < count; index++) {
            world.end(oldest(world), outcome);
        }
    }

    /** Ends the attempts under way now, and not those that they make room for. */
    static void endRound(ShardWorld world, Outcome outcome) {
        List.copyOf(world.flights.keySet()).forEach(id -> world.end(id, outcome));
    }

    /** Time passes in small steps; whatever is under way at the end of each is answered. */
    static void run(ShardWorld world, Duration duration, Duration step, Outcome outcome) {
        for (long left = duration.toMillis(); left > 0; left -= step.toMillis()) {
            world.advance(step);
            world.endAll(outcome);
        }
    }
}
