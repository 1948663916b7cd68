package io.longline.store.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.IdGenerator;
import io.longline.model.WebhookBuilder;
import io.longline.store.Operation;
import io.longline.store.Store;
import io.longline.store.StoreRefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file must be for the store to start on it, and the one line that says why it does not. */
class SqliteStartTest {
    @TempDir
    Path folder;

    private Vertx vertx;
    private SqliteBackend backend;

    @BeforeEach
    void nameAFile() {
        vertx = Vertx.vertx();
        backend = SqliteBackend.in(folder);
    }

    @AfterEach
    void letGo() throws Exception {
        end(vertx.close());
    }

    private static <T> T end(Future<T> future) throws ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("expected to end", late);
        }
    }

    private static IdGenerator ids() {
        return new IdGenerator(() -> 1_000, new SplittableRandom(3));
    }

    private Store opened() throws ExecutionException {
        return end(backend.open(vertx, ids()));
    }

    private void openAndClose() throws ExecutionException {
        end(opened().close());
    }

    /** The line for the operator; where the store starts after all it is closed again. */
    private String refusal() throws ExecutionException {
        try {
            Store store = opened();
            end(store.close());
            return "started";
        } catch (ExecutionException fault) {
            assertThat(fault.getCause()).isInstanceOf(StoreRefusedException.class);
            return fault.getCause().getMessage();
        }
    }

    private void change(String sql) throws SQLException {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement()) {
            statement.execute(sql);
        }
    }

    private String asked(String sql) throws SQLException {
        try (Connection plain = backend.plain();
                Statement statement = plain.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private void overwrite(long from, int length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(backend.file().toFile(), "rw")) {
            file.seek(from);
            file.write("x".repeat(length).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void aNewFile_isForItsOwnerAlone() throws Exception {
        Store store = opened();
        end(store.write(new Operation.CreateWebhook(new WebhookBuilder(ids().webhook(), Instant.EPOCH)
                .url("http://127.0.0.1:9/")
                .build())));

        for (String name : new String[] {"longline.db", "longline.db-wal", "longline.db-shm"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        end(store.close());
    }

    @Test
    void aNewFile_givesFreedPagesBackAndWritesAhead() throws Exception {
        openAndClose();

        assertThat(asked("PRAGMA page_size")).isEqualTo("8192");
        assertThat(asked("PRAGMA auto_vacuum")).isEqualTo("2");
        assertThat(asked("PRAGMA journal_mode")).isEqualTo("wal");
    }

    @Test
    void anEmptyFile_isMadeAStore() throws Exception {
        Files.createFile(backend.file());

        openAndClose();

        assertThat(asked("SELECT count(*) FROM webhooks")).isEqualTo("0");
        assertThat(asked("PRAGMA page_size")).isEqualTo("8192");
        assertThat(asked("PRAGMA auto_vacuum")).isEqualTo("2");
    }

    @Test
    void aFileThatIsNoDatabase_isRefusedAndLeftAlone() throws Exception {
        Files.writeString(backend.file(), "These are my notes.\n".repeat(500));

        String refusal = refusal();

        assertThat(refusal)
                .isEqualTo("the store " + backend.file() + " is not a SQLite database; name another file in store.url");
        assertThat(backend.file()).hasContent("These are my notes.\n".repeat(500));
    }

    @Test
    void anotherProgramsDatabase_isRefusedAndLeftAlone() throws Exception {
        change("CREATE TABLE photos (id INTEGER PRIMARY KEY)");

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "another program's SQLite database");
        assertThat(asked("SELECT group_concat(name) FROM sqlite_master")).isEqualTo("photos");
        assertThat(asked("PRAGMA journal_mode")).isEqualTo("delete");
        assertThat(Path.of(backend.file() + "-wal")).doesNotExist();
    }

    @Test
    void f4_aDamagedHeader_isRefused() throws Exception {
        openAndClose();
        overwrite(0, 50);

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "is not a SQLite database");
    }

    @Test
    void f4_aDamagedSchema_isRefusedAndSaysHowToRestore() throws Exception {
        openAndClose();
        overwrite(100, 3_000);

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "is damaged; restore it from a backup");
    }

    @Test
    void f4_damageInWhatTheStartReads_isRefusedAndSaysHowToRestore() throws Exception {
        openAndClose();
        int root = Integer.parseInt(asked("SELECT rootpage FROM sqlite_master WHERE name = 'deliveries'"));
        int page = Integer.parseInt(asked("PRAGMA page_size"));
        overwrite((root - 1L) * page, page);

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "is damaged; restore it from a backup");
    }

    @Test
    void f15_aNewerSchema_isRefused() throws Exception {
        openAndClose();
        change("INSERT INTO flyway_schema_history SELECT 99, '99', description, type, script, checksum, installed_by,"
                + " installed_on, execution_time, success FROM flyway_schema_history LIMIT 1");

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "newer version of Longline (schema 99");
    }

    /** Takes as long as a lock is waited for, which is five seconds. */
    @Test
    void f3_aFileThatAnotherProcessWritesTo_isRefused() throws Exception {
        openAndClose();
        try (Connection other = backend.plain()) {
            backend.lockOut(other);

            String refusal = refusal();

            assertThat(refusal).contains(backend.file().toString(), "is locked by another process; stop that process");
        }
        assertThat(refusal()).isEqualTo("started");
    }

    @Test
    void f17_aSecondStoreOnTheFile_namesTheHolder() throws Exception {
        Store first = opened();

        String refusal = refusal();

        assertThat(refusal)
                .contains(
                        backend.file().toString(),
                        "is in use by process " + ProcessHandle.current().pid() + " on ");
        end(first.close());
        assertThat(refusal()).isEqualTo("started");
    }

    @Test
    void f17_aRefusedStartLeavesNoLockBehind() throws Exception {
        Files.writeString(backend.file(), "no database, and long enough to be read as one ".repeat(10));
        refusal();
        Files.delete(backend.file());

        assertThat(refusal()).isEqualTo("started");
    }

    @Test
    void aFolderThatIsNotThere_isNamed() throws Exception {
        backend = new SqliteBackend(folder.resolve("none").resolve("longline.db"));

        String refusal = refusal();

        assertThat(refusal).contains(backend.file().toString(), "the folder does not exist");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aFolderInsteadOfAFile_isRefused() throws Exception {
        backend = new SqliteBackend(folder);

        String refusal = refusal();

        assertThat(refusal).contains(folder.toString(), "is a folder");
    }

    /** Modes do not bind root; an immutable file does, where the file system knows of such. */
    private static void makeReadOnly(Path path) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
        if (Files.isWritable(path)) {
            changeAttributes("+i", path);
        }
        Assumptions.assumeFalse(Files.isWritable(path), "this user may write to anything");
    }

    private static void makeWritable(Path path) throws Exception {
        changeAttributes("-i", path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }

    private static void changeAttributes(String change, Path path) throws Exception {
        try {
            new ProcessBuilder("chattr", change, path.toString()).start().waitFor(10, SECONDS);
        } catch (IOException notHere) {
            Assumptions.assumeTrue(Files.isWritable(path) == change.equals("-i"), "there is no chattr");
        }
    }

    @Test
    void f3_aReadOnlyFile_isRefused() throws Exception {
        openAndClose();
        try {
            makeReadOnly(backend.file());

            String refusal = refusal();

            assertThat(refusal).contains(backend.file().toString(), "cannot be written by this user");
        } finally {
            makeWritable(backend.file());
        }
    }

    @Test
    void f3_aReadOnlyFolder_isRefused() throws Exception {
        try {
            makeReadOnly(folder);

            String refusal = refusal();

            assertThat(refusal).contains(backend.file().toString(), "cannot be made");
        } finally {
            makeWritable(folder);
        }
    }

    @Test
    void f3_aStoreInAReadOnlyFolder_isRefused() throws Exception {
        openAndClose();
        Files.delete(Path.of(backend.file() + ".lock"));
        try {
            makeReadOnly(folder);

            String refusal = refusal();

            assertThat(refusal).contains(backend.file() + ".lock", "cannot be written");
        } finally {
            makeWritable(folder);
        }
    }

    @Test
    void identifiers_startAboveTheLargestStored() throws Exception {
        IdGenerator ahead = new IdGenerator(() -> 9_000_000, new SplittableRandom(3));
        Store first = opened();
        var stored = ahead.webhook();
        end(first.write(new Operation.CreateWebhook(new WebhookBuilder(stored, Instant.EPOCH)
                .url("http://127.0.0.1:9/")
                .build())));
        end(first.close());
        IdGenerator behind = ids();

        Store second = end(backend.open(vertx, behind));

        assertThat(behind.webhook()).isGreaterThan(stored);
        end(second.close());
    }

    @Test
    void newest_isThatOfTheNewestMigration() throws Exception {
        URL migrations = SqliteStore.class.getResource("/db/sqlite");
        Pattern versioned = Pattern.compile("V(\\d+)__\\w+\\.sql");

        try (Stream<Path> files = Files.list(Path.of(migrations.toURI()))) {
            int newest = files.map(file -> versioned.matcher(file.getFileName().toString()))
                    .filter(java.util.regex.Matcher::matches)
                    .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                    .max()
                    .orElseThrow();

            assertThat(SqliteMigrations.NEWEST).isEqualTo(newest);
        }
    }

    @Test
    void aSecondStart_migratesNothing() throws Exception {
        openAndClose();
        String before = asked("SELECT count(*) || max(installed_on) FROM flyway_schema_history");

        openAndClose();

        assertThat(asked("SELECT count(*) || max(installed_on) FROM flyway_schema_history"))
                .isEqualTo(before);
    }
}
