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

    /** One at once, and from then on one each interval: none is missing and none too many. */
    @ParameterizedTest
    @CsvSource({"4, 41", "10, 101", "1, 11", "2.5, 26", "0.5, 6", "0.1, 2"})
    void e7_rateLimitIsKeptToExactly(double perSecond, int inTenSeconds) {
        WebhookId webhook = limited(perSecond);
        world.accept(200, webhook);
        world.pump();
        world.endAll(ShardWorld.OK);
        assertThat(world.sent).hasSize(1);

        run(world, Duration.ofSeconds(10), Duration.ofMillis(10), ShardWorld.OK);

        assertThat(world.sent).hasSize(inTenSeconds);
    }

    /** Whether attempts succeed or fail, and whether they are first ones or retries. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2.5, 7, 12})
    void e7_noSecondHoldsMoreAttemptsThanTheLimitAllows(double perSecond) {
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

        assertThat(world.sent).hasSize(1 + 1);
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

        assertThat(world.sent).hasSize(1);
    }

    @Test
    void e7_limitThatChangesGivesNoFreshAllowance() {
        WebhookId webhook = limited(2);
        world.accept(50, webhook);
        world.pump();

        for (int edit = 1; edit <= 20; edit++) {
            world.endAll(ShardWorld.OK);
            double perSecond = 2 + edit / 100.0;
            world.edit(webhook, change -> change.rateLimit(perSecond));
            world.pump();
        }
        assertThat(world.sent).hasSize(1);
        world.advance(Duration.ofMillis(500));

        assertThat(world.sent).as("and the new one holds").hasSize(2);
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

    /** A whole rate is the most that a second holds; with any other the time between two attempts is kept to. */
    private void assertWithin(double perSecond) {
        for (int from = 0; from < sentAt.size(); from++) {
            long first = sentAt.get(from);
            assertThat(sentAt.stream().filter(at -> at >= first && at < first + 1_000))
                    .as("attempts in the second from %s", first)
                    .hasSizeLessThanOrEqualTo((int) Math.ceil(perSecond));
            if (from > 0 && perSecond <= 10) {
                assertThat(first - sentAt.get(from - 1)).isGreaterThanOrEqualTo((long) (1_000 / perSecond));
            }
        }
    }
}
