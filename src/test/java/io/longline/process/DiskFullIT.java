package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.longline.process.Receiver.Reaction;
import io.longline.process.Receiver.Script;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * F2: the disk fills up under a running server. It says so with {@code 503}, promises nothing that it cannot keep, and
 * goes on by itself once there is room. The disk is a small one of the test's own, which takes a user who may mount.
 */
@Timeout(120)
class DiskFullIT {
    private static final String BIG = "\"" + "x".repeat(20_000) + "\"";
    private static final int ENOUGH_CALLS = 2_000;

    @TempDir
    Path folder;

    private Path disk;
    private final Set<String> accepted = new HashSet<>();

    @BeforeEach
    void mountASmallDisk() throws IOException, InterruptedException {
        disk = Files.createDirectory(folder.resolve("disk"));
        boolean mounted = Files.isExecutable(Path.of("/usr/bin/mount"))
                && run("mount", "-t", "tmpfs", "-o", "size=12m", "longline-test", disk.toString()) == 0;
        if (!mounted) {
            System.out.println("DiskFullIT: LEFT OUT: this user may not mount a small disk to fill");
        }
        assumeThat(mounted).as("a small disk to fill").isTrue();
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", disk.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Path store() {
        return disk.resolve("longline.db");
    }

    private LonglineProcess start(String... settings) {
        List<String> arguments = new ArrayList<>(LonglineProcess.serving(store()));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return LonglineProcess.start(folder, Map.of(), arguments.toArray(String[]::new));
    }

    private void fillTheDisk() {
        byte[] block = new byte[4_096];
        try (OutputStream filler = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            assertThat(disk.toFile().getUsableSpace()).isLessThan(block.length);
        }
    }

    private void makeRoom() throws IOException {
        Files.delete(disk.resolve("filler"));
    }

    /** Triggers until the first refusal; what was accepted before is owed. */
    private Api.Answer triggerUntilRefused(Api api) {
        for (int call = 0; call < ENOUGH_CALLS; call++) {
            Api.Answer answer = trigger(api);
            if (answer.status() != 202) {
                return answer;
            }
        }
        throw new AssertionError("the store took " + ENOUGH_CALLS + " big events on a full disk");
    }

    private Api.Answer trigger(Api api) {
        Api.Answer answer = api.post("/api/events/trigger", Api.event("load.a", BIG));
        if (answer.status() == 202) {
            accepted.add(answer.body().get("id").asText());
        }
        return answer;
    }

    private static int ready(Api api) {
        return api.get("/health/ready").status();
    }

    @Test
    void f2_aFullDisk_isSaidToBeFull_andNothingIsPromised() throws IOException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT);
                LonglineProcess server = start()) {
            Api api = new Api(server.address());
            Subscriber webhook = Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            trigger(api);
            fillTheDisk();

            Api.Answer refused = triggerUntilRefused(api);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refused.body().get("detail").asText()).contains("the disk is full");
            assertThat(ready(api)).isEqualTo(503);
            assertThat(api.get("/health/live").status()).isEqualTo(200);
            assertThat(api.get("/api/webhooks/" + webhook.id()).status()).isEqualTo(200);
            assertThat(server.err())
                    .filteredOn(line -> line.contains("ERROR"))
                    .singleElement()
                    .asString()
                    .contains("the disk is full", "503");
        }
    }

    @Test
    void f2_onceThereIsRoom_itGoesOnByItself_andNothingIsLost() throws IOException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT);
                LonglineProcess server = start()) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            trigger(api);
            fillTheDisk();
            triggerUntilRefused(api);

            makeRoom();

            await("ready again, though nobody calls")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> ready(api) == 200);
            assertThat(trigger(api).status()).isEqualTo(202);
            await("nothing pending").atMost(LonglineProcess.PATIENCE).until(() -> api.pending() == 0);
            assertThat(receiver.arrivals()).extracting(Receiver.Arrival::id).containsOnlyOnceElementsOf(accepted);
            assertThat(server.stop()).isZero();
            assertThat(new HashSet<>(new StoreFile(store())
                            .rows("SELECT id FROM events WHERE type = 'load.a'", row -> row.getString(1))))
                    .as("what was refused is not there")
                    .isEqualTo(accepted);
        }
    }

    @Test
    void f2_whileTheDiskIsFull_readyNeverSaysOtherwise() throws IOException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.ACCEPT);
                LonglineProcess server = start("retention.interval_seconds=1")) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            fillTheDisk();

            triggerUntilRefused(api);

            // Upkeep with nothing to write commits even on a full disk; that must not count as recovery.
            await("several rounds of upkeep")
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(6))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> ready(api) == 503);
        }
    }

    /** Takes everything after a while. */
    private record Slow(long delayMillis) implements Script {
        @Override
        public Reaction react(String path, String id, int nth) {
            return Reaction.ACCEPT;
        }
    }

    @Test
    void e2_anAnswerThatCannotBeRecorded_isKeptUntilItCan_andNotSentAgain() throws IOException {
        try (Receiver receiver = new Receiver(new Slow(1_500));
                LonglineProcess server = start()) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            trigger(api);
            await().atMost(LonglineProcess.PATIENCE).until(() -> receiver.underWay() == 1);
            fillTheDisk();
            triggerUntilRefused(api);
            await("the answers")
                    .atMost(LonglineProcess.PATIENCE)
                    .until(() -> receiver.count() >= 1 && receiver.underWay() == 0);

            makeRoom();

            await("nothing pending").atMost(LonglineProcess.PATIENCE).until(() -> api.pending() == 0);
            assertThat(receiver.arrivals().stream()
                            .collect(Collectors.groupingBy(Receiver.Arrival::id, Collectors.counting())))
                    .containsOnlyKeys(accepted)
                    .allSatisfy((id, times) -> assertThat(times).isOne());
        }
    }

    @Test
    void start_onAFullDisk_isRefusedInOneLine() {
        fillTheDisk();

        try (LonglineProcess process = start()) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.err())
                    .singleElement()
                    .asString()
                    .startsWith("longline: ")
                    .contains(store().toString());
        }
    }

    /** The file can be made, but its tables do not all fit: why is said, whatever SQLite has undone by itself. */
    @ParameterizedTest
    @ValueSource(ints = {100_000, 200_000})
    void start_onADiskWithTooLittleRoom_isRefusedAsFull(int room) throws IOException {
        fillTheDisk();
        try (FileChannel filler = FileChannel.open(disk.resolve("filler"), StandardOpenOption.WRITE)) {
            filler.truncate(filler.size() - room);
        }

        try (LonglineProcess process = start()) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.err())
                    .singleElement()
                    .asString()
                    .startsWith("longline: ")
                    .contains("the disk is full");
        }
    }

    /** An orderly end leaves a file and no log: a start has to make one, and cannot. */
    @Test
    void start_withAStore_onADiskThatBecameFull_isRefusedInOneLine() {
        try (LonglineProcess server = start()) {
            trigger(new Api(server.address()));
            assertThat(server.stop()).isZero();
        }
        fillTheDisk();

        try (LonglineProcess process = start()) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.err())
                    .singleElement()
                    .asString()
                    .startsWith("longline: ")
                    .contains(store().toString());
        }
    }

    /** The log of before has room to be written over, enough for a start: then it is as where the disk fills later. */
    @Test
    void start_afterAKill_onADiskThatBecameFull_isRefused_orPromisesNothing() {
        try (LonglineProcess server = start()) {
            trigger(new Api(server.address()));
            server.kill();
        }
        fillTheDisk();

        try (LonglineProcess process = start()) {
            if (process.becomesReady()) {
                Api api = new Api(process.address());
                Api.Answer refused = triggerUntilRefused(api);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.text()).contains("the disk is full");
                assertThat(ready(api)).isEqualTo(503);
                assertThat(accepted)
                        .allSatisfy(
                                id -> assertThat(api.get("/api/events/" + id).status())
                                        .isEqualTo(200));
            } else {
                assertThat(process.err()).singleElement().asString().contains("the disk is full");
            }
        }
    }
}
