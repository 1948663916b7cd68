package io.longline.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.store.Acceptance;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.Upkeep;
import io.longline.store.Queries.EventFilter;
import io.longline.store.Queries.PageRequest;
import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.GroupCommit;
import io.longline.store.sql.StoreBackend;
import io.longline.store.sql.StoreContract;
import io.vertx.core.Future;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * E2 and F2: the store itself is at fault. A full disk is had by forbidding the file to grow, which SQLite reports alike;
 * that is a matter of one connection, so it is set on the very one that writes.
 */
class SqliteFaultsTest extends StoreContract {
    private Webhook webhook;

    @Override
    protected StoreBackend backend(Path folder) {
        return SqliteBackend.in(folder);
    }

    @BeforeEach
    void registerOne() {
        webhook = registered();
    }

    private Connection writer() {
        try {
            GroupCommit commits = (GroupCommit) inside(store, "commits");
            return (Connection) inside(inside(commits, "writer"), "connection");
        } catch (ReflectiveOperationException fault) {
            throw new AssertionError(fault);
        }
    }

    private static Object inside(Object owner, String field) throws ReflectiveOperationException {
        Field found = owner.getClass().getDeclaredField(field);
        found.setAccessible(true);
        return found.get(owner);
    }

    /** No page more than there are, and not one of those is free. */
    private void fillTheDisk() {
        change("CREATE TABLE filler (bytes BLOB)");
        long pages = Long.parseLong(rows("PRAGMA page_count").get(0));
        most(pages);
    }

    private void makeRoom() {
        most(1_000_000);
    }

    private void most(long pages) {
        try (Statement statement = writer().createStatement()) {
            statement.execute("PRAGMA max_page_count = " + pages);
        } catch (SQLException fault) {
            throw new AssertionError(fault);
        }
    }

    /** Too large for whatever is left of the pages in use. */
    private Future<Acceptance> bigEvent() {
        var small = event(webhook);
        return store.write(accept(new NewEvent(
                small.id(),
                small.tenant(),
                small.type(),
                Payload.of(new byte[200_000]),
                small.acceptedAtMillis(),
                small.occurredAt(),
                small.targets())));
    }

    /** More results than there is room for, so that some of them are kept. */
    private List<Future<Boolean>> resultsOnAFullDisk() {
        List<DeliveryId> waiting = new ArrayList<>();
        for (int count = 0; count < 300; count++) {
            waiting.add(delivered(webhook));
        }
        fillTheDisk();
        List<Future<Boolean>> results = new ArrayList<>();
        waiting.forEach(id -> results.add(store.write(succeeded(webhook, id, 1))));
        Awaitility.await().until(() -> !store.isWritable());
        return results;
    }

    @Test
    void e2_aFullDiskRefusesEventsAndStoresNothing() {
        fillTheDisk();

        Throwable refused = faultOf(bigEvent());

        assertThat(refused).isInstanceOf(StoreUnavailableException.class).hasMessage("the disk is full");
        assertThat(store.isWritable()).isFalse();
        assertThat(rows("SELECT count(*) FROM events")).containsExactly("0");
    }

    @Test
    void e2_theStoreIsWritableAgainOnceThereIsRoomThoughNobodyWrites() {
        fillTheDisk();
        faultOf(bigEvent());

        makeRoom();

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(store::isWritable);
        assertThat(await(bigEvent())).isEqualTo(new Acceptance.Stored());
    }

    @Test
    void e2_theStoreStaysUnwritableWhileThereIsNoRoom() {
        fillTheDisk();
        faultOf(bigEvent());

        Awaitility.await()
                .during(Duration.ofMillis(1_600))
                .atMost(Duration.ofSeconds(3))
                .until(() -> !store.isWritable());
    }

    /** A commit that has nothing to write succeeds on a full disk too. */
    @Test
    void e2_upkeepThatFindsNothingToDoProvesNothing() {
        fillTheDisk();
        faultOf(bigEvent());

        for (int round = 0; round < 3; round++) {
            Throwable refused = faultOf(store.write(new Upkeep(new Job.DropAudit(0), 0, 10)));

            assertThat(refused).isInstanceOf(StoreUnavailableException.class);
            assertThat(store.isWritable()).isFalse();
        }
    }

    @Test
    void e2_findingOutLeavesNothingBehind() {
        fillTheDisk();
        faultOf(bigEvent());
        makeRoom();
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(store::isWritable);

        Awaitility.await().until(() -> rows("SELECT count(*) FROM idempotency").equals(List.of("0")));
        assertThat(commits).hasSize(1);
    }

    @Test
    void e2_attemptResultsAreKeptAndWrittenWhenThereIsRoomAgain() {
        List<Future<Boolean>> results = resultsOnAFullDisk();
        boolean anyFailed = results.stream().anyMatch(Future::failed);
        int reported = commits.size();

        makeRoom();
        results.forEach(StoreContract::await);

        assertThat(anyFailed).isFalse();
        assertThat(rows("SELECT count(*) FROM delivery_attempts")).containsExactly("300");
        assertThat(commits.stream()
                        .skip(reported)
                        .mapToInt(commit -> commit.settled().size())
                        .sum())
                .isPositive();
        assertThat(rows("SELECT pending FROM tenant_totals WHERE tenant = '*'")).containsExactly("0");
        assertThat(store.isWritable()).isTrue();
    }

    @Test
    void e2_eventsAreRefusedWhileResultsAreKept() {
        fillTheDisk();
        Throwable first = faultOf(bigEvent());
        Throwable second = faultOf(bigEvent());

        assertThat(List.of(first, second))
                .allSatisfy(refused -> assertThat(refused).isInstanceOf(StoreUnavailableException.class));
    }

    /** What waits at the end is tried once more, and whoever waits for it is told, whatever comes of it. */
    @Test
    void close_tellsEveryoneWhoWaitsThoughTheDiskIsFull() {
        List<Future<?>> waiting = new ArrayList<>(resultsOnAFullDisk());
        waiting.add(bigEvent());

        await(store.close());

        assertThat(waiting).allSatisfy(one -> assertThat(one.isComplete()).isTrue());
        assertThat(waiting.stream().filter(Future::failed)).isNotEmpty();
    }

    @Test
    void e2_resultsKeptAreWrittenAtTheCloseIfThereIsRoomByThen() {
        List<Future<Boolean>> results = resultsOnAFullDisk();

        makeRoom();
        await(store.close());

        assertThat(results).allSatisfy(one -> assertThat(await(one)).isFalse());
        assertThat(rows("SELECT count(*) FROM delivery_attempts")).containsExactly("300");
    }

    /** Takes as long as a lock is waited for, which is five seconds. */
    @Test
    void f3_aLockOfAnotherProcessRefusesEventsUntilItIsGone() throws Exception {
        try (Connection other = backend.plain()) {
            backend.lockOut(other);

            Throwable refused = faultOf(store.write(accept(event(webhook))));

            assertThat(refused)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage("the database is locked by another process");
            assertThat(store.isWritable()).isFalse();
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(store::isWritable);
        assertThat(write(accept(event(webhook)))).isEqualTo(new Acceptance.Stored());
    }

    @Test
    void f4_damageMetLaterStopsWritesAndReadsAreRefused() throws Exception {
        delivered(webhook);
        reopen();
        long page = Long.parseLong(
                rows("SELECT rootpage FROM sqlite_master WHERE name = 'events'").get(0));
        long size = Long.parseLong(rows("PRAGMA page_size").get(0));
        try (var file =
                new java.io.RandomAccessFile(folder.resolve("longline.db").toFile(), "rw")) {
            file.seek((page - 1) * size);
            file.write(new byte[(int) size]);
        }

        Throwable read =
                faultOf(store.queries().events(new EventFilter(null, null, null, null), new PageRequest(null, 10)));

        assertThat(read).isInstanceOf(StoreUnavailableException.class);
        assertThat(faultOf(store.write(accept(event(webhook))))).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.isWritable()).isFalse();
    }

    @Test
    void e13_freedPagesGoBackToTheFileSystem() throws Exception {
        for (int count = 0; count < 20; count++) {
            await(bigEvent());
        }
        Path file = folder.resolve("longline.db");
        reopen();
        long full = Files.size(file);
        change("UPDATE deliveries SET status = 'succeeded'");
        now.addAndGet(Duration.ofDays(31).toMillis());
        stepsUntilDone(new Job.DropDeliveries(now.get()), 500);
        stepsUntilDone(new Job.DropEvents(now.get()), 500);

        int first = step(new Job.ReturnSpace(), 100);
        int steps = stepsUntilDone(new Job.ReturnSpace(), 100);

        assertThat(first).isEqualTo(100);
        assertThat(steps).isGreaterThan(3);
        assertThat(rows("PRAGMA freelist_count")).containsExactly("0");
        reopen();
        assertThat(Files.size(file)).isLessThan(full / 4);
    }

    /** E1: what may wait is bounded, reads of the API among it; the engine's own have a pool to themselves. */
    @Test
    void e1_readsOfTheApiWaitInABoundedQueue() {
        List<Future<?>> asked = new ArrayList<>();
        for (int count = 0; count < 3_000; count++) {
            asked.add(store.queries().webhook(webhook.id()));
        }
        List<Future<?>> ofTheEngine = new ArrayList<>();
        for (int count = 0; count < 3_000; count++) {
            ofTheEngine.add(store.firstAttempts(webhook.id(), 1));
        }

        await(Future.join(asked).transform(all -> Future.succeededFuture()));
        await(Future.join(ofTheEngine));

        assertThat(asked.stream().filter(Future::succeeded).count()).isGreaterThanOrEqualTo(1_000);
        assertThat(asked.stream().filter(Future::failed))
                .isNotEmpty()
                .allSatisfy(refused -> assertThat(refused.cause())
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessage("the store cannot be read: no connection to it is free"));
    }
}
