package io.longline.cli;

import io.longline.SealDesk;
import io.longline.StartRefusedException;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.longline.store.StoreRefusedException;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Seals every secret in the store with the current master key. */
@Command(
        name = "rekey",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Example: java -jar longline.jar rekey --config longline.yaml%n%nUsage: ",
        description = {
            "Seals every secret in the store with secrets.master_key: those that are plain, and those that one of"
                    + " secrets.previous_master_keys sealed. The server must be stopped; the file is written anew, which"
                    + " takes as much room again."
        })
final class RekeyCommand implements Callable<Integer> {
    private static final long WITHIN_HOURS = 12;

    @Mixin
    private ServeOptions options = new ServeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        SettingsLoader.Loaded loaded = SettingsLoader.load(options.flags(), System.getenv(), options.config);
        Settings settings = loaded.settings();
        if (settings == null) {
            loaded.faults().forEach(this::error);
            return LonglineCommand.USAGE;
        }
        Vertx vertx = Vertx.vertx();
        try {
            TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);
            int count = new SealDesk(vertx, settings, time)
                    .rekey()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(WITHIN_HOURS, TimeUnit.HOURS);
            spec().commandLine()
                    .getOut()
                    .println("The secrets of " + count + " webhooks and sources are sealed with this key.");
            return 0;
        } catch (ExecutionException fault) {
            Throwable cause = fault.getCause();
            error(
                    cause instanceof StoreRefusedException || cause instanceof StartRefusedException
                            ? String.valueOf(cause.getMessage())
                            : "this failed: " + cause);
        } catch (TimeoutException late) {
            error("this took longer than " + WITHIN_HOURS + " hours and was given up");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            vertx.close();
        }
        return LonglineCommand.FAILED;
    }

    private void error(String line) {
        spec().commandLine().getErr().println("longline: " + line);
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("the command was not parsed");
        }
        return spec;
    }
}
