package io.longline.bench;

import io.longline.model.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, under the same virtual machine. Blocks whoever calls it; not for an event loop.
 */
final class ServerProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("(http://[^\\s/]+:\\d+)");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final String address;
    private final Duration startTook;

    private ServerProcess(Process process, String address, Duration startTook) {
        this.process = process;
        this.address = address;
        this.startTook = startTook;
    }

    /**
     * Starts a command of a jar and waits until it says where it listens.
     *
     * @throws IOException when it ends instead, with what it said
     */
    static ServerProcess start(TimeSource time, Bench.Target.Started target) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(target.options());
        command.addAll(List.of("-cp", target.classPath(), "io.longline.Main"));
        command.addAll(target.arguments());
        long before = time.monotonicNanos().getAsLong();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                long took = time.monotonicNanos().getAsLong() - before;
                readOn(output);
                return new ServerProcess(process, matcher.group(1), Duration.ofNanos(took));
            }
        }
        throw new IOException("the server " + target.name() + " did not start");
    }

    /** Nobody reads its log lines, but somebody must take them, or it would wait for ever to write the next. */
    private static void readOn(BufferedReader output) {
        Thread reader = new Thread(
                () -> {
                    try (output) {
                        output.lines().forEach(line -> {});
                    } catch (IOException | UncheckedIOException ended) {
                        // The process is gone, and with it what it would have said.
                        return;
                    }
                },
                "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    String address() {
        return address;
    }

    /** From the start of the process to its word that it is ready. */
    Duration startTook() {
        return startTook;
    }

    /** Processor time used so far; {@code null} where the system does not tell. */
    @Nullable Duration cpu() {
        return process.info().totalCpuDuration().orElse(null);
    }

    /** The most memory it has had resident, in bytes; empty where the system does not tell. */
    Optional<Long> peakMemory() {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            Matcher matcher = PEAK.matcher(status);
            return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1)) * 1_024) : Optional.empty();
        } catch (IOException notTold) {
            return Optional.empty();
        }
    }

    /** Ends it in order, or by force when that takes too long. */
    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
