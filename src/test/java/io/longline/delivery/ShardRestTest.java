package io.longline.delivery;

import static io.longline.delivery.ShardSteps.sentIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.Outcome;
import io.longline.model.RetryPolicy;
import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver that asks for a rest gets it. */
class ShardRestTest {
    private final ShardWorld world = new ShardWorld();
    private final WebhookId webhook = world.webhook(builder -> builder.maxInFlight(1));

    @ParameterizedTest
    @CsvSource({"429, 60", "502, 60", "503, 60", "504, 60", "502, 86400"})
    void e7_nextAttemptIsAtTheRetryAfterWhereThatIsLaterThanTheBackoff(int status, int seconds) {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        world.end(delivery, new Outcome.Answered(status, Duration.ofSeconds(seconds)));

        assertThat(waitOf(delivery)).isEqualTo(seconds * 1_000L);
        world.advance(Duration.ofMillis(seconds * 1_000L - 1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));
        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @ParameterizedTest
    @CsvSource({"429, 1", "503, 4", "502, 0", "500, 3600", "404, 3600"})
    void e7_nextAttemptIsAtTheBackoffWhereThatIsLaterOrTheStatusAsksForNoWait(int status, int seconds) {
        DeliveryId delivery = world.accept(webhook);
        world.pump();

        world.end(delivery, new Outcome.Answered(status, Duration.ofSeconds(seconds)));

        assertThat(waitOf(delivery)).isBetween(5_000L, 5_500L);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void e7_restIsTheWholeLanes(int status) {
        List<DeliveryId> made = world.accept(3, webhook);
        world.pump();

        world.end(made.get(0), new Outcome.Answered(status, Duration.ofMinutes(3)));
        DeliveryId later = world.accept(webhook);
        world.pump();

        world.advance(Duration.ofMinutes(3).minusMillis(1));
        assertThat(sentIds(world)).containsExactly(made.get(0));
        world.advance(Duration.ofMillis(1));
        world.endAll(ShardWorld.OK);
        assertThat(sentIds(world)).hasSize(5).containsAll(made).contains(later);
    }

    @ParameterizedTest
    @CsvSource({"502, 180", "504, 180", "500, 180", "429,", "503,"})
    void e7_otherAnswersAndThoseWithoutRetryAfterRestOneDeliveryAlone(int status, Integer seconds) {
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();

        world.end(made.get(0), new Outcome.Answered(status, seconds == null ? null : Duration.ofSeconds(seconds)));

        assertThat(world.flights).containsOnlyKeys(made.get(1));
    }

    @Test
    void e7_laneRestsForTenMinutesAtMostThoughTheDeliveryWaitsLonger() {
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();

        world.end(made.get(0), new Outcome.Answered(503, Duration.ofHours(2)));

        assertThat(waitOf(made.get(0))).isEqualTo(Duration.ofHours(2).toMillis());
        world.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(world.flights).isEmpty();
        world.advance(Duration.ofMillis(1));
        assertThat(world.flights).containsOnlyKeys(made.get(1));
        world.end(made.get(1), ShardWorld.OK);
        world.advance(Duration.ofMinutes(110));
        assertThat(world.flights).containsOnlyKeys(made.get(0));
    }

    @Test
    void e7_restIsNotShortenedByAnAnswerThatComesAfterIt() {
        WebhookId wide = world.webhook();
        List<DeliveryId> made = world.accept(9, wide);
        world.pump();
        world.end(made.get(0), new Outcome.Answered(429, Duration.ofMinutes(4)));

        world.end(made.get(1), new Outcome.Answered(503, Duration.ofSeconds(5)));
        world.end(made.get(2), ShardWorld.OK);
        world.end(made.get(3), ShardWorld.ERROR);

        world.advance(Duration.ofMinutes(4).minusMillis(1));
        assertThat(world.sent).hasSize(4);
        world.advance(Duration.ofMillis(1));
        assertThat(world.sent.size()).isGreaterThan(4);
    }

    @Test
    void e7_laneThatRestsDoesNotDelayAnother() {
        WebhookId other = world.webhook();
        world.accept(2, webhook);
        world.pump();
        world.end(ShardSteps.oldest(world), new Outcome.Answered(429, Duration.ofMinutes(5)));

        DeliveryId delivery = world.accept(other);
        world.pump();

        assertThat(world.flights).containsOnlyKeys(delivery);
    }

    @Test
    void e7_anotherAddressNeedsNoRest() {
        List<DeliveryId> made = world.accept(2, webhook);
        world.pump();
        world.end(made.get(0), new Outcome.Answered(429, Duration.ofMinutes(5)));

        world.edit(webhook, change -> change.url("http://two.example/"));
        world.pump();

        assertThat(world.flights).containsKey(made.get(1));
    }

    @Test
    void e7_scheduleSaysWhenEachRetryIsDue() {
        List<Duration> schedule = List.of(Duration.ofSeconds(1), Duration.ofMinutes(30), Duration.ofHours(2));
        WebhookId planned = world.webhook(builder -> builder.retry(new RetryPolicy(0, Duration.ZERO, schedule)));
        DeliveryId delivery = world.accept(planned);
        world.pump();

        for (Duration wait : schedule) {
            world.end(delivery, ShardWorld.ERROR);
            assertThat(waitOf(delivery)).isBetween(wait.toMillis(), wait.toMillis() * 11 / 10);
            world.advance(Duration.ofMillis(waitOf(delivery)));
            assertThat(world.flights).containsOnlyKeys(delivery);
        }
        world.end(delivery, ShardWorld.ERROR);
        assertThat(world.store.rows.get(delivery).reason).isEqualTo("attempts_exhausted");
    }

    private long waitOf(DeliveryId delivery) {
        return world.store.rows.get(delivery).nextAttemptAt - world.time.wallMillis();
    }
}
