package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.process.Receiver.Reaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * F1: the process is killed in mid-load, over and over, while its receivers fail, hang and reset connections; nothing
 * that was answered {@code 202} is lost, altered or counted wrongly.
 */
class CrashIT {
    private static final int KILLS = 10;
    private static final int CONNECTIONS = 4;
    private static final int CALLS_EACH = 120;
    /** From this arrival of an event on, a receiver takes it; the retries allow for more. */
    private static final int PATIENT_UNTIL = 4;

    private static final String[] SETTINGS = {
        "circuit.failures_in_a_row=40",
        "circuit.window=64",
        "circuit.first_wait_seconds=1",
        "circuit.longest_wait_seconds=1",
        "delivery.sweep_seconds=2"
    };

    private final long seed = Long.getLong("longline.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void everything202_isDeliveredUnaltered_howeverOftenTheProcessIsKilled() throws IOException {
        System.out.println("CrashIT: -Dlongline.seed=" + seed);
        Path file = folder.resolve("longline.db");
        Load load = new Load(seed);
        try (Receiver receiver = new Receiver(this::moody)) {
            List<Subscriber> subscribers = subscribe(file, receiver);

            for (int kill = 1; kill <= KILLS; kill++) {
                loadAndKill(file, load, receiver);
            }
            List<JsonNode> shown = finish(file, load, receiver, subscribers);

            Evidence evidence = new Evidence(new StoreFile(file), load, receiver);
            evidence.everythingAcceptedArrived(subscribers);
            evidence.everythingIsSigned(subscribers);
            evidence.everyEventIsStoredOnce();
            evidence.figuresEqualTheRows(subscribers);
            apiShowedTheRows(shown, file, subscribers);
            assertThat(load.oddities()).isEmpty();
            System.out.printf(
                    "CrashIT: %d events answered 202, %d kills, %d requests at the receivers, %d attempts recorded%n",
                    load.accepted().size(),
                    KILLS,
                    receiver.count(),
                    new StoreFile(file).number("SELECT count(*) FROM delivery_attempts"));
        }
    }

    private List<Subscriber> subscribe(Path file, Receiver receiver) {
        try (LonglineProcess server = LonglineProcess.serve(file, SETTINGS)) {
            Api api = new Api(server.address());
            return List.of(
                    Subscriber.register(api, receiver, "/all", List.of("load.*"), ",\"timeout\":2"),
                    Subscriber.register(
                            api, receiver, "/a", List.of("load.a"), ",\"timeout\":1,\"secret\":\"plain secret\""),
                    Subscriber.register(api, receiver, "/b-c", List.of("load.b", "load.c"), ",\"timeout\":1"),
                    Subscriber.register(
                            api, receiver, "/unsigned", List.of("load.a", "load.c"), ",\"timeout\":1,\"secret\":null"));
        }
    }

    /** What a receiver does depends on the event and the seed alone. */
    private Reaction moody(String path, String id, int nth) {
        int dice = new SplittableRandom(seed ^ (path + id + nth).hashCode()).nextInt(1_000);
        if (nth >= PATIENT_UNTIL || dice < 700) {
            return Reaction.ACCEPT;
        }
        if (dice < 705) {
            return Reaction.HANG;
        }
        Reaction[] others = {Reaction.REFUSE, Reaction.RESET, Reaction.CUT, Reaction.GARBAGE};
        return others[dice % others.length];
    }

    /** The moment is a number of answers or of deliveries, so that it falls into the work whatever the machine's speed. */
    private void loadAndKill(Path file, Load load, Receiver receiver) {
        try (LonglineProcess server = LonglineProcess.serve(file, SETTINGS)) {
            boolean byAnswers = random.nextInt(3) > 0;
            int after = 1 + random.nextInt(CONNECTIONS * CALLS_EACH / 2);
            int before = receiver.count();
            Load.Round round = load.begin(server.address(), CONNECTIONS, CALLS_EACH);
            await("the moment to kill")
                    .atMost(LonglineProcess.PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> (byAnswers ? round.answered() : receiver.count() - before) >= after || round.isOver());

            server.kill();

            await("the load's end").atMost(LonglineProcess.PATIENCE).until(round::isOver);
        }
    }

    /** Starts once more, waits until nothing is left to do, and stops; answers the webhooks as the API showed them. */
    private static List<JsonNode> finish(Path file, Load load, Receiver receiver, List<Subscriber> subscribers)
            throws IOException {
        try (LonglineProcess server = LonglineProcess.serve(file, SETTINGS)) {
            Api api = new Api(server.address());
            load.repeatUnanswered(server.address());
            await("nothing pending").atMost(Duration.ofSeconds(90)).until(() -> api.pending() == 0);
            assertThat(api.get("/api/deliveries?status=pending").body().get("data"))
                    .isEmpty();
            List<JsonNode> shown = subscribers.stream()
                    .map(subscriber -> api.get("/api/webhooks/" + subscriber.id() + "/stats")
                            .body())
                    .toList();
            JsonNode day = api.get("/api/stats").body().get("deliveries_24h");
            assertThat(server.stop()).as("exit code; %s", server.err()).isZero();
            assertThat(day.get("successful").asLong())
                    .isEqualTo(new StoreFile(file).number("SELECT count(*) FROM deliveries"));
            assertThat(day.get("failed").asLong()).isZero();
            return shown;
        }
    }

    private static void apiShowedTheRows(List<JsonNode> shown, Path file, List<Subscriber> subscribers) {
        StoreFile store = new StoreFile(file);
        for (int index = 0; index < shown.size(); index++) {
            JsonNode stats = shown.get(index);
            String attempts = "SELECT count(*) FROM delivery_attempts WHERE webhook_id = '"
                    + subscribers.get(index).id() + "'";
            assertThat(stats.get("total_attempts").asLong()).isEqualTo(store.number(attempts));
            assertThat(stats.get("successful").asLong())
                    .isEqualTo(store.number(attempts + " AND status = 'succeeded'"));
            assertThat(stats.get("failed").asLong()).isEqualTo(store.number(attempts + " AND status = 'failed'"));
            assertThat(stats.get("pending").asLong()).isZero();
        }
    }
}
