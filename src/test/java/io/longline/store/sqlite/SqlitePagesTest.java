package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Delivery;
import io.longline.model.DeliveryId;
import io.longline.model.Webhook;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.WebhookFilter;
import io.longline.store.sql.SqlQueries;
import io.longline.store.sql.StoreBackend;
import io.longline.store.sql.StoreContract;
import io.longline.store.sqlite.StatementLog.Asked;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages while others write: at the worst moment, which is between any two statements, rows come and go. */
class SqlitePagesTest extends StoreContract {
    private static final int ROWS = Queries.MOST_EXAMINED * 2 + 100;

    private final StatementLog log = new StatementLog();
    private SqliteReader pool;
    private Queries queries;
    private Webhook webhook;
    private List<DeliveryId> deliveries;

    @Override
    protected StoreBackend backend(Path folder) {
        return SqliteBackend.in(folder);
    }

    @BeforeEach
    void fill() {
        pool = new SqliteReader(vertx, new SqliteFile(folder.resolve("longline.db"), "full"), "reads", 2, 100, () -> 0);
        queries = new SqlQueries(log.over(pool));
        webhook = registered();
        deliveries = accepted(ROWS);
    }

    @AfterEach
    void letGo() {
        await(pool.close());
    }

    private List<DeliveryId> accepted(int count) {
        NewEvent[] events = new NewEvent[count];
        List<DeliveryId> made = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            events[index] = event(webhook);
            made.add(events[index].targets().get(0).deliveryId());
        }
        write(accept(events));
        return made;
    }

    private void mark(List<DeliveryId> rare, String status) {
        for (DeliveryId id : rare) {
            change("UPDATE deliveries SET last_response_code = 418, status = '" + status + "' WHERE id = '" + id + "'");
        }
    }

    private static DeliveryFilter code(int code) {
        return new DeliveryFilter(null, null, null, null, null, null, null, null, code);
    }

    private List<DeliveryId> paged(DeliveryFilter filter, int limit) {
        List<DeliveryId> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<Delivery> page = await(queries.deliveries(filter, new PageRequest(cursor, limit)));
            page.items().forEach(item -> all.add(item.id()));
            cursor = page.nextCursor();
        } while (cursor != null);
        return all;
    }

    @Test
    void aPageUnderARareFilter_isShortAndGoesOn() {
        DeliveryId oldest = deliveries.get(0);
        mark(List.of(oldest), "failed");

        Page<Delivery> first = await(queries.deliveries(code(418), new PageRequest(null, 50)));
        Page<Delivery> second = await(queries.deliveries(code(418), new PageRequest(first.nextCursor(), 50)));
        Page<Delivery> third = await(queries.deliveries(code(418), new PageRequest(second.nextCursor(), 50)));

        assertThat(first.items()).isEmpty();
        assertThat(first.nextCursor()).isEqualTo(place(Queries.MOST_EXAMINED));
        assertThat(second.items()).isEmpty();
        assertThat(second.nextCursor()).isEqualTo(place(2 * Queries.MOST_EXAMINED));
        assertThat(third.items()).extracting(Delivery::id).containsExactly(oldest);
        assertThat(third.nextCursor()).isNull();
    }

    /** The delivery that is so many from the newest. */
    private String place(int fromTheEnd) {
        return deliveries.get(ROWS - fromTheEnd).value();
    }

    @Test
    void pages_neitherRepeatNorSkipWhileOthersInsert() {
        // Around the place where the first page of rows looked at ends.
        int end = ROWS - Queries.MOST_EXAMINED;
        List<DeliveryId> rare = new ArrayList<>(deliveries.subList(end - 10, end + 10));
        mark(rare, "failed");
        log.afterEach(() -> store.write(accept(event(webhook), event(webhook), event(webhook))));

        List<DeliveryId> listed = paged(code(418), 50);

        assertThat(listed).containsExactlyInAnyOrderElementsOf(rare);
    }

    @Test
    void pages_neitherRepeatNorSkipWhileOthersDelete() {
        int end = ROWS - Queries.MOST_EXAMINED;
        List<DeliveryId> rare = new ArrayList<>(deliveries.subList(end - 10, end + 10));
        mark(rare, "failed");
        AtomicInteger dropped = new AtomicInteger(ROWS - 1);
        // What the writer has still to list cannot be deleted behind its back.
        Awaitility.await()
                .until(() -> rows("SELECT count(*) FROM webhook_deliveries").equals(List.of(Integer.toString(ROWS))));
        log.afterEach(() -> {
            DeliveryId newest = deliveries.get(dropped.getAndDecrement());
            change("DELETE FROM webhook_deliveries WHERE delivery_id = '" + newest + "'");
            change("DELETE FROM deliveries WHERE id = '" + newest + "'");
            return Future.succeededFuture();
        });

        List<DeliveryId> listed = paged(code(418), 50);

        assertThat(listed).containsExactlyInAnyOrderElementsOf(rare);
    }

    @Test
    void pages_holdEverythingThatWasThereFromTheBeginning() {
        log.afterEach(() -> store.write(accept(event(webhook), event(webhook), event(webhook))));

        List<DeliveryId> listed = paged(everything(), 1_000);

        assertThat(listed).doesNotHaveDuplicates().containsAll(deliveries);
    }

    @Test
    void aPageThatIsFull_endsWithItsLastItem() {
        Page<Delivery> page = await(queries.deliveries(everything(), new PageRequest(null, 10)));

        assertThat(page.items()).hasSize(10);
        assertThat(page.nextCursor()).isEqualTo(place(10));
    }

    @Test
    void aPageThatHoldsTheLastItem_endsTheList() {
        mark(deliveries.subList(0, 10), "failed");
        DeliveryFilter failed = new DeliveryFilter(
                io.longline.model.DeliveryStatus.FAILED, null, null, null, null, null, null, null, null);

        Page<Delivery> page = await(queries.deliveries(failed, new PageRequest(null, 10)));

        assertThat(page.items()).hasSize(10);
        assertThat(page.nextCursor()).isNull();
    }

    /** However large webhooks are and however many are looked at: only those on the page are read whole. */
    @Test
    void aSearchForWebhooks_readsWholeOnesForItsPageAlone() {
        change("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                INSERT INTO webhooks (id, tenant, url, events, active, paused, retry_count, retry_delay, timeout, headers,
                                      metadata, circuit, version, created_at, updated_at)
                SELECT 'wh_z' || printf('%025d', i), 'default', 'http://' || i || '.example/', '["a' || i || '"]', 1, 0, 3,
                    5, 30, '{}', '{}', 'closed', 1, '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z' FROM n""");
        log.taken();

        Page<Webhook> first = searched(null, "/1001.EXAMPLE", null);
        List<Asked> statements = log.taken();
        Page<Webhook> second = searched(null, "/1000.example", first.nextCursor());
        Page<Webhook> byEvent = searched("a2990", null, null);
        Page<Webhook> full = searched(null, "example", null);

        assertThat(first.items()).extracting(Webhook::url).containsExactly("http://1001.example/");
        assertThat(first.nextCursor()).isEqualTo("wh_z" + String.format("%025d", 1_001));
        List<Asked> whole = statements.stream()
                .filter(asked -> asked.sql().contains("metadata"))
                .toList();
        assertThat(whole)
                .singleElement()
                .satisfies(asked -> assertThat(asked.values())
                        .containsExactly("[\"" + first.items().get(0).id() + "\"]"));
        assertThat(statements).hasSizeBetween(5, 20);
        assertThat(second.items()).extracting(Webhook::url).containsExactly("http://1000.example/");
        assertThat(second.nextCursor()).isNull();
        assertThat(byEvent.items()).extracting(Webhook::url).containsExactly("http://2990.example/");
        assertThat(full.items()).hasSize(10);
        assertThat(full.nextCursor()).isEqualTo("wh_z" + String.format("%025d", 2_991));
    }

    private Page<Webhook> searched(String event, String text, String cursor) {
        return await(queries.webhooks(new WebhookFilter(null, null, event, text), new PageRequest(cursor, 10)));
    }

    /** Newer webhooks, more than a page looks at, that are all deleted. */
    @Test
    void aPageOfWebhooks_passesABoundedNumberOfDeletedOnes() {
        change("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                INSERT INTO webhooks (id, tenant, url, events, active, paused, retry_count, retry_delay, timeout, headers,
                                      metadata, circuit, version, deleted_at, created_at, updated_at)
                SELECT 'wh_z' || printf('%025d', i), 'default', '', '[]', 1, 0, 3, 5, 30, '{}', '{}', 'closed', 1, 5,
                    '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z' FROM n""");

        Page<Webhook> first =
                await(queries.webhooks(new WebhookFilter(null, null, null, null), new PageRequest(null, 10)));
        Page<Webhook> second = await(
                queries.webhooks(new WebhookFilter(null, null, null, null), new PageRequest(first.nextCursor(), 10)));

        assertThat(first.items()).isEmpty();
        assertThat(first.nextCursor()).isNotNull();
        assertThat(second.items()).containsExactly(webhook);
        assertThat(second.nextCursor()).isNull();
    }
}
