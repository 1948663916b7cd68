package io.longline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.Addresses;
import io.longline.bus.LocalCodec;
import io.longline.bus.LocalMessage;
import io.longline.bus.PayloadMemory;
import io.longline.bus.ShardCommit;
import io.longline.bus.WebhooksChanged;
import io.longline.model.DeliveryId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.store.Commit;
import io.longline.store.Operation.NewEvent;
import io.longline.testing.Unhandled;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class CommitRouterTest {
    private static final int SHARDS = 3;

    private final IdGenerator ids = new IdGenerator(() -> 1, new SplittableRandom(2));
    private final Map<Integer, List<ShardCommit>> received = new ConcurrentHashMap<>();
    private final List<LocalMessage> dispatcher = new CopyOnWriteArrayList<>();
    private final PayloadMemory memory = new PayloadMemory(1 << 20);
    private Unhandled unhandled;
    private CommitRouter router;

    @BeforeEach
    void listen(Vertx vertx) {
        unhandled = Unhandled.on(vertx);
        LocalCodec.register(vertx);
        for (int shard = 0; shard < SHARDS; shard++) {
            List<ShardCommit> messages = new CopyOnWriteArrayList<>();
            received.put(shard, messages);
            vertx.eventBus()
                    .<ShardCommit>localConsumer(Addresses.deliveries(shard), message -> messages.add(message.body()));
        }
        vertx.eventBus().<LocalMessage>localConsumer(Addresses.EVENTS, message -> dispatcher.add(message.body()));
        router = new CommitRouter(vertx.eventBus(), memory, SHARDS);
    }

    @AfterEach
    void close(Vertx vertx, VertxTestContext ending) {
        vertx.close().compose(closed -> unhandled.none()).onComplete(ending.succeedingThenComplete());
    }

    private Webhook webhookOn(int shard) {
        while (true) {
            Webhook webhook = new WebhookBuilder(ids.webhook(), Instant.EPOCH).build();
            if (Addresses.shardOf(webhook.id(), SHARDS) == shard) {
                return webhook;
            }
        }
    }

    private Commit.Made made(Webhook webhook, NewEvent event) {
        return new Commit.Made(webhook.id(), ids.delivery(), event);
    }

    private NewEvent event() {
        return new NewEvent(ids.event(), "default", "a", Payload.of(new byte[100]), 1, Instant.EPOCH, List.of());
    }

    private List<ShardCommit> await(int shard, int count) {
        List<ShardCommit> messages = received.get(shard);
        Awaitility.await().until(() -> messages.size() >= count);
        return messages;
    }

    @Test
    void e4_allThatACommitDidForAShardIsOneMessage() {
        Webhook here = webhookOn(0);
        Webhook there = webhookOn(2);
        NewEvent event = event();
        DeliveryId settled = ids.delivery();
        DeliveryId touched = ids.delivery();
        Commit commit = new Commit(
                List.of(here),
                List.of(new Commit.Settled(here.id(), settled, null)),
                List.of(new Commit.Touched(here.id(), touched)),
                List.of(new Commit.Touched(here.id(), touched)),
                List.of(made(here, event), made(there, event)),
                List.of(here.id()));

        router.committed(commit);

        assertThat(await(0, 1)).singleElement().satisfies(message -> {
            assertThat(message.webhooks()).containsExactly(here);
            assertThat(message.settled()).isEqualTo(commit.settled());
            assertThat(message.reopened()).isEqualTo(commit.reopened());
            assertThat(message.cancelled()).isEqualTo(commit.cancelled());
            assertThat(message.made()).hasSize(1);
        });
        assertThat(await(2, 1))
                .singleElement()
                .satisfies(message -> assertThat(message.made())
                        .singleElement()
                        .satisfies(
                                made -> assertThat(made.delivery().webhookId()).isEqualTo(there.id())));
        assertThat(received.get(1)).isEmpty();
        Awaitility.await().until(() -> !dispatcher.isEmpty());
        assertThat(dispatcher).containsExactly(new WebhooksChanged(List.of(here)));
    }

    @Test
    void e4_messagesComeInTheOrderOfTheCommits() {
        Webhook webhook = webhookOn(1);
        List<DeliveryId> given = new ArrayList<>();
        for (int count = 0; count < 1_000; count++) {
            Commit.Made made = made(webhook, event());
            given.add(made.deliveryId());
            router.committed(new Commit(List.of(), List.of(), List.of(), List.of(), List.of(made), List.of()));
        }

        List<ShardCommit> messages = await(1, 1_000);

        assertThat(messages.stream()
                        .map(message -> message.made().get(0).delivery().deliveryId()))
                .containsExactlyElementsOf(given);
    }

    @Test
    void e5_deliveriesOfAnEventShareItsPayload() {
        Webhook here = webhookOn(0);
        NewEvent event = event();
        router.committed(new Commit(
                List.of(), List.of(), List.of(), List.of(), List.of(made(here, event), made(here, event)), List.of()));
        var made = await(0, 1).get(0).made();

        made.forEach(delivery -> assertThat(delivery.payload().hold()).isTrue());

        assertThat(memory.held()).isEqualTo(100);
    }
}
