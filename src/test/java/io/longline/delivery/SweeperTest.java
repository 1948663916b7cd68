package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.model.IdGenerator;
import io.longline.model.WebhookId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After a start nothing is sent to a webhook before it was looked at, so that looking must not be put off: F1. */
class SweeperTest {
    private final Vertx vertx = Vertx.vertx();
    private final IdGenerator ids = new IdGenerator(() -> 1_900_000_000_000L, new Random(1));
    private final List<WebhookId> lanes =
            Stream.generate(ids::webhook).limit(1_200).toList();
    private final List<List<WebhookId>> looks = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        Wire.await(vertx.close());
    }

    @Test
    void f1_lanesThatCouldNotBeLookedAt_areAgainAfterASecondAndKeepNoOthersFromIt() {
        List<WebhookId> first = lanes.subList(0, 500);
        long start = System.nanoTime();

        start(Duration.ofMinutes(5), some -> !some.equals(first) || looks.size() > 3);

        await().until(() -> looks.size() == 4);
        assertThat(looks.subList(0, 3)).containsExactly(first, lanes.subList(500, 1_000), lanes.subList(1_000, 1_200));
        assertThat(looks.get(3)).containsExactlyElementsOf(first);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(950), Duration.ofSeconds(5));
    }

    @Test
    void f1_lanesThatFailAgain_areTriedUntilTheyAreLookedAt() {
        start(Duration.ofMinutes(5), some -> looks.size() > 4);

        await().atMost(Duration.ofSeconds(10)).until(() -> looks.size() == 7);

        assertThat(looks.get(3)).containsExactlyElementsOf(lanes.subList(0, 500));
        assertThat(looks.get(6)).containsExactlyElementsOf(lanes.subList(0, 500));
    }

    @Test
    void sweep_comesAgainAfterTheInterval() {
        start(Duration.ofMillis(50), some -> true);

        await().until(() -> looks.size() >= 6);

        assertThat(looks.get(3)).containsExactlyElementsOf(looks.get(0));
    }

    private void start(Duration interval, Predicate<List<WebhookId>> succeeds) {
        vertx.runOnContext(ignored -> new Sweeper(
                        vertx,
                        () -> lanes,
                        some -> {
                            looks.add(List.copyOf(some));
                            return succeeds.test(some)
                                    ? Future.succeededFuture()
                                    : Future.failedFuture("the store is busy");
                        },
                        interval)
                .start());
    }
}
