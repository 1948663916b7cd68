package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sends a plan's load through a server and measures. Blocks whoever calls it. */
public final class Bench {
    private static final Duration STEP = Duration.ofMinutes(30);
    private static final long LOOK_MILLIS = 100;
    /** When nothing has arrived for so long, nothing more is waited for. */
    private static final Duration NOTHING_MORE = Duration.ofSeconds(20);
    /** What comes twice may come a little later. */
    private static final Duration LATECOMERS = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Plan plan;
    private final TimeSource time;
    private final Consumer<String> progress;

    /** @param progress is told, now and then, how far it is */
    public Bench(Vertx vertx, Plan plan, TimeSource time, Consumer<String> progress) {
        this.vertx = vertx;
        this.plan = plan;
        this.time = time;
        this.progress = progress;
    }

    /** A server to be measured: how to start it, or where it already runs. */
    public sealed interface Target {
        /** What it is called in the report. */
        String name();

        /**
         * A command of this jar, in a process of its own.
         *
         * @param options of the virtual machine
         */
        record Started(String name, List<String> options, List<String> arguments) implements Target {}

        /** A server that somebody else has started. */
        record Running(
                String name, String address, @Nullable String key) implements Target {}
    }

    /**
     * Measures a server, and beside it the baseline, if one is given.
     *
     * @throws IOException when a server cannot be started or does not do what is asked of it
     */
    public Report run(Target server, @Nullable Target baseline) throws IOException, InterruptedException {
        Figures figures = measure(server);
        return new Report(figures, baseline == null ? null : measure(baseline));
    }

    /**
     * Measures one server.
     *
     * @throws IOException when the server cannot be started or does not do what is asked of it
     */
    private Figures measure(Target target) throws IOException, InterruptedException {
        if (target instanceof Target.Running running) {
            return measure(target, new Door(running.address(), running.key()), null);
        }
        Target.Started started = (Target.Started) target;
        ServerProcess server = start(started);
        try {
            return measure(target, new Door(server.address(), null), server);
        } finally {
            last(server).close();
        }
    }

    private @Nullable ServerProcess restarted;

    private ServerProcess last(ServerProcess first) {
        ServerProcess second = restarted;
        restarted = null;
        return second == null ? first : second;
    }

    private ServerProcess start(Target.Started target) throws IOException {
        return ServerProcess.start(time, target.options(), target.arguments());
    }

    private Figures measure(Target target, Door door, @Nullable ServerProcess first)
            throws IOException, InterruptedException {
        Receivers receivers = new Receivers(plan, time, new SplittableRandom(1));
        String deployed = await(vertx.deployVerticle(receivers));
        Setup setup = new Setup(vertx, door, plan);
        try {
            say(target, "registering webhooks");
            await(setup.webhooks(receivers));
            ServerProcess server = first;
            Door at = door;
            if (plan.backlog() > 0) {
                say(target, "making the backlog");
                await(setup.backlog(receivers));
                if (first != null && target instanceof Target.Started started) {
                    say(target, "starting again with the backlog");
                    first.close();
                    server = start(started);
                    restarted = server;
                    at = new Door(server.address(), null);
                }
            }
            return measure(target, receivers, at, first, server);
        } finally {
            setup.close();
            await(vertx.undeploy(deployed));
        }
    }

    private Figures measure(
            Target target,
            Receivers receivers,
            Door door,
            @Nullable ServerProcess first,
            @Nullable ServerProcess server)
            throws IOException, InterruptedException {
        LoadGenerator load = new LoadGenerator(vertx, plan, time, door);
        QueryLoad queries = new QueryLoad(vertx, time, door);
        List<String> deployed = new ArrayList<>(List.of(await(vertx.deployVerticle(load))));
        try {
            if (plan.history() > 0) {
                LoadGenerator.Sent made = follow(
                        target,
                        "making a history of " + plan.history(),
                        load::acceptedSoFar,
                        load.sendCount(plan.history()));
                drain(receivers, expected(made.acceptedNumbers()));
            }
            LoadGenerator.Sent warm = follow(target, "warming up", receivers::arrived, load.sendFor(plan.warmUp()));
            drain(receivers, expected(warm.acceptedNumbers()));
            if (plan.queries()) {
                deployed.add(await(vertx.deployVerticle(queries)));
                queries.count();
            }
            await(receivers.countFrom(warm.acceptedNumbers().length()));
            Duration cpuBefore = server == null ? null : server.cpu();
            LoadGenerator.Sent sent = follow(target, "counting", receivers::arrived, load.sendFor(plan.duration()));
            BitSet numbers = sent.acceptedNumbers();
            say(target, "waiting for what is left");
            drain(receivers, expected(numbers));
            Duration cpuAfter = server == null ? null : server.cpu();
            TimeUnit.MILLISECONDS.sleep(LATECOMERS.toMillis());
            Receivers.Seen seen = await(receivers.seen());
            return new Figures(
                    target.name(),
                    sent.accepted(),
                    sent.took(),
                    sent.refused(),
                    seen.counted(),
                    Duration.ofNanos(Math.max(1, seen.lastCountedNanos() - sent.startedNanos())),
                    seen.latencies(),
                    lost(numbers, seen.delivered()),
                    seen.duplicated(),
                    seen.altered(),
                    cpuBefore == null || cpuAfter == null ? null : cpuAfter.minus(cpuBefore),
                    server == null ? null : server.peakMemory().orElse(null),
                    first == null ? null : first.startTook(),
                    server == first || server == null ? null : server.startTook(),
                    plan.queries() ? Map.copyOf(queries.micros()) : Map.<String, Histogram>of());
        } finally {
            for (String id : deployed) {
                await(vertx.undeploy(id));
            }
        }
    }

    private long expected(BitSet events) {
        return events.stream().mapToLong(plan::expectedOf).sum();
    }

    private long lost(BitSet accepted, BitSet delivered) {
        return accepted.stream()
                .mapToLong(event -> plan.expectedOf(event)
                        - delivered
                                .get(event * plan.fanOut(), (event + 1) * plan.fanOut())
                                .cardinality())
                .sum();
    }

    /** Waits until so many deliveries have arrived, or until none has for a while. */
    private void drain(Receivers receivers, long expected) throws InterruptedException {
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

    private <T> T follow(Target target, String what, LongSupplier count, Future<T> running)
            throws IOException, InterruptedException {
        long before = count.getAsLong();
        long beforeAt = time.monotonicMillis();
        while (!running.isComplete()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            long now = time.monotonicMillis();
            if (now - beforeAt >= 1_000) {
                long counted = count.getAsLong();
                say(target, what + ": " + (counted - before) * 1_000 / (now - beforeAt) + "/s");
                before = counted;
                beforeAt = now;
            }
        }
        return await(running);
    }

    private void say(Target target, String what) {
        progress.accept(target.name() + ": " + what);
    }

    private static String reason(ExecutionException fault) {
        Throwable cause = fault.getCause();
        return String.valueOf(cause == null ? fault.getMessage() : cause.getMessage());
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(STEP.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException fault) {
            throw new IOException(reason(fault), fault);
        } catch (TimeoutException late) {
            throw new IOException("a step took longer than " + STEP.toMinutes() + " minutes", late);
        }
    }
}
