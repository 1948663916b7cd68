package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.model.WebhookId;
import org.junit.jupiter.api.Test;

/** E9: what the store says of a circuit is what its lane does, also when the webhook is changed at the same moment. */
class StoredCircuitTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook();

    @Test
    void e9_aCircuitThatOpensWhileItsWebhookGetsAnotherUrl_isStoredAsClosed() {
        openWithoutStoring();
        world.edit(webhook, builder -> builder.url("http://other.example/"));

        // The circuit is stored as open behind the change; then the shard hears of the change.
        world.pump();

        assertThat(world.lane(webhook).circuit().status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(world.store.webhooks.get(webhook).circuit()).isEqualTo(CircuitStatus.CLOSED);
    }

    @Test
    void e9_anotherUrl_isToldAsAClosedCircuitOnce() {
        openWithoutStoring();
        world.pump();

        world.edit(webhook, builder -> builder.url("http://other.example/"));
        world.pump();
        world.edit(webhook, builder -> builder.url("http://third.example/"));
        world.pump();

        assertThat(world.circuitMoves).containsExactly(CircuitStatus.OPEN, CircuitStatus.CLOSED);
    }

    private void openWithoutStoring() {
        world.accept(10, webhook);
        for (int failures = 0; failures < 10; failures++) {
            world.pump();
            world.endOnly(world.flights.keySet().iterator().next(), ShardWorld.ERROR);
        }
    }
}
