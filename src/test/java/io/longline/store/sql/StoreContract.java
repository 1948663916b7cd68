package io.longline.store.sql;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Attempt;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.model.WebhookBuilder;
import io.longline.model.WebhookId;
import io.longline.policy.DeliveryState;
import io.longline.store.Commit;
import io.longline.store.Operation;
import io.longline.store.Operation.AcceptEvents;
import io.longline.store.Operation.Disable;
import io.longline.store.Operation.IdempotencyClaim;
import io.longline.store.Operation.Job;
import io.longline.store.Operation.NewEvent;
import io.longline.store.Operation.RecordAttempt;
import io.longline.store.Operation.Target;
import io.longline.store.Operation.Upkeep;
import io.longline.store.Queries.DeliveryFilter;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every store must do, whatever the database under it. The parts of the contract extend this class; a database
 * extends each of the parts and names its {@link StoreBackend}. Here is what the parts share: a store on a fresh
 * database, a clock and identifiers that can be foretold, and short names for what is written.
 */
public abstract class StoreContract {
    /** Midnight of some day, so that hours and days of statistics are round. */
    protected static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    @TempDir
    protected Path folder;

    protected final AtomicLong now = new AtomicLong(START);
    protected final List<Commit> commits = new CopyOnWriteArrayList<>();
    protected IdGenerator ids = newIds();
    /** How long the attempts take that {@link #result} makes. */
    protected double durationMillis = 100;

    protected StoreBackend backend;
    protected Vertx vertx;
    protected Store store;

    /** The database, kept in that folder where it needs one. */
    protected abstract StoreBackend backend(Path folder);

    @BeforeEach
    void openTheStore() {
        vertx = Vertx.vertx();
        backend = backend(folder);
        open();
    }

    @AfterEach
    void closeTheStore() {
        await(store.close());
        await(vertx.close());
        assertThat(rows(backend.strayRows())).isEmpty();
    }

    private void open() {
        store = await(backend.open(vertx, ids));
        store.onCommit(commits::add);
    }

    /** Closes the store and opens it anew, as a restart does. */
    protected void reopen() {
        await(store.close());
        ids = newIds();
        open();
    }

    private IdGenerator newIds() {
        return new IdGenerator(now::get, new SplittableRandom(7));
    }

    protected static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
        } catch (ExecutionException fault) {
            throw new AssertionError("expected to succeed", fault.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("expected to end", late);
        }
    }

    /** Why a future failed; {@code null} when it did not. */
    protected static Throwable faultOf(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
            return null;
        } catch (ExecutionException fault) {
            return fault.getCause();
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("expected to end", late);
        }
    }

    protected <R> R write(Operation<R> operation) {
        return await(store.write(operation));
    }

    /** Has all that is written within one commit: the writer is kept waiting on the first while the others gather. */
    protected <T> T together(Supplier<T> writes) {
        try (Connection plain = backend.plain()) {
            backend.lockOut(plain);
            Future<?> first = store.write(
                    new Operation.RecordCircuit(ids.webhook(), io.longline.model.CircuitStatus.CLOSED, null, null));
            org.awaitility.Awaitility.await().until(this::isWriterWaiting);
            T written = writes.get();
            try (Statement statement = plain.createStatement()) {
                statement.execute("ROLLBACK");
            }
            await(first);
            return written;
        } catch (SQLException fault) {
            throw new AssertionError(fault);
        }
    }

    /** The writer has taken its batch once it is inside the database. */
    private boolean isWriterWaiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> entry.getKey().getName().equals("longline-writer"))
                .anyMatch(entry -> Arrays.stream(entry.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("writeTogether")));
    }

    protected WebhookBuilder webhook() {
        return new WebhookBuilder(ids.webhook(), Instant.ofEpochMilli(now.get()))
                .url("http://127.0.0.1:9/hook")
                .events(List.of("*"));
    }

    /** A webhook of the default tenant, registered. */
    protected Webhook registered() {
        return write(new Operation.CreateWebhook(webhook().build()));
    }

    protected NewEvent event(Webhook... webhooks) {
        String tenant = webhooks.length == 0 ? Webhook.DEFAULT_TENANT : webhooks[0].tenant();
        return event(tenant, "order.created", webhooks);
    }

    protected NewEvent event(String tenant, String type, Webhook... webhooks) {
        EventId id = ids.event();
        List<Target> targets = new ArrayList<>();
        for (Webhook webhook : webhooks) {
            targets.add(new Target(ids.delivery(), webhook.id()));
        }
        Payload payload = Payload.of(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
        long acceptedAt = IdGenerator.millisOf(id.value());
        return new NewEvent(id, tenant, type, payload, acceptedAt, Instant.ofEpochMilli(acceptedAt), targets);
    }

    protected static AcceptEvents accept(NewEvent... events) {
        return new AcceptEvents(List.of(events), null);
    }

    protected AcceptEvents accept(IdempotencyClaim claim, NewEvent... events) {
        return new AcceptEvents(List.of(events), claim);
    }

    protected IdempotencyClaim claim(String key, String bodySha256, String answer) {
        long nowMillis = now.get();
        long expiresAt = nowMillis + Duration.ofHours(24).toMillis();
        return new IdempotencyClaim("default", "trigger", key, bodySha256, answer, nowMillis, expiresAt);
    }

    /** Accepts an event for one webhook; answers its delivery. */
    protected DeliveryId delivered(Webhook webhook) {
        NewEvent event = event(webhook);
        write(accept(event));
        return event.targets().get(0).deliveryId();
    }

    /** What an attempt at a delivery of this webhook came to. */
    protected RecordAttempt result(
            WebhookId webhookId,
            String tenant,
            DeliveryId id,
            int number,
            int code,
            DeliveryState next,
            Disable disable) {
        Attempt attempt = new Attempt(
                ids.attempt(),
                id,
                webhookId,
                ids.event(),
                number,
                code < 300,
                code,
                "body",
                code < 300 ? null : "The receiver answered " + code,
                Instant.ofEpochMilli(now.get()),
                durationMillis,
                "{}",
                "{}",
                "00");
        return new RecordAttempt(attempt, tenant, next, now.get(), disable);
    }

    protected RecordAttempt succeeded(Webhook webhook, DeliveryId id, int number) {
        return result(webhook.id(), webhook.tenant(), id, number, 200, new DeliveryState.Succeeded(number), null);
    }

    protected RecordAttempt failedOnce(Webhook webhook, DeliveryId id, int number, Instant nextAttemptAt) {
        DeliveryState next = new DeliveryState.Pending(number, number, nextAttemptAt);
        return result(webhook.id(), webhook.tenant(), id, number, 500, next, null);
    }

    protected int step(Job job, int mostRows) {
        return write(new Upkeep(job, now.get(), mostRows));
    }

    /** Steps until one finds nothing to do; answers how many did. */
    protected int stepsUntilDone(Job job, int mostRows) {
        int steps = 0;
        while (step(job, mostRows) > 0) {
            steps++;
        }
        return steps;
    }

    /** Every row of a query over a plain connection, its columns joined with commas. */
    protected List<String> rows(String sql) {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(found.getString(column));
                }
                rows.add(String.join(",", values));
            }
            return rows;
        } catch (SQLException fault) {
            throw new AssertionError(fault);
        }
    }

    protected void change(String sql) {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement()) {
            statement.execute(sql);
        } catch (SQLException fault) {
            throw new AssertionError(fault);
        }
    }

    protected static DeliveryFilter everything() {
        return new DeliveryFilter(null, null, null, null, null, null, null, null, null);
    }
}
