package io.longline.delivery;

import static io.longline.delivery.ShardSteps.oldest;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a webhook whose host name is being looked up one attempt waits for that, and the others in the window. */
class ShardLookUpTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.url("http://slow.example/"));

    ShardLookUpTest() {
        world.lookUps = sentTo -> sentTo.url().startsWith("http://slow");
    }

    @Test
    void e17_oneAttemptOfALaneWaitsForALookUp() {
        List<DeliveryId> made = world.accept(8, webhook);

        world.pump();

        assertThat(world.flights).containsOnlyKeys(made.get(0));
        assertThat(world.lane(webhook).waitingCount()).isEqualTo(7);
    }

    @Test
    void e17_othersGoOnceTheNameIsLookedUp() {
        List<DeliveryId> made = world.accept(8, webhook);
        world.pump();
        world.lookUps = sentTo -> false;

        world.lookedUp(made.get(0));

        assertThat(world.flights).containsOnlyKeys(made.subList(0, 4));
    }

    @Test
    void e17_nextWaitsWhenTheLookUpFailed() {
        List<DeliveryId> made = world.accept(8, webhook);
        world.pump();

        world.end(made.get(0), new Outcome.Unreachable("The host name does not resolve"));

        assertThat(world.flights).containsOnlyKeys(made.get(1));
    }

    /** It is no failure of the receiver's: no attempt is spent, and the circuit does not count it. */
    @Test
    void e17_deliveryForWhichNoThreadWasFoundGoesAgainAfterASecond() {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        for (int times = 0; times < 20; times++) {
            world.notSent(delivery);
            assertThat(world.flights).isEmpty();
            world.advance(Duration.ofSeconds(1));
        }

        assertThat(world.flights.get(delivery).attemptNumber()).isEqualTo(1);
        assertThat(world.circuitMoves).isEmpty();
    }

    @Test
    void e17_webhooksWhoseNamesHangLeaveTheSlotsToOthers() {
        List<WebhookId> hanging = new ArrayList<>();
        for (int index = 0; index < 6; index++) {
            String url = "http://slow-" + index + ".example/";
            hanging.add(world.webhook(builder -> builder.url(url)));
        }
        WebhookId healthy = world.webhook();
        DeliveryId first = world.accept(healthy);
        world.pump();
        world.end(first, ShardWorld.OK);
        world.accept(10, hanging.toArray(WebhookId[]::new));
        world.accept(50, healthy);
        world.pump();

        while (world.inFlight(healthy) > 0) {
            List.copyOf(world.flights.values()).stream()
                    .filter(flight -> flight.webhook().id().equals(healthy))
                    .forEach(flight -> world.end(flight.delivery().id(), ShardWorld.OK));
        }

        assertThat(ShardSteps.sentTo(world, healthy)).hasSize(51);
        assertThat(world.flights).as("one of each").hasSize(6);
    }

    @Test
    void e17_webhookThatMovesDoesNotWaitForTheNameBefore() {
        world.accept(8, webhook);
        world.pump();

        world.edit(webhook, change -> change.url("http://quick.example/"));
        world.pump();

        assertThat(world.flights).hasSize(4);
        world.end(oldest(world), ShardWorld.TIMED_OUT);
        assertThat(world.flights).hasSize(4);
    }
}
