package io.longline.delivery;

import static io.longline.delivery.ShardSteps.deliverAll;
import static io.longline.delivery.ShardSteps.endRound;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries and first attempts of a lane take turns: neither starves the other. */
class ShardAlternationTest {
    private final ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(64, 8, 8));
    private final WebhookId webhook = world.webhook();

    /** One at a time, with the window filled up after each: every second attempt is of the rarer kind. */
    @ParameterizedTest
    @CsvSource({"300, 20", "20, 300", "300, 300"})
    void e5_floodOfEitherKindLeavesTheOtherEverySecondAttempt(int retries, int firsts) {
        flood(retries, firsts);
        int before = world.sent.size();
        int looked = 2 * Math.min(100, Math.min(retries, firsts)) - 2;

        ShardSteps.endOldest(world, looked, ShardWorld.OK);

        List<Flight> sent = world.sent.subList(before, before + looked);
        assertThat(retriesAmong(sent)).isBetween(looked / 2L - 4, looked / 2L + 4);
    }

    /** Slots come free eight at once, of which the window can fill two with retries: each kind gets at least a sixth. */
    @ParameterizedTest
    @CsvSource({"300, 20", "20, 300", "300, 300"})
    void e5_floodOfEitherKindDoesNotStarveTheOtherWhenManySlotsComeFreeAtOnce(int retries, int firsts) {
        flood(retries, firsts);
        int before = world.sent.size();
        int looked = Math.min(200, 4 * Math.min(retries, firsts) + 16);

        while (world.sent.size() < before + looked && !world.flights.isEmpty()) {
            List.copyOf(world.flights.keySet()).forEach(id -> world.endOnly(id, ShardWorld.OK));
            world.pump();
        }

        List<Flight> sent = world.sent.subList(before, before + looked);
        long ofRetries = retriesAmong(sent);
        assertThat(ofRetries).as("retries").isGreaterThanOrEqualTo(Math.min(retries, looked / 6));
        assertThat(looked - ofRetries).as("first attempts").isGreaterThanOrEqualTo(Math.min(firsts, looked / 6));
    }

    /** Reads of one kind fail and are wanted again and again; those of the other have their turn in between. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void e5_readsThatFailDoNotHoldUpThoseOfTheOtherKind(boolean retriesFail) {
        prepare(40, 40);
        int before = world.sent.size();
        world.edit(webhook, change -> change.paused(false));
        deliverAll(world);

        for (int round = 0; round < 20; round++) {
            ShardWorld.Read read = world.reads.get(0);
            if (read.retries() == retriesFail) {
                world.fail(read);
            } else {
                world.answer(read);
            }
            world.time.advance(1_000);
            world.wakeAt = Lane.NEVER;
            world.shard.wake();
        }

        List<Flight> sent = world.sent.subList(before, world.sent.size());
        assertThat(sent).isNotEmpty();
        assertThat(retriesAmong(sent)).isEqualTo(retriesFail ? 0 : sent.size());
    }

    @Test
    void e5_retryThatComesDueGoesBeforeTheRestOfABacklog() {
        world.accept(300, webhook);
        world.pump();
        world.end(ShardSteps.oldest(world), ShardWorld.ERROR);

        world.advance(Duration.ofSeconds(6));
        ShardSteps.endOldest(world, 10, ShardWorld.OK);

        assertThat(retriesAmong(world.sent)).isEqualTo(1);
    }

    private void flood(int retries, int firsts) {
        prepare(retries, firsts);
        world.edit(webhook, change -> change.paused(false));
        world.pump();
    }

    /** So many retries that are due and so many first attempts, of a webhook that is paused. */
    private void prepare(int retries, int firsts) {
        world.accept(retries, webhook);
        world.pump();
        while (!world.flights.isEmpty()) {
            endRound(world, ShardWorld.ERROR);
        }
        world.edit(webhook, change -> change.paused(true));
        world.accept(firsts, webhook);
        world.pump();
        world.time.advance(10_000);
    }

    private static long retriesAmong(List<Flight> sent) {
        return sent.stream().filter(flight -> flight.attemptNumber() == 2).count();
    }
}
