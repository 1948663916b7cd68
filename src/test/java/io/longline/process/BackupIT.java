package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.process.Receiver.Reaction;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a store that a server is writing to, and their way back. */
@Timeout(180)
class BackupIT {
    @TempDir
    Path folder;

    private LonglineProcess run(String command, Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, file.toString(), "--store", "sqlite:" + store()));
        arguments.addAll(List.of(more));
        return LonglineProcess.start(folder, Map.of(), arguments.toArray(String[]::new));
    }

    private Path store() {
        return folder.resolve("longline.db");
    }

    private static String refusal(LonglineProcess process) {
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.err()).hasSize(1);
        return process.err().get(0);
    }

    private static void done(LonglineProcess process) {
        assertThat(process.exitCode()).as("exit code; %s", process.err()).isZero();
    }

    @Test
    void aStoreUnderLoad_isCopiedAsOfOneMoment_andTheCopyCanTakeItsPlace() throws IOException {
        Path copy = folder.resolve("copy.db");
        Load load = new Load(7);
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT);
                LonglineProcess server = LonglineProcess.serve(store())) {
            Subscriber.register(new Api(server.address()), receiver, "/all", List.of("load.*"), "");
            Load.Round round = load.begin(server.address(), 4, 2_000);
            await().atMost(LonglineProcess.PATIENCE).until(() -> round.answered() > 100);

            try (LonglineProcess backup = run("backup", copy, "--json")) {
                done(backup);
                assertThat(round.isOver()).as("the load went on meanwhile").isFalse();
                assertThat(String.join("", backup.out())).contains("\"webhooks\":1");
            }
            try (LonglineProcess again = run("backup", copy);
                    LonglineProcess tooSoon = run("restore", copy)) {
                assertThat(refusal(again)).contains("copy.db exists already");
                assertThat(refusal(tooSoon)).contains("is in use by process " + server.pid(), "stop it first");
            }
            killWhileItCopies();
            server.kill();
            await().atMost(LonglineProcess.PATIENCE).until(round::isOver);
        }
        StoreFile copied = new StoreFile(copy);
        assertThat(copied.text("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(copied.text("PRAGMA journal_mode")).isEqualTo("delete");
        assertThat(copied.number("SELECT count(*) FROM deliveries WHERE event_id NOT IN (SELECT id FROM events)"))
                .isZero();
        long events = copied.number("SELECT count(*) FROM events WHERE type LIKE 'load.%'");
        assertThat(events).isGreaterThan(50).isLessThan(8_000);

        try (LonglineProcess newer = run("restore", copy)) {
            assertThat(refusal(newer)).contains("is newer", "--force");
        }
        Path damaged = folder.resolve("damaged.db");
        Files.copy(copy, damaged, StandardCopyOption.REPLACE_EXISTING);
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            for (long place = 8_192; place < file.length(); place += 8_192) {
                file.seek(place);
                file.write(new byte[512]);
            }
        }
        try (LonglineProcess unsound = run("restore", damaged, "--force")) {
            assertThat(refusal(unsound)).containsPattern("not sound|damaged|cannot be copied|not a");
        }
        try (LonglineProcess forced = run("restore", copy, "--force")) {
            done(forced);
        }
        try (LonglineProcess server = LonglineProcess.serve(store())) {
            Api api = new Api(server.address());
            assertThat(api.get("/api/webhooks").body().path("data")).hasSize(1);
            assertThat(server.stop()).isZero();
        }
        assertThat(new StoreFile(store()).number("SELECT count(*) FROM events WHERE type LIKE 'load.%'"))
                .isEqualTo(events);
        try (LonglineProcess nothingNewer = LonglineProcess.start(
                folder, Map.of(), "restore", copy.toString(), "--store", "sqlite:" + folder.resolve("new.db"))) {
            done(nothingNewer);
        }
    }

    /** What is cut off never has the copy's name. */
    private void killWhileItCopies() {
        Path cut = folder.resolve("cut.db");
        try (LonglineProcess backup = run("backup", cut)) {
            await().atMost(LonglineProcess.PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> Files.exists(Path.of(cut + ".part")) || !backup.isAlive());
            backup.kill();
        }
        if (Files.exists(cut)) {
            assertThat(new StoreFile(cut).text("PRAGMA integrity_check")).isEqualTo("ok");
        }
        try (LonglineProcess again = run("backup", folder.resolve("after.db"))) {
            done(again);
        }
    }

    @Test
    void whatIsNoStore_isNeitherCopiedNorRestored() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a database at all, but long enough to be one");
        try (LonglineProcess nothing = run("backup", folder.resolve("a.db"));
                LonglineProcess other = run("restore", text)) {
            assertThat(refusal(nothing)).contains("longline.db does not exist", "--store");
            assertThat(refusal(other)).contains("notes.txt");
        }
        assertThat(store()).doesNotExist();
    }
}
