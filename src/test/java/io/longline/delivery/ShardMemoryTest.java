package io.longline.delivery;

import static io.longline.delivery.ShardSteps.sentTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.PayloadMemory.Share;
import io.longline.model.DeliveryId;
import io.longline.model.Payload;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payloads of full size: those of webhooks that hang leave the memory of the others alone. */
class ShardMemoryTest {
    private static final int LARGE = 250_000;
    private static final long MEMORY = 64L << 20;
    private static final int HANGING = 280;

    private final ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(1_024, 16, 64), MEMORY);

    @BeforeEach
    void sendLargePayloads() {
        world.payload = Payload.of(new byte[LARGE]);
    }

    /** Without a limit of their own, 269 attempts that hang would hold all of the 64 MiB. */
    @Test
    void e6_webhooksThatHangWithLargePayloadsLeaveHalfOfTheMemoryToThoseThatAnswer() {
        List<WebhookId> healthy = List.of(world.webhook(), world.webhook());
        healthy.forEach(world::accept);
        world.pump();
        world.endAll(ShardWorld.OK);
        List<WebhookId> hanging = hang();
        assertThat(world.memory.held()).isGreaterThan(MEMORY / 4).isLessThanOrEqualTo(MEMORY / 2);

        world.accept(100, healthy.toArray(WebhookId[]::new));
        world.pump();
        while (healthy.stream().mapToLong(world::inFlight).sum() > 0) {
            endHealthy(healthy);
        }

        healthy.forEach(id -> assertThat(sentTo(world, id)).hasSize(101).doesNotHaveDuplicates());
        assertThat(hanging.stream().mapToLong(world::inFlight).sum())
                .as("none of them ended")
                .isGreaterThan(100);
    }

    /** F8: once it is known which hang, part of what is left to lanes without a success is not for them. */
    @Test
    void e6_webhookThatIsNewFindsMemoryBesideManyThatAreKnownToHang() {
        hang();
        for (int round = 0; round < 5; round++) {
            world.time.advance(30_000);
            ShardSteps.endRound(world, ShardWorld.TIMED_OUT);
        }
        while (world.memory.reserveWaiting(LARGE)) {
            assertThat(world.memory.held()).isLessThan(MEMORY);
        }
        WebhookId fresh = world.webhook();

        DeliveryId delivery = world.accept(fresh);
        world.pump();

        assertThat(world.flights).hasSizeGreaterThan(20).containsKey(delivery);
    }

    /** Everything is tried again when memory is given back, in the order that it was refused. */
    @Test
    void e6_webhooksThatFindNoMemoryTakeTurnsAmongThemselves() {
        List<WebhookId> hanging = hang();

        for (int round = 0; round < 20; round++) {
            world.advance(Duration.ofSeconds(30));
            ShardSteps.endRound(world, ShardWorld.TIMED_OUT);
        }

        assertThat(hanging).allSatisfy(id -> assertThat(sentTo(world, id)).isNotEmpty());
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofMinutes(10));
        world.endAll(ShardWorld.OK);
        assertThat(world.memory.held()).isZero();
    }

    /** A large payload waits for room; small ones that come later must not take it bit by bit. */
    @Test
    void e6_deliveryThatWaitsForMemoryGoesBeforeThoseThatComeAfterIt() {
        ShardWorld small = new ShardWorld(ShardWorld.withoutCircuits(64, 16, 64), 800);
        WebhookId first = proven(small);
        WebhookId large = proven(small);
        WebhookId later = proven(small);
        assertThat(small.memory.reserveWaiting(200)).isTrue();
        small.memory.reserveAnyway(100, Share.PROVEN);
        DeliveryId holds = sent(small, first, 250);
        DeliveryId waits = sent(small, large, 240);
        DeliveryId fits = sent(small, later, 50);
        assertThat(small.flights).containsOnlyKeys(holds);

        small.end(holds, ShardWorld.OK);

        assertThat(small.flights.keySet()).containsExactly(waits, fits);
    }

    @Test
    void e8_webhookPausedWhileItWaitsForMemoryKeepsNobodyFromIt() {
        ShardWorld small = new ShardWorld(ShardWorld.withoutCircuits(64, 16, 64), 800);
        WebhookId first = proven(small);
        WebhookId paused = proven(small);
        WebhookId other = proven(small);
        small.memory.reserveAnyway(300, Share.PROVEN);
        DeliveryId holds = sent(small, first, 250);
        DeliveryId waits = sent(small, paused, 290);
        small.edit(paused, change -> change.paused(true));
        DeliveryId next = sent(small, other, 50);

        assertThat(small.flights).containsOnlyKeys(holds, next);
        small.end(holds, ShardWorld.OK);
        small.end(next, ShardWorld.OK);
        small.edit(paused, change -> change.paused(false));
        small.pump();

        assertThat(small.flights).containsOnlyKeys(waits);
    }

    /** A webhook that answered, with a delivery of nothing that is waited for. */
    private static WebhookId proven(ShardWorld world) {
        WebhookId webhook = world.webhook();
        world.accept(webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        return webhook;
    }

    /** A new delivery of so many bytes, which are not held for it while it waits. */
    private static DeliveryId sent(ShardWorld world, WebhookId webhook, int bytes) {
        world.payload = Payload.of(new byte[bytes]);
        DeliveryId made = world.accept(webhook);
        world.pump();
        return made;
    }

    /** Webhooks whose receivers take the request and say nothing, with deliveries of different events. */
    private List<WebhookId> hang() {
        List<WebhookId> hanging = new ArrayList<>();
        for (int index = 0; index < HANGING; index++) {
            WebhookId webhook = world.webhook();
            world.accept(3, webhook);
            world.pump();
            hanging.add(webhook);
        }
        return hanging;
    }

    private void endHealthy(List<WebhookId> healthy) {
        world.advance(Duration.ofMillis(10));
        List.copyOf(world.flights.values()).stream()
                .filter(flight -> healthy.contains(flight.webhook().id()))
                .forEach(flight -> world.end(flight.delivery().id(), ShardWorld.OK));
    }
}
