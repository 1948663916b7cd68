package io.longline.cli;

import io.longline.Longline;
import io.longline.StartRefusedException;
import io.longline.Version;
import io.longline.config.Settings;
import io.longline.config.SettingsLoader;
import io.longline.model.TimeSource;
import io.longline.store.StoreRefusedException;
import io.longline.telemetry.Logging;
import io.longline.telemetry.Metrics;
import io.longline.telemetry.ProcessMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the server as a process of its own, from its settings to its end. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration START_WITHIN = Duration.ofMinutes(5);
    /** What a stop may take beyond the time that attempts in flight get. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

    private static final int OUT_OF_MEMORY = 70;
    /** One for each core: what one verticle tells another mostly stays on its thread, and wakes nobody. */
    private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final ServeOptions options;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    Serving(ServeOptions options) {
        this.options = options;
    }

    int run() {
        SettingsLoader.Loaded loaded = SettingsLoader.load(options.flags(), System.getenv(), options.config);
        Settings settings = loaded.settings();
        if (settings == null) {
            loaded.faults().forEach(fault -> err.println("longline: " + fault));
            return LonglineCommand.USAGE;
        }
        Logging.configure(settings.log());
        loaded.warnings().forEach(warning -> err.println("longline: " + warning));
        Metrics metrics = new Metrics(settings.delivery().shards());
        VertxOptions vertxOptions =
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(EVENT_LOOPS);
        Vertx vertx =
                ProcessMetrics.measure(Vertx.builder(), vertxOptions, metrics).build();
        vertx.exceptionHandler(Serving::unexpected);
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> unexpected(fault));
        return start(vertx, settings, metrics);
    }

    private int start(Vertx vertx, Settings settings, Metrics metrics) {
        TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);
        try {
            Longline longline = Longline.start(vertx, settings, time, metrics)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_WITHIN.toSeconds(), TimeUnit.SECONDS);
            vertx.exceptionHandler(fault -> {
                unexpected(fault);
                longline.unhandled(fault);
            });
            stopAtExit(longline, settings);
            greet(settings, longline.port());
            return LonglineCommand.RUNNING;
        } catch (ExecutionException fault) {
            err.println("longline: " + describe(fault));
        } catch (TimeoutException late) {
            err.println(
                    "longline: the start took longer than " + START_WITHIN.toMinutes() + " minutes and was given up");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return LonglineCommand.FAILED;
    }

    private static String describe(ExecutionException wrapped) {
        Throwable fault = wrapped.getCause();
        if (fault instanceof StoreRefusedException || fault instanceof StartRefusedException) {
            return String.valueOf(fault.getMessage());
        }
        return "the start failed: " + fault;
    }

    private void greet(Settings settings, int port) {
        String host = settings.isLoopback() ? "localhost" : settings.server().host();
        String address = (settings.server().isTls() ? "https://" : "http://") + host + ":" + port;
        out.println("Longline " + Version.current() + " is ready.");
        out.println("  Dashboard  " + address + "/");
        out.println("  Store      " + settings.store().url());
        out.println("  Keys       "
                + (settings.needsKeys()
                        ? "needed: make one with POST /api/keys, or with longline keys while the server is stopped"
                        : settings.isKeyless()
                                ? "none needed: only this machine can reach it"
                                : "none: anybody who can reach it can use it"));
        String key = settings.needsKeys() ? "-H 'Authorization: Bearer llk_…' " : "";
        out.println("  Try        curl " + address + "/api/events/trigger " + key
                + "-H 'Content-Type: application/json' -d" + " '{\"event\":\"order.created\",\"data\":{\"id\":1}}'");
        out.flush();
    }

    /** A process told to end stops in order and exits with 0; one that cannot in time exits with 1. */
    private static void stopAtExit(Longline longline, Settings settings) {
        Duration longest = settings.server().drain().plus(STOP_MARGIN);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int code = LonglineCommand.FAILED;
                            try {
                                longline.stop()
                                        .toCompletionStage()
                                        .toCompletableFuture()
                                        .get(longest.toMillis(), TimeUnit.MILLISECONDS);
                                code = 0;
                            } catch (ExecutionException | TimeoutException fault) {
                                System.err.println("longline: the stop was cut short: " + fault);
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                            // The code for an ordered end; the virtual machine's own would say that a signal ended it.
                            Runtime.getRuntime().halt(code);
                        },
                        "longline-stop"));
    }

    /** Out of memory a process would only limp: it ends with a clear line, and restarts clean. */
    private static void unexpected(Throwable fault) {
        if (fault instanceof OutOfMemoryError) {
            System.err.println("longline: out of memory; give it more with -Xmx. What was accepted is safe.");
            Runtime.getRuntime().halt(OUT_OF_MEMORY);
        }
        LOG.error("an unexpected fault; the server goes on", fault);
    }
}
