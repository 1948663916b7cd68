package io.longline.delivery;

import static io.longline.delivery.ShardSteps.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A webhook's {@code rate_limit} counts attempts, exactly. */
class ShardRateTest {
    private final ShardWorld world = new ShardWorld(ShardWorld.withoutCircuits(64, 16, 64));
    private final List<Long> sentAt = new ArrayList<>();

    /** One second's worth at once, and from then on one each interval: none is missing and none too many. */
    @ParameterizedTest
    @CsvSource({"4, 4, 44", "10, 10, 110", "1, 1, 11", "0.5, 1, 6", "0.1, 1, 2"})
    void e7_rateLimitIsKeptToExactly(double perSecond, int atOnce, int inTenSeconds) {
        WebhookId webhook = limited(perSecond);
        world.accept(200, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(world.sent).hasSize(atOnce);

        run(world, Duration.ofSeconds(10), Duration.ofMillis(10), ShardWorld.OK);

        assertThat(world.sent).hasSize(inTenSeconds);
    }

    /** Whether attempts succeed or fail, and whether they are first ones or retries. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2.5, 7})
    void e7_noWindowOfTimeHoldsMoreAttemptsThanTheLimitAllows(double perSecond) {
        WebhookId webhook = limited(perSecond);
        world.accept(300, webhook);
        world.pump();

        run(world, Duration.ofSeconds(20), Duration.ofMillis(100), ShardWorld.ERROR);
        world.accept(10, webhook);
        run(world, Duration.ofSeconds(20), Duration.ofMillis(370), ShardWorld.OK);

        assertThat(sentAt.size()).isGreaterThanOrEqualTo((int) (perSecond * 38));
        assertWithin(perSecond);
    }

    @Test
    void e7_idleTimeIsNotSavedUp() {
        WebhookId webhook = limited(5);
        world.accept(1, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        world.advance(Duration.ofHours(5));

        world.accept(50, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(world.sent).hasSize(1 + 5);
    }

    @Test
    void e7_otherSettingsThatChangeGiveNoFreshAllowance() {
        WebhookId webhook = limited(2);
        world.accept(50, webhook);
        world.pump();

        for (int edit = 0; edit < 20; edit++) {
            world.endAll(ShardWorld.OK);
            String url = "http://one.example/" + edit;
            world.edit(webhook, change -> change.url(url));
            world.edit(webhook, change -> change.paused(true));
            world.edit(webhook, change -> change.paused(false));
            world.pump();
        }

        assertThat(world.sent).hasSize(2);
    }

    @Test
    void e7_limitThatIsTakenAwayLetsAllGoAtOnce() {
        WebhookId webhook = limited(0.01);
        world.accept(30, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(world.sent).hasSize(1);

        world.edit(webhook, change -> change.rateLimit(null));
        world.pump();
        world.endAll(ShardWorld.OK);

        assertThat(world.sent).hasSize(30);
    }

    @Test
    void e7_limitOfOneWebhookDoesNotDelayAnother() {
        limited(0.01);
        WebhookId slow = limited(0.01);
        WebhookId free = world.webhook();
        world.accept(20, slow, free);
        world.pump();

        world.endAll(ShardWorld.OK);

        assertThat(ShardSteps.sentTo(world, free)).hasSize(20);
        assertThat(ShardSteps.sentTo(world, slow)).hasSize(1);
    }

    private WebhookId limited(double perSecond) {
        world.watcher = flight -> sentAt.add(world.time.monotonicMillis());
        return world.webhook(builder -> builder.rateLimit(perSecond));
    }

    private void assertWithin(double perSecond) {
        for (int from = 0; from < sentAt.size(); from++) {
            for (int to = from; to < sentAt.size(); to++) {
                double seconds = (sentAt.get(to) - sentAt.get(from)) / 1_000.0;
                assertThat(to - from + 1).as("attempts within %s s", seconds).isLessThanOrEqualTo((int)
                        Math.floor(Math.max(1, perSecond) + perSecond * seconds + 1e-6));
            }
        }
    }
}
