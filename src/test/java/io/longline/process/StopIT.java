package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.process.Receiver.Arrival;
import io.longline.process.Receiver.Reaction;
import io.longline.process.Receiver.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F14: a process told to stop ends in order, however busy it is, and the next one goes on where it ended. */
@Timeout(120)
class StopIT {
    private static final int STOPS = 3;
    /** What the end of the virtual machine may take beyond the drain, five times as generous as it is seen to take. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("longline.db");
    }

    /** Takes everything, but not at once. */
    private record Slow(long delayMillis) implements Script {
        @Override
        public Reaction react(String path, String id, int nth) {
            return Reaction.ACCEPT;
        }
    }

    @Test
    void stopUnderLoad_losesNothing_sendsNothingTwice_andTheNextStartGoesOn() throws IOException {
        Load load = new Load(20_261_124);
        try (Receiver receiver = new Receiver(new Slow(20))) {
            List<Subscriber> subscribers = subscribe(receiver);

            for (int stop = 1; stop <= STOPS; stop++) {
                loadAndStop(load, receiver);
            }
            finish(load);

            Evidence evidence = new Evidence(new StoreFile(file()), load, receiver);
            evidence.everythingAcceptedArrived(subscribers);
            evidence.everyEventIsStoredOnce();
            evidence.figuresEqualTheRows(subscribers);
            assertThat(load.oddities()).isEmpty();
            assertThat(receiver.arrivals())
                    .as("each delivery was sent once: what was in flight at a stop had ended and was recorded")
                    .extracting(arrival -> arrival.path() + arrival.id())
                    .doesNotHaveDuplicates();
        }
    }

    private List<Subscriber> subscribe(Receiver receiver) {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            Api api = new Api(server.address());
            return List.of(
                    Subscriber.register(api, receiver, "/all", List.of("load.*"), ""),
                    Subscriber.register(api, receiver, "/a", List.of("load.a"), ""));
        }
    }

    private void loadAndStop(Load load, Receiver receiver) {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            Load.Round round = load.begin(server.address(), 4, 1_000);
            await().atMost(LonglineProcess.PATIENCE).until(() -> round.answered() > 100 && receiver.underWay() > 0);

            long began = System.nanoTime();
            int code = server.stop();

            assertThat(code).as("exit code; %s", server.err()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(MARGIN);
            await("the load's end").atMost(LonglineProcess.PATIENCE).until(round::isOver);
            assertThat(server.err()).last().asString().endsWith("stopped");
        }
    }

    private void finish(Load load) throws IOException {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            load.repeatUnanswered(server.address());
            Api api = new Api(server.address());
            await("nothing pending").atMost(Duration.ofSeconds(60)).until(() -> api.pending() == 0);
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void stopDuringALongAnswer_waitsForIt_andRecordsIt() throws IOException {
        try (Receiver receiver = new Receiver(new Slow(1_500));
                LonglineProcess server = LonglineProcess.serve(file())) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            api.trigger("load.a", "1");
            await().atMost(LonglineProcess.PATIENCE).until(() -> receiver.underWay() == 1);

            int code = server.stop();

            assertThat(code).isZero();
            assertThat(new StoreFile(file()).rows("SELECT status FROM deliveries", row -> row.getString(1)))
                    .containsExactly("succeeded");
        }
    }

    @Test
    void stopDuringALongAnswer_takesNothingNewIn_andSaysSo() throws IOException {
        try (Receiver receiver = new Receiver(new Slow(3_000));
                LonglineProcess server = LonglineProcess.serve(file())) {
            Api api = new Api(server.address());
            Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
            api.trigger("load.a", "1");
            await().atMost(LonglineProcess.PATIENCE).until(() -> receiver.underWay() == 1);

            server.terminate();

            await("ready says no")
                    .atMost(Duration.ofSeconds(2))
                    .until(() -> api.get("/health/ready").status() == 503);
            Api.Answer refused = api.post("/api/events/trigger", Api.event("load.a", "2"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.text()).contains("stopping");
            assertThat(api.get("/health/live").status()).isEqualTo(200);
            assertThat(server.exitCode()).isZero();
            assertThat(new StoreFile(file()).number("SELECT count(*) FROM events WHERE type LIKE 'load.%'"))
                    .isOne();
        }
    }

    @Test
    void stopWhileReceiversHang_endsAfterTheDrain_andWhatWasCutOffIsSentAgain() throws IOException {
        try (Receiver receiver = new Receiver((path, id, nth) -> Reaction.HANG)) {
            try (LonglineProcess server = LonglineProcess.serve(file(), "server.drain_seconds=1")) {
                Api api = new Api(server.address());
                Subscriber.register(api, receiver, "/all", List.of("load.*"), "");
                api.trigger("load.a", "1");
                await().atMost(LonglineProcess.PATIENCE).until(() -> receiver.underWay() == 1);
                long began = System.nanoTime();

                int code = server.stop();

                assertThat(code).isZero();
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isBetween(Duration.ofMillis(900), MARGIN.plusSeconds(1));
            }
            receiver.script((path, id, nth) -> Reaction.ACCEPT);
            try (LonglineProcess next = LonglineProcess.serve(file())) {
                Api api = new Api(next.address());
                await("nothing pending").atMost(LonglineProcess.PATIENCE).until(() -> api.pending() == 0);
            }
            assertThat(receiver.arrivals())
                    .extracting(Arrival::reaction)
                    .containsExactly(Reaction.HANG, Reaction.ACCEPT);
            assertThat(receiver.arrivals())
                    .extracting(Arrival::id)
                    .containsOnly(receiver.arrivals().get(0).id());
            assertThat(receiver.arrivals().get(0).body())
                    .isEqualTo(receiver.arrivals().get(1).body());
        }
    }

    @Test
    void stop_leavesNothingBehindButTheStore() {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            new Api(server.address()).trigger("load.a", "1");

            int code = server.stop();

            assertThat(code).isZero();
            assertThat(folder.toFile().list()).containsExactlyInAnyOrder("longline.db", "longline.db.lock");
        }
    }

    @Test
    void kill_leavesNoCopyOfTheNativeLibraryBehind() {
        try (LonglineProcess server = LonglineProcess.serve(file())) {
            server.kill();

            assertThat(folder.toFile().list())
                    .as("a server that is killed again and again does not fill the temporary folder")
                    .noneMatch(name -> name.contains("sqlite") || name.startsWith("longline-"));
        }
    }
}
