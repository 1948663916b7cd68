package io.longline.cli;

import io.longline.StartRefusedException;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.longline.store.StoreRefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** Does something with the store that the settings name, in this process: reads the settings, waits, says what failed. */
final class StoreTask {
    private final ServeOptions options;
    private final PrintWriter err;
    private final Duration longest;

    /** What is done; its future fails with a line for the operator, or with a bug. */
    @FunctionalInterface
    interface Work<T> {
        Future<T> begin(Vertx vertx, Settings settings, TimeSource time);
    }

    /**
     * @param err for one line on each failure
     * @param longest how long it may take
     */
    StoreTask(ServeOptions options, PrintWriter err, Duration longest) {
        this.options = options;
        this.err = err;
        this.longest = longest;
    }

    /** Does it, prints what came of it, and answers the exit code. */
    <T> int run(Work<T> work, ToIntFunction<T> print) {
        SettingsLoader.Loaded loaded = SettingsLoader.load(options.flags(), System.getenv(), options.config);
        Settings settings = loaded.settings();
        if (settings == null) {
            loaded.faults().forEach(this::error);
            return LonglineCommand.USAGE;
        }
        Vertx vertx = Vertx.vertx();
        try {
            return print.applyAsInt(work.begin(vertx, settings, new TimeSource(Clock.systemUTC(), System::nanoTime))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException fault) {
            Throwable cause = fault.getCause();
            error(
                    cause instanceof StoreRefusedException || cause instanceof StartRefusedException
                            ? String.valueOf(cause.getMessage())
                            : "this failed: " + cause);
        } catch (TimeoutException late) {
            error("this took longer than " + longest.toSeconds() + " s and was given up");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            vertx.close();
        }
        return LonglineCommand.FAILED;
    }

    private void error(String line) {
        err.println("longline: " + line);
    }
}
