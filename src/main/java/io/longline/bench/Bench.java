package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends a plan's load through one server or several and measures. Blocks whoever calls it. */
public final class Bench {
    private static final Duration STEP = Duration.ofMinutes(30);

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
         * A command of Longline, in a process of its own.
         *
         * @param classPath where its classes are, such as the jar
         * @param options of the virtual machine
         */
        record Started(String name, String classPath, List<String> options, List<String> arguments) implements Target {}

        /** A server that somebody else has started. */
        record Running(
                String name, String address, @Nullable String key) implements Target {}
    }

    /**
     * Measures servers: each from its start to its end, one after the other, where all is counted in one round; else all of
     * them run at once, and are counted in turn, round after round.
     *
     * @return the figures of each, in their order
     * @throws IOException when a server cannot be started or does not do what is asked of it
     */
    public List<Figures> run(List<Target> targets) throws IOException, InterruptedException {
        if (plan.rounds() > 1) {
            return together(targets);
        }
        List<Figures> figures = new ArrayList<>();
        for (Target target : targets) {
            figures.addAll(together(List.of(target)));
        }
        return figures;
    }

    private List<Figures> together(List<Target> targets) throws IOException, InterruptedException {
        List<Subject> subjects = new ArrayList<>();
        try {
            for (Target target : targets) {
                Subject subject = new Subject(vertx, plan, time, target, progress);
                subjects.add(subject);
                subject.prepare();
            }
            inTurn(subjects, subject -> subject.warmUp(plan.warmUp().dividedBy(plan.rounds())));
            inTurn(subjects, subject -> subject.count(plan.duration().dividedBy(plan.rounds())));
            List<Figures> figures = new ArrayList<>();
            for (Subject subject : subjects) {
                figures.add(subject.figures());
            }
            return figures;
        } finally {
            // Whoever closes Vert.x next must not find them half undeployed.
            await(Future.join(subjects.stream().map(Subject::close).toList()));
        }
    }

    private interface Part {
        void of(Subject subject) throws IOException, InterruptedException;
    }

    /** As often as there are rounds, and to and fro, so that nobody always comes after a certain other. */
    private void inTurn(List<Subject> subjects, Part part) throws IOException, InterruptedException {
        List<Subject> order = new ArrayList<>(subjects);
        for (int round = 0; round < plan.rounds(); round++) {
            for (Subject subject : order) {
                part.of(subject);
            }
            Collections.reverse(order);
        }
    }

    private static String reason(ExecutionException fault) {
        Throwable cause = fault.getCause();
        return String.valueOf(cause == null ? fault.getMessage() : cause.getMessage());
    }

    /** @throws IOException when it fails, or takes longer than any step may */
    static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(STEP.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException fault) {
            throw new IOException(reason(fault), fault);
        } catch (TimeoutException late) {
            throw new IOException("a step took longer than " + STEP.toMinutes() + " minutes", late);
        }
    }
}
