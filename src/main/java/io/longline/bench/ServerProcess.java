package io.longline.bench;

import io.longline.model.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
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
    /** How Linux names the threads that compile; it keeps 15 characters of a name. */
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] CompilerThre\\) (.*)");
    /** Of a thread's figures, those that follow its name: its time in its own code, and the kernel's for it. */
    private static final int OWN_TICKS = 11;

    private static final int KERNEL_TICKS = 12;
    /** Linux counts them in hundredths of a second, whatever its own clock does. */
    private static final long TICK_MILLIS = 10;

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

    /**
     * Processor time that its just-in-time compilers have used so far, as Linux tells it in {@code /proc/[pid]/task/[tid]/stat}
     * (proc_pid_stat(5)); {@code null} where the system does not tell. On many cores some of them may have ended meanwhile,
     * and are missing.
     */
    @Nullable Duration compiling() {
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(told("task"))) {
            for (Path thread : threads) {
                ticks += compilerTicks(thread.resolve("stat"));
            }
            return Duration.ofMillis(ticks * TICK_MILLIS);
        } catch (IOException | DirectoryIteratorException notTold) {
            return null;
        }
    }

    private static long compilerTicks(Path stat) {
        try {
            Matcher matcher = COMPILER.matcher(Files.readString(stat));
            if (!matcher.find()) {
                return 0;
            }
            String[] figures = matcher.group(1).split(" ");
            return Long.parseLong(figures[OWN_TICKS]) + Long.parseLong(figures[KERNEL_TICKS]);
        } catch (IOException ended) {
            return 0;
        }
    }

    /** The most memory it has had resident, in bytes; empty where the system does not tell. */
    Optional<Long> peakMemory() {
        try {
            String status = Files.readString(told("status"));
            Matcher matcher = PEAK.matcher(status);
            return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1)) * 1_024) : Optional.empty();
        } catch (IOException notTold) {
            return Optional.empty();
        }
    }

    /** Where Linux tells something of the process. */
    private Path told(String what) {
        return Path.of("/proc", Long.toString(process.pid()), what);
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
