package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.ShardCommit;
import io.longline.model.CircuitStatus;
import io.longline.model.DeliveryId;
import io.longline.model.DeliveryStatus;
import io.longline.model.Outcome;
import io.longline.model.RetryPolicy;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.Circuit;
import io.longline.store.Backlog;
import io.longline.store.Operation;
import io.longline.store.Operation.RecordAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A shard's life by chance: everything that can happen to it happens in any order, with whatever is under way delayed for
 * as long as it pleases, and the same for the same seed. What must always hold is checked at every step; at the end every
 * receiver is well again, and nothing may be left waiting.
 */
final class ShardSimulation {
    private static final int STEPS = 500;
    private static final int LAST_HOPS = 5_000;
    private static final long MOST_MEMORY = 20L * ShardWorld.PAYLOAD_BYTES;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final List<Outcome> OUTCOMES = List.of(
            ShardWorld.OK,
            ShardWorld.OK,
            ShardWorld.OK,
            ShardWorld.ERROR,
            ShardWorld.NOT_WANTED,
            ShardWorld.TIMED_OUT,
            new Outcome.Unreachable("refused"),
            new Outcome.Blocked("blocked"),
            new Outcome.Answered(503, Duration.ofSeconds(20)),
            new Outcome.Answered(429, Duration.ofMinutes(20)),
            ShardWorld.GONE);

    private final SplittableRandom chance;
    /** Results are refused and messages lost in some lives only, since then it takes a sweep to find what was forgotten. */
    private final boolean forgetful;

    private final boolean sickly;
    private final List<WebhookId> webhooks = new ArrayList<>();
    /** Webhooks that answered 410, and the deliveries whose results are to disable them. */
    private final Map<WebhookId, DeliveryId> gone = new HashMap<>();

    private ShardWorld world;
    private Sweep sweep;
    private boolean sweptSinceStart = true;

    /** A look for forgotten work under way. */
    private record Sweep(List<WebhookId> lanes, Map<WebhookId, Backlog> found) {}

    ShardSimulation(long seed) {
        chance = new SplittableRandom(seed);
        forgetful = chance.nextInt(3) == 0;
        sickly = chance.nextInt(3) == 0;
        Circuit.Settings circuit =
                new Circuit.Settings(chance.nextBoolean(), 3, 6, Duration.ofSeconds(30), Duration.ofMinutes(10));
        ShardSettings settings = new ShardSettings(
                1 + chance.nextInt(8),
                1 + chance.nextInt(6),
                1 + chance.nextInt(12),
                Duration.ofMinutes(chance.nextBoolean() ? 30 : 100_000),
                Duration.ofMinutes(10),
                chance.nextBoolean() ? Duration.ZERO : Duration.ofMinutes(20),
                circuit);
        ManualTime time = new ManualTime(chance.nextLong(-1_000_000, 1_000_000));
        world = new ShardWorld(settings, MOST_MEMORY, time, new StoreModel(), chance.split());
        world.watcher = this::check;
        world.lookUps = this::mustLookUp;
        int count = 1 + chance.nextInt(4);
        for (int index = 0; index < count; index++) {
            webhooks.add(world.webhook(this::anySettings));
        }
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step();
            checkBounds();
        }
        end();
    }

    // ---- what happens

    private void step() {
        int kind = chance.nextInt(100);
        if (kind < 22) {
            deliverMessage();
        } else if (kind < 35) {
            writeSome();
        } else if (kind < 36 && !world.retried.isEmpty()) {
            world.endRetry();
        } else if (kind < 54) {
            endAttempt();
        } else if (kind < 68) {
            endRead();
        } else if (kind < 76) {
            acceptEvents();
        } else if (kind < 84) {
            passTime(chance.nextLong(chance.nextInt(4) == 0 ? 600_000 : 3_000));
        } else if (kind < 88) {
            byHand();
        } else if (kind < 92) {
            editWebhook();
        } else if (kind < 94) {
            world.shard.tick();
        } else if (kind < 97) {
            sweepStep();
        } else {
            rareEvent();
        }
    }

    private void deliverMessage() {
        if (world.messages.isEmpty()) {
            return;
        }
        if (forgetful && chance.nextInt(20) == 0 && tellsOnlyOfNew(world.messages.peek())) {
            world.messages.remove();
        } else {
            ShardCommit message = world.messages.peek();
            message.settled().forEach(settled -> gone.remove(settled.webhookId(), settled.deliveryId()));
            message.webhooks().forEach(webhook -> gone.remove(webhook.id()));
            world.deliver();
        }
    }

    private void deliverAll() {
        while (!world.messages.isEmpty()) {
            deliverMessage();
        }
    }

    private static boolean tellsOnlyOfNew(ShardCommit message) {
        return message.webhooks().isEmpty()
                && message.settled().isEmpty()
                && message.cancelled().isEmpty()
                && message.reopened().isEmpty();
    }

    private void writeSome() {
        if (world.unwritten.isEmpty()) {
            return;
        }
        if (forgetful && chance.nextInt(10) == 0 && refused(world.unwritten.peek())) {
            return;
        }
        List<Operation<?>> some = new ArrayList<>();
        for (int left = 1 + chance.nextInt(4); left > 0 && !world.unwritten.isEmpty(); left--) {
            some.add(world.unwritten.remove());
        }
        world.commit(some.toArray(Operation<?>[]::new));
    }

    private boolean refused(Operation<?> operation) {
        if (operation instanceof RecordAttempt result) {
            world.unwritten.remove();
            gone.remove(result.attempt().webhookId(), result.attempt().deliveryId());
            world.shard.recordRefused(
                    result.attempt().webhookId(), result.attempt().deliveryId());
            return true;
        }
        return false;
    }

    private void endAttempt() {
        if (world.flights.isEmpty()) {
            return;
        }
        if (!world.lookingUp.isEmpty() && chance.nextBoolean()) {
            DeliveryId id = any(List.copyOf(world.flights.keySet()).stream()
                    .filter(world.lookingUp::contains)
                    .toList());
            world.lookingUp.remove(id);
            world.shard.lookedUp(world.flights.get(id));
            return;
        }
        DeliveryId id = any(new ArrayList<>(world.flights.keySet()));
        if (chance.nextInt(12) == 0) {
            world.notSentOnly(id);
        } else {
            int kinds = sickly || chance.nextInt(4) == 0 ? OUTCOMES.size() : 4;
            end(world.flights.get(id), OUTCOMES.get(chance.nextInt(kinds)));
        }
    }

    private void end(Flight flight, Outcome outcome) {
        WebhookId webhookId = flight.webhook().id();
        DeliveryId id = flight.delivery().id();
        world.endOnly(id, outcome);
        if (outcome == ShardWorld.GONE
                && world.lane(webhookId).webhook().version() == flight.webhook().version()) {
            gone.put(webhookId, id);
        }
    }

    /** A read's rows are those of any moment between its begin and its end. */
    private void endRead() {
        if (world.reads.isEmpty()) {
            return;
        }
        int index = chance.nextInt(world.reads.size());
        ShardWorld.Read read = world.reads.get(index);
        switch (chance.nextInt(6)) {
            case 0 -> world.fail(read);
            case 1, 2 -> world.reads.set(index, world.read(read.webhookId(), read.retries(), read.limit()));
            default -> world.answer(read);
        }
    }

    private void acceptEvents() {
        List<Operation.NewEvent> events = new ArrayList<>();
        int count = chance.nextInt(8) == 0 ? 20 : 1 + chance.nextInt(3);
        for (int index = 0; index < count; index++) {
            List<WebhookId> targets = new ArrayList<>(webhooks);
            targets.removeIf(id -> !world.store.webhooks.get(id).active() || chance.nextInt(3) == 0);
            events.add(world.event(targets.toArray(WebhookId[]::new)));
        }
        world.commit(new Operation.AcceptEvents(events, null));
    }

    private void passTime(long millis) {
        long end = world.time.monotonicMillis() + millis;
        while (world.wakeAt <= end) {
            world.time.advance(Math.max(0, world.wakeAt - world.time.monotonicMillis()));
            world.wakeAt = Lane.NEVER;
            world.shard.wake();
            checkBounds();
        }
        world.time.advance(end - world.time.monotonicMillis());
    }

    private void byHand() {
        if (world.store.rows.isEmpty()) {
            return;
        }
        StoreModel.Row row = any(new ArrayList<>(world.store.rows.values()));
        long now = world.time.wallMillis();
        if (chance.nextBoolean()) {
            world.unwritten.add(new Operation.CancelDelivery(row.id, now));
        } else if (world.lane(row.webhookId) != null
                || world.store.webhooks.get(row.webhookId).isDeleted()) {
            // Whoever knows of a delivery was told after the shard was.
            world.beginRetry(row.id);
        }
    }

    private void editWebhook() {
        WebhookId id = any(webhooks);
        if (chance.nextInt(30) == 0) {
            if (!world.store.webhooks.get(id).isDeleted()) {
                world.commit(new Operation.DeleteWebhook(id, world.time.source().now()));
            }
            return;
        }
        List<UnaryOperator<WebhookBuilder>> changes = List.of(
                webhook -> webhook.paused(true),
                webhook -> webhook.paused(false),
                webhook -> webhook.active(false),
                webhook -> webhook.active(true),
                webhook -> webhook.active(true).paused(false),
                webhook -> webhook.url("http://other.example/" + chance.nextInt()),
                this::anySettings);
        world.edit(id, any(changes));
    }

    private WebhookBuilder anySettings(WebhookBuilder webhook) {
        return webhook.maxInFlight(chance.nextBoolean() ? null : 1 + chance.nextInt(9))
                .rateLimit(chance.nextInt(3) > 0 ? null : chance.nextDouble(0.2, 20))
                .retry(new RetryPolicy(chance.nextInt(5), Duration.ofSeconds(1 + chance.nextInt(60)), null));
    }

    private void sweepStep() {
        Sweep underWay = sweep;
        if (underWay == null) {
            List<WebhookId> lanes = world.shard.lanesToSweep();
            world.shard.sweep(lanes);
            sweep = new Sweep(lanes, world.store.backlogs(lanes));
        } else {
            sweep = null;
            if (chance.nextInt(5) > 0) {
                world.shard.swept(underWay.lanes, underWay.found);
                sweptSinceStart = true;
            }
        }
    }

    private void rareEvent() {
        switch (chance.nextInt(12)) {
            case 0, 1 -> world.time.jumpWall(HOUR_MILLIS);
            case 2, 3 -> world.time.jumpWall(-HOUR_MILLIS);
            case 4 -> crash();
            case 5 -> deliverAll();
            default -> webhooks.add(created());
        }
    }

    private WebhookId created() {
        if (webhooks.size() >= 8) {
            return any(webhooks);
        }
        var webhook = world.newWebhook(this::anySettings);
        world.commit(new Operation.CreateWebhook(webhook));
        return webhook.id();
    }

    private void crash() {
        world = world.restarted();
        world.watcher = this::check;
        world.lookUps = this::mustLookUp;
        gone.clear();
        sweep = null;
        sweptSinceStart = false;
    }

    /** Names of some webhooks are never known, and those of others always. */
    private boolean mustLookUp(Webhook webhook) {
        return webhook.id().hashCode() % 3 == 0;
    }

    // ---- what must hold

    private void check(Flight flight) {
        DeliveryId id = flight.delivery().id();
        StoreModel.Row row = world.store.rows.get(id);
        Lane lane = world.lane(row.webhookId);
        assertThat(lane.isHeldByOwner()).as("%s is held", row.webhookId).isFalse();
        assertThat(world.unwritten)
                .as("retries of %s by hand", id)
                .noneMatch(waits -> waits instanceof Operation.RetryDelivery retry
                        && retry.id().equals(id));
        assertThat(gone).as("webhooks that answered 410").doesNotContainKey(row.webhookId);
        assertThat(lane.circuit().status()).isNotEqualTo(CircuitStatus.OPEN);
        if (lane.circuit().status() == CircuitStatus.PROBING) {
            assertThat(world.inFlight(row.webhookId)).as("one probe").isEqualTo(1);
        }
        boolean newsUnderWay = world.messages.stream().anyMatch(message -> tellsOf(message, row));
        if (!newsUnderWay) {
            assertThat(row.status).as("%s waits in the store", id).isEqualTo(DeliveryStatus.PENDING);
            assertThat(flight.delivery().attempts()).as("attempts of %s", id).isEqualTo(row.attempts);
            assertThat(flight.delivery().budgetUsed())
                    .as("budget used of %s", id)
                    .isEqualTo(row.budgetUsed);
        } else {
            assertThat(row.status)
                    .as("%s was recorded as ended", id)
                    .isIn(DeliveryStatus.PENDING, DeliveryStatus.CANCELLED);
        }
    }

    private static boolean tellsOf(ShardCommit message, StoreModel.Row row) {
        return message.cancelled().stream()
                        .anyMatch(touched -> touched.deliveryId().equals(row.id))
                || message.reopened().stream()
                        .anyMatch(touched -> touched.deliveryId().equals(row.id))
                || message.webhooks().stream().anyMatch(webhook -> webhook.id().equals(row.webhookId));
    }

    private void checkBounds() {
        assertThat(world.memory.held()).isBetween(0L, MOST_MEMORY + ShardWorld.PAYLOAD_BYTES);
        for (WebhookId id : webhooks) {
            Lane lane = world.lane(id);
            if (lane != null) {
                // What could not be sent after all goes back into a window that may have been filled again.
                int most = world.settings.window() + 1 + world.settings.maxInFlight();
                assertThat(lane.waitingCount()).as("window").isBetween(0, most);
                assertThat(lane.isHeldByOwner() && lane.hasWaiting())
                        .as("a held lane holds something")
                        .isFalse();
            }
        }
    }

    // ---- the end

    private void end() {
        if (sweep != null) {
            world.shard.swept(sweep.lanes, sweep.found);
            sweptSinceStart = true;
        }
        gone.clear();
        world.pump();
        webhooks.forEach(id -> world.edit(id, webhook -> webhook.active(true).paused(false)));
        world.pump();
        if (!sweptSinceStart) {
            world.sweep();
        }
        int hops = 0;
        while (hops++ < LAST_HOPS && !world.store.rows.values().stream().allMatch(world.store::isFinal)) {
            world.endAll(ShardWorld.OK);
            long next = Math.min(world.wakeAt, world.time.monotonicMillis() + HOUR_MILLIS);
            world.advance(Duration.ofMillis(Math.max(1, next - world.time.monotonicMillis())));
            world.shard.tick();
            if (forgetful) {
                world.sweep();
            }
        }
        world.pump();
        checkEnd();
    }

    private void checkEnd() {
        for (StoreModel.Row row : world.store.rows.values()) {
            assertThat(world.store.isFinal(row))
                    .as("%s is stuck in a lane that knows %s", row.id, describe(world.lane(row.webhookId)))
                    .isTrue();
        }
        assertThat(world.flights).isEmpty();
        assertThat(world.shard.isQuiet()).isTrue();
        assertThat(world.memory.held()).as("payload bytes held").isZero();
        for (WebhookId id : webhooks) {
            Lane lane = world.lane(id);
            assertThat(lane == null || lane.isIdle())
                    .as("%s knows of nothing", id)
                    .isTrue();
            if (lane != null) {
                assertThat(world.store.webhooks.get(id).circuit())
                        .as("the stored circuit of %s", id)
                        .isEqualTo(lane.circuit().status());
            }
        }
    }

    private static String describe(Lane lane) {
        return lane == null
                ? "nothing"
                : "circuit %s, waiting %d, in flight %d, behind %s, reading %s, retry at %d, awaiting sweep %s"
                        .formatted(
                                lane.circuit(),
                                lane.waitingCount(),
                                lane.inFlightCount(),
                                lane.isBehind(),
                                lane.isReading(),
                                lane.nextRetryAtWall(),
                                lane.isAwaitingFirstSweep());
    }

    private <T> T any(List<T> list) {
        return list.get(chance.nextInt(list.size()));
    }
}
