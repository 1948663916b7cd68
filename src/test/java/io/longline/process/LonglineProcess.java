package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fat jar, running as a process of its own under the JDK that runs the tests. Closing it kills it. */
final class LonglineProcess implements AutoCloseable {
    /** Long enough for a busy machine: what takes longer is stuck. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern ADDRESS = Pattern.compile("http://(?:localhost|127\\.0\\.0\\.1):(\\d+)");

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private LonglineProcess(Process process) {
        this.process = process;
        readers.add(reader(process.inputReader(StandardCharsets.UTF_8), out));
        readers.add(reader(process.errorReader(StandardCharsets.UTF_8), err));
    }

    /** Starts a command in a folder, where it also keeps its temporary files. */
    static LonglineProcess start(Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = command(folder);
        command.addAll(Arrays.asList(arguments));
        return launch(folder, environment, command);
    }

    /** Starts a server on a free port and waits until it says that it is ready. */
    static LonglineProcess serve(Path store, String... settings) {
        LonglineProcess server = startServer(store, settings);
        server.port();
        return server;
    }

    /** Starts a server on a free port. */
    static LonglineProcess startServer(Path store, String... settings) {
        List<String> arguments = new ArrayList<>(serving(store));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return start(store.toAbsolutePath().getParent(), Map.of(), arguments.toArray(String[]::new));
    }

    /** How a command of the jar begins. */
    static List<String> command(Path folder) {
        // What the second compiler makes pays off after many seconds, and few of these processes live that long.
        return command(folder, List.of(ClassArchive.option(), "-XX:TieredStopAtLevel=1"));
    }

    /** How a command of the jar begins, with these options of the virtual machine. */
    static List<String> command(Path folder, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Xmx512m", "-Djava.io.tmpdir=" + folder.toAbsolutePath(), "-jar", System.getProperty("longline.jar")));
        return command;
    }

    /** A server on a free port, whose folder is its store's, with these options of the virtual machine. */
    static LonglineProcess startServer(Path store, List<String> options) {
        Path folder = store.toAbsolutePath().getParent();
        List<String> command = command(folder, options);
        command.addAll(serving(store));
        return launch(folder, Map.of(), command);
    }

    /** The arguments that serve a store on a free port. */
    static List<String> serving(Path store) {
        return List.of("--port", "0", "--store", "sqlite:" + store);
    }

    /** Starts any command, with nothing of Longline's in its environment but what is given. */
    static LonglineProcess launch(Path folder, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LONGLINE_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        try {
            return new LonglineProcess(builder.start());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static Thread reader(BufferedReader lines, List<String> into) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader open = lines) {
                        for (String line = open.readLine(); line != null; line = open.readLine()) {
                            into.add(line);
                        }
                    } catch (IOException ended) {
                        into.add("(cut off)");
                    }
                },
                "output-of-longline");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** The port that it says it listens on. */
    int port() {
        becomesReady();
        assertThat(portFound())
                .as("the port; standard output %s, standard error %s", out, err)
                .isPositive();
        return portFound();
    }

    /** Waits until the server is ready, or has ended; answers whether it is ready. */
    boolean becomesReady() {
        await("the line that tells the address")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> portFound() > 0 || !process.isAlive());
        return portFound() > 0;
    }

    private int portFound() {
        for (String line : out) {
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        return -1;
    }

    String address() {
        return "http://localhost:" + port();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing of the process gets to run any more. */
    void kill() {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** SIGTERM, without waiting for its end; by the handle, since the process itself would close its output as well. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGTERM, and its end; answers the exit code. */
    int stop() {
        terminate();
        return exitCode();
    }

    /** Sends a signal by name, such as STOP. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        assertThat(kill.waitFor()).as("exit code of kill -" + name).isZero();
    }

    /** Waits for the end, and for the last of the output. */
    int exitCode() {
        return exitCode(PATIENCE);
    }

    /** Waits as long for the end, and for the last of the output. */
    int exitCode(Duration longest) {
        try {
            assertThat(process.waitFor(longest.toSeconds(), TimeUnit.SECONDS))
                    .as("ended; standard output %s, standard error %s", out, err)
                    .isTrue();
            for (Thread reader : readers) {
                reader.join(PATIENCE.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    List<String> out() {
        return List.copyOf(out);
    }

    List<String> err() {
        return List.copyOf(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }
}
