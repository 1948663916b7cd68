package io.longline.store.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.IdGenerator;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Store;
import io.longline.store.WaitingDelivery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** F15: a file of an earlier version, with deliveries that wait, is brought up to date and goes on. */
class SqliteUpgradeTest {
    private static final WebhookId WEBHOOK = new WebhookId("wh_01m85pr93jffmvvj0fzph0krdj");
    private static final DeliveryFilter OF_WEBHOOK =
            new DeliveryFilter(null, null, WEBHOOK, null, null, null, null, null, null);
    private static final DeliveryId DELIVERY = new DeliveryId("dlv_01m85pr93jffmvvj0fzph0krdk");

    @TempDir
    Path folder;

    private Vertx vertx;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void f15_aFileOfTheFirstSchema_keepsItsWebhooksAndWhatWaits() throws Exception {
        SqliteBackend backend = SqliteBackend.in(folder);
        makeTheFirstSchema(backend);

        Store store = await(backend.open(vertx, new IdGenerator(() -> 1_000, new SplittableRandom(3))));
        Webhook webhook = await(store.queries().webhook(WEBHOOK)).orElseThrow();
        List<WaitingDelivery> waiting = await(store.firstAttempts(WEBHOOK, 10));
        List<Delivery> ofWebhook = await(store.queries().deliveries(OF_WEBHOOK, new PageRequest(null, 10)))
                .items();
        await(store.close());

        assertThat(ofWebhook).extracting(Delivery::id).containsExactly(DELIVERY);
        assertThat(webhook.url()).isEqualTo("http://one.example/");
        assertThat(webhook.failingSince()).isNull();
        assertThat(waiting).extracting(WaitingDelivery::id).containsExactly(DELIVERY);
    }

    private static void makeTheFirstSchema(SqliteBackend backend) throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + backend.file());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/sqlite")
                .target("1")
                .load()
                .migrate();
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement()) {
            statement.execute("""
                    INSERT INTO webhooks (id, tenant, url, events, active, paused, retry_count, retry_delay, timeout,
                        headers, metadata, circuit, version, created_at, updated_at)
                    VALUES ('%s', 'default', 'http://one.example/', '["*"]', 1, 0, 3, 5, 30,
                        '{}', '{}', 'closed', 1, '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z')""".formatted(WEBHOOK));
            statement.execute("""
                    INSERT INTO events (id, tenant, type, payload, occurred_at, delivery_count, created_at)
                    VALUES ('evt_01m85pr93jffmvvj0fzph0krdm', 'default', 'order.paid', '{}', 1000, 1, 1000)""");
            statement.execute("""
                    INSERT INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                        next_attempt_at, opened_at, payload_bytes, created_at)
                    VALUES ('%s', 'default', 'evt_01m85pr93jffmvvj0fzph0krdm', 'order.paid', '%s', 'pending', 0, 0,
                        1000, 1000, 2, 1000)""".formatted(DELIVERY, WEBHOOK));
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
    }
}
