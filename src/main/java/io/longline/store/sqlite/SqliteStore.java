package io.longline.store.sqlite;

import io.longline.config.Settings;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.store.AccessQueries;
import io.longline.store.Backlog;
import io.longline.store.EventTypeQueries;
import io.longline.store.Operation;
import io.longline.store.Queries;
import io.longline.store.ReplayQueries;
import io.longline.store.SourceQueries;
import io.longline.store.Store;
import io.longline.store.StoreRefusedException;
import io.longline.store.StoreSize;
import io.longline.store.WaitingDelivery;
import io.longline.store.sql.GroupCommit;
import io.longline.store.sql.SqlAccessQueries;
import io.longline.store.sql.SqlEventTypeQueries;
import io.longline.store.sql.SqlQueries;
import io.longline.store.sql.SqlReplayQueries;
import io.longline.store.sql.SqlSourceQueries;
import io.longline.store.sql.WorkQueries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The store on one SQLite file: one connection that writes, on a thread of its own, and a few that read. Reads by the
 * engine and reads by the API use connections of their own, so that neither waits for the other.
 */
public final class SqliteStore implements Store {
    /** Attempts are stored in the order in which they ended, as far as what was in flight at once may change it. */
    private static final String LARGEST_ATTEMPT =
            "SELECT max(id) FROM (SELECT id FROM delivery_attempts ORDER BY rowid DESC LIMIT 20000)";

    /** Reads of the API that wait for a connection; past it a call is answered 503. The engine bounds its own. */
    private static final int MOST_API_READS_WAITING = 1_000;

    /** Stores whose files are to stay open, and locked, until the process ends. */
    private static final Set<SqliteStore> NEVER_CLOSED = ConcurrentHashMap.newKeySet();

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    private final Vertx vertx;
    private final SqliteFile file;
    private final StoreLock lock;
    private final Checkpoints checkpoints;
    private final GroupCommit commits;
    private final SqliteReader engineReader;
    private final SqliteReader apiReader;
    private final WorkQueries work;
    private final SqlQueries queries;
    private final SqlAccessQueries access;
    private final ReplayQueries replays;
    private final SqlSourceQueries sources;
    private final EventTypeQueries eventTypes;

    private SqliteStore(Vertx vertx, Settings.Store settings, Opened opened) {
        this.vertx = vertx;
        file = opened.file;
        lock = opened.lock;
        checkpoints = opened.checkpoints;
        commits = new GroupCommit(vertx, opened.writer, opened.time.monotonicNanos());
        engineReader = new SqliteReader(
                vertx,
                file,
                "longline-engine-reads",
                Math.max(1, settings.readers() / 2),
                UNBOUNDED,
                opened.time::monotonicMillis);
        apiReader = new SqliteReader(
                vertx,
                file,
                "longline-api-reads",
                settings.readers(),
                MOST_API_READS_WAITING,
                opened.time::monotonicMillis);
        work = new WorkQueries(engineReader);
        queries = new SqlQueries(apiReader);
        access = new SqlAccessQueries(apiReader);
        sources = new SqlSourceQueries(apiReader);
        eventTypes = new SqlEventTypeQueries(apiReader);
        replays = new SqlReplayQueries(apiReader);
        commits.start();
    }

    private record Opened(
            StoreLock lock, SqliteFile file, SqliteBatchWriter writer, Checkpoints checkpoints, TimeSource time) {}

    /**
     * Opens the store, making and migrating the file where needed.
     *
     * @param time tells how long things wait
     * @param ids is told the largest identifiers stored, so that it starts above them
     * @return fails with {@link StoreRefusedException}, whose message is one line for the operator
     */
    public static Future<SqliteStore> open(Vertx vertx, Settings.Store settings, IdGenerator ids, TimeSource time) {
        return vertx.executeBlocking(() -> open(settings, ids, time))
                .map(opened -> new SqliteStore(vertx, settings, opened));
    }

    /** Whether the store's file is there already. */
    public static boolean exists(Settings.Store settings) {
        return Files.exists(path(settings));
    }

    /** Writes the whole file of a store that nobody uses anew: what was changed or deleted leaves no trace in it. */
    public static Future<Void> rewrite(Vertx vertx, Settings.Store settings) {
        return vertx.executeBlocking(() -> {
            Path path = path(settings);
            SqliteFile file = new SqliteFile(path, settings.synchronous());
            StoreLock lock = StoreLock.take(path);
            try (Connection connection = file.openWriter();
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
                return null;
            } catch (SQLException fault) {
                throw file.refused(fault);
            } finally {
                lock.close();
            }
        });
    }

    /** The file that a store is in. */
    static Path path(Settings.Store settings) {
        return Path.of(settings.url().substring("sqlite:".length())).toAbsolutePath();
    }

    private static Opened open(Settings.Store settings, IdGenerator ids, TimeSource time) throws IOException {
        NativeLibrary.load();
        Path path = path(settings);
        SqliteFile file = new SqliteFile(path, settings.synchronous());
        file.create();
        StoreLock lock = StoreLock.take(path);
        try {
            Connection connection = file.openWriter();
            try {
                SqliteMigrations migrations = new SqliteMigrations(file);
                int version = migrations.check(connection);
                file.setUp(connection);
                migrations.run(connection, version);
                SqliteFile.tryToLock(connection);
                startAbove(connection, ids);
                Checkpoints checkpoints = file.checkpoints();
                SqliteBatchWriter writer = openWriter(connection, checkpoints, time);
                checkpoints.start(PageFlush.open(path, time.monotonicNanos()));
                return new Opened(lock, file, writer, checkpoints, time);
            } catch (SQLException | RuntimeException fault) {
                connection.close();
                throw fault;
            }
        } catch (SQLException fault) {
            lock.close();
            throw file.refused(fault);
        } catch (RuntimeException fault) {
            lock.close();
            throw fault;
        }
    }

    private static SqliteBatchWriter openWriter(Connection connection, Checkpoints checkpoints, TimeSource time)
            throws SQLException {
        try {
            SqliteBatchWriter writer = new SqliteBatchWriter(connection, checkpoints, time::monotonicMillis);
            writer.recover();
            return writer;
        } catch (SQLException | RuntimeException fault) {
            checkpoints.end();
            throw fault;
        }
    }

    private static void startAbove(Connection connection, IdGenerator ids) throws SQLException {
        for (String largestOf : List.of(
                "SELECT max(id) FROM webhooks",
                "SELECT max(id) FROM events",
                "SELECT max(id) FROM deliveries",
                "SELECT max(id) FROM audit",
                "SELECT max(id) FROM api_keys",
                "SELECT max(id) FROM sources",
                "SELECT max(id) FROM replays",
                LARGEST_ATTEMPT)) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(largestOf)) {
                String largest = rows.next() ? rows.getString(1) : null;
                if (largest != null) {
                    ids.startAbove(largest);
                }
            }
        }
    }

    @Override
    public void onCommit(CommitListener listener) {
        commits.onCommit(listener);
    }

    @Override
    public void onWrite(WriteListener listener) {
        commits.onWrite(listener);
    }

    @Override
    public Future<StoreSize> size() {
        return vertx.executeBlocking(file::size, false);
    }

    @Override
    public <R> Future<R> write(Operation<R> operation) {
        return commits.write(operation);
    }

    @Override
    public boolean isWritable() {
        return commits.isWritable();
    }

    @Override
    public Queries queries() {
        return queries;
    }

    @Override
    public AccessQueries access() {
        return access;
    }

    @Override
    public SourceQueries sources() {
        return sources;
    }

    @Override
    public EventTypeQueries eventTypes() {
        return eventTypes;
    }

    @Override
    public ReplayQueries replays() {
        return replays;
    }

    @Override
    public Future<List<Webhook>> registeredWebhooks() {
        return work.webhooks();
    }

    @Override
    public Future<List<WaitingDelivery>> firstAttempts(WebhookId webhookId, int limit) {
        return work.firstAttempts(webhookId, limit);
    }

    @Override
    public Future<List<WaitingDelivery>> retries(WebhookId webhookId, int limit) {
        return work.retries(webhookId, limit);
    }

    @Override
    public Future<Map<WebhookId, Backlog>> backlogs(Collection<WebhookId> webhookIds) {
        return work.backlogs(webhookIds);
    }

    @Override
    public Future<Map<EventId, Payload>> payloads(Collection<EventId> eventIds) {
        return work.payloads(eventIds);
    }

    @Override
    public Future<Optional<WebhookId>> webhookOf(DeliveryId deliveryId) {
        return work.webhookOf(deliveryId);
    }

    @Override
    public Future<String> identity() {
        return work.identity();
    }

    @Override
    public Future<Void> close() {
        return Future.join(engineReader.close(), apiReader.close())
                .<Void>mapEmpty()
                .eventually(commits::close)
                .eventually(() -> vertx.executeBlocking(this::closeFiles));
    }

    private @Nullable Void closeFiles() throws IOException {
        if (checkpoints.lostWrites()) {
            // Only another process may open it, to which the log is all that counts.
            NEVER_CLOSED.add(this);
        } else {
            checkpoints.close();
            lock.close();
        }
        return null;
    }
}
