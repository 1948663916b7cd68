package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One server while it is measured, with receivers and a load of its own. Belongs to the thread that makes it, and blocks
 * it.
 */
final class Subject {
    private static final long LOOK_MILLIS = 100;
    /** When nothing has arrived for so long, nothing more is waited for. */
    private static final Duration NOTHING_MORE = Duration.ofSeconds(20);
    /** What comes twice may come a little later. */
    private static final Duration LATECOMERS = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Plan plan;
    private final TimeSource time;
    private final Bench.Target target;
    private final Consumer<String> progress;
    private final Receivers receivers;
    private final LoadGenerator load;
    private final List<String> deployed = new ArrayList<>();

    private @Nullable ServerProcess process;
    private @Nullable Duration start;
    private @Nullable Duration startWithBacklog;
    private Door door;

    private final List<Figures.Round> rounds = new ArrayList<>();
    private final Map<String, Histogram> queries = new HashMap<>();
    private long arrivedBefore;
    private long accepted;
    private long refused;
    private BitSet acceptedNumbers = new BitSet();
    private @Nullable Duration cpu = Duration.ZERO;
    private @Nullable Duration compiling = Duration.ZERO;

    /**
     * Starts the server, if it is ours to start.
     *
     * @param progress is told, now and then, how far it is
     * @throws IOException when it cannot be started
     */
    Subject(Vertx vertx, Plan plan, TimeSource time, Bench.Target target, Consumer<String> progress)
            throws IOException {
        this.vertx = vertx;
        this.plan = plan;
        this.time = time;
        this.target = target;
        this.progress = progress;
        this.receivers = new Receivers(plan, time, new SplittableRandom(1));
        this.load = new LoadGenerator(vertx, plan, time);
        if (target instanceof Bench.Target.Running running) {
            door = new Door(running.address(), running.key());
        } else {
            ServerProcess started = startProcess((Bench.Target.Started) target);
            start = started.startTook();
            door = new Door(started.address(), null);
        }
    }

    private ServerProcess startProcess(Bench.Target.Started started) throws IOException {
        ServerProcess server = ServerProcess.start(time, started);
        process = server;
        return server;
    }

    /**
     * Starts the receivers, registers what the plan asks for, and makes the backlog and the history.
     *
     * @throws IOException when the server does not do what is asked of it
     */
    void prepare() throws IOException, InterruptedException {
        // One right after the other, so that each has an event loop of its own, for every server alike.
        deployed.add(Bench.await(vertx.deployVerticle(receivers)));
        deployed.add(Bench.await(vertx.deployVerticle(load)));
        Setup setup = new Setup(vertx, door, plan);
        try {
            say("registering webhooks");
            Bench.await(setup.webhooks(receivers));
            if (plan.backlog() > 0) {
                say("making the backlog");
                Bench.await(setup.backlog(receivers));
                startAgain();
            }
        } finally {
            setup.close();
        }
        load.aim(door);
        if (plan.history() > 0) {
            LoadGenerator.Sent made = follow(
                    "making a history of " + plan.history(), load::acceptedSoFar, load.sendCount(plan.history()));
            drain(made.acceptedNumbers());
        }
    }

    private void startAgain() throws IOException {
        if (process != null && target instanceof Bench.Target.Started started) {
            say("starting again with the backlog");
            process.close();
            ServerProcess again = startProcess(started);
            startWithBacklog = again.startTook();
            door = new Door(again.address(), null);
        }
    }

    /** Sends, and reads, for so long without counting; from then on all that is sent counts. */
    void warmUp(Duration duration) throws IOException, InterruptedException {
        String reading = startReading(new HashMap<>());
        LoadGenerator.Sent warm = send("warming up", duration);
        drain(warm.acceptedNumbers());
        stopReading(reading);
        acceptedNumbers = warm.acceptedNumbers();
        arrivedBefore = receivers.arrived();
        Bench.await(receivers.countFrom(acceptedNumbers.length()));
    }

    /** Sends for so long, and waits until all of it has arrived. */
    void count(Duration duration) throws IOException, InterruptedException {
        String reading = startReading(queries);
        Duration cpuBefore = cpuSoFar();
        Duration compilingBefore = compilingSoFar();
        LoadGenerator.Sent sent = send("counting", duration);
        say("waiting for what is left");
        drain(sent.acceptedNumbers());
        cpu = plus(cpu, cpuBefore, cpuSoFar());
        compiling = plus(compiling, compilingBefore, compilingSoFar());
        stopReading(reading);
        TimeUnit.MILLISECONDS.sleep(LATECOMERS.toMillis());
        accepted += sent.accepted();
        refused += sent.refused();
        acceptedNumbers = sent.acceptedNumbers();
        long until = Bench.await(receivers.lastCountedNanos());
        // What was not waited for any longer belongs to the round that it arrives in.
        long arrived = receivers.arrived();
        rounds.add(new Figures.Round(
                sent.took(), arrived - arrivedBefore, Duration.ofNanos(Math.max(1, until - sent.startedNanos()))));
        arrivedBefore = arrived;
    }

    /** Reads the lists from now on, where the plan asks for it; {@code null} where it does not. */
    private @Nullable String startReading(Map<String, Histogram> micros) throws IOException, InterruptedException {
        return plan.queries() ? Bench.await(vertx.deployVerticle(new QueryLoad(vertx, time, door, micros))) : null;
    }

    private void stopReading(@Nullable String reading) throws IOException, InterruptedException {
        if (reading != null) {
            Bench.await(vertx.undeploy(reading));
        }
    }

    private @Nullable Duration cpuSoFar() {
        return process == null ? null : process.cpu();
    }

    private @Nullable Duration compilingSoFar() {
        return process == null ? null : process.compiling();
    }

    /** What was used so far and what came to it meanwhile; {@code null} once any of it is not known. */
    private static @Nullable Duration plus(
            @Nullable Duration used, @Nullable Duration before, @Nullable Duration after) {
        return used == null || before == null || after == null ? null : used.plus(after.minus(before));
    }

    /** What all rounds came to. */
    Figures figures() throws IOException, InterruptedException {
        Receivers.Seen seen = Bench.await(receivers.seen());
        return new Figures(
                target.name(),
                accepted,
                refused,
                List.copyOf(rounds),
                seen.latencies(),
                lost(seen.delivered()),
                seen.duplicated(),
                seen.altered(),
                cpu,
                compiling,
                process == null ? null : process.peakMemory().orElse(null),
                start,
                startWithBacklog,
                Map.copyOf(queries));
    }

    private long lost(BitSet delivered) {
        return acceptedNumbers.stream()
                .mapToLong(event -> plan.expectedOf(event)
                        - delivered
                                .get(event * plan.fanOut(), (event + 1) * plan.fanOut())
                                .cardinality())
                .sum();
    }

    private LoadGenerator.Sent send(String what, Duration duration) throws IOException, InterruptedException {
        return follow(what, receivers::arrived, load.sendFor(duration));
    }

    /** Waits until all deliveries of these events have arrived, or until none has for a while. */
    private void drain(BitSet events) throws InterruptedException {
        long expected = events.stream().mapToLong(plan::expectedOf).sum();
        long before = -1;
        long since = time.monotonicMillis();
        for (long now = receivers.arrived(); now < expected; now = receivers.arrived()) {
            if (now != before) {
                before = now;
                since = time.monotonicMillis();
            } else if (time.monotonicMillis() - since > NOTHING_MORE.toMillis()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private <T> T follow(String what, LongSupplier count, Future<T> running) throws IOException, InterruptedException {
        long before = count.getAsLong();
        long beforeAt = time.monotonicMillis();
        while (!running.isComplete()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            long now = time.monotonicMillis();
            if (now - beforeAt >= 1_000) {
                long counted = count.getAsLong();
                say(what + ": " + (counted - before) * 1_000 / (now - beforeAt) + "/s");
                before = counted;
                beforeAt = now;
            }
        }
        return Bench.await(running);
    }

    private void say(String what) {
        progress.accept(target.name() + ": " + what);
    }

    /** Ends the server if it was started here, and the receivers and the load; these have ended once the future succeeds. */
    Future<?> close() {
        if (process != null) {
            process.close();
        }
        return Future.join(deployed.stream().map(vertx::undeploy).toList()).otherwiseEmpty();
    }
}
