package io.longline.cli;

import io.longline.bench.Bench;
import io.longline.bench.Bench.Target;
import io.longline.bench.Figures;
import io.longline.bench.Plan;
import io.longline.bench.Report;
import io.longline.model.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a server: one that it starts by itself, or one that runs. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisHeading = "Example: java -jar longline.jar bench --rate max --duration 20s --baseline%n%nUsage: ",
        description =
                "Sends a load through a server and prints what it comes to. Receivers run in this process; the"
                        + " server in another, with a temporary store, unless --target names one. Only for servers of your own.")
final class BenchCommand implements Callable<Integer> {
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,5})s?");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N|max",
            defaultValue = "max",
            description = "Events a second, each at its intended time; max for as many as the server takes.")
    private String rate = "max";

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "How long is counted (${DEFAULT-VALUE}).")
    private String duration = "20s";

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long is sent before (${DEFAULT-VALUE}).")
    private String warmUp = "10s";

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Parts that the duration is counted in. With more than one, the servers that are compared run at"
                            + " once and are counted in turn, so that each has its share of a machine's good and bad moments"
                            + " (${DEFAULT-VALUE}).")
    private int rounds = 1;

    @Option(
            names = "--webhooks",
            paramLabel = "N",
            defaultValue = "100",
            description = "Webhooks that events go to (${DEFAULT-VALUE}).")
    private int webhooks = 100;

    @Option(
            names = "--fan-out",
            paramLabel = "N",
            defaultValue = "1",
            description = "Webhooks that each event goes to (${DEFAULT-VALUE}).")
    private int fanOut = 1;

    @Option(
            names = "--payload-bytes",
            paramLabel = "N",
            defaultValue = "512",
            description = "Size of an event's data (${DEFAULT-VALUE}).")
    private int payloadBytes = 512;

    @Option(
            names = "--fail-percent",
            paramLabel = "N",
            defaultValue = "0",
            description = "Requests that receivers answer 500 (${DEFAULT-VALUE}).")
    private int failPercent;

    @Option(
            names = "--hang-percent",
            paramLabel = "N",
            defaultValue = "0",
            description = "Webhooks that never answer (${DEFAULT-VALUE}).")
    private int hangPercent;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long an attempt may take (${DEFAULT-VALUE}).")
    private String timeout = "30s";

    @Option(
            names = "--idle-webhooks",
            paramLabel = "N",
            defaultValue = "0",
            description = "Webhooks registered as well, to which no event goes (${DEFAULT-VALUE}).")
    private int idleWebhooks;

    @Option(
            names = "--history",
            paramLabel = "N",
            defaultValue = "0",
            description = "Events delivered before (${DEFAULT-VALUE}).")
    private int history;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "0",
            description = "Events that wait meanwhile for 100 webhooks that never answer; the server is started again"
                    + " once they do (${DEFAULT-VALUE}).")
    private int backlog;

    @Option(names = "--queries", description = "Read the API's lists meanwhile, and tell how long each takes.")
    private boolean queries;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "128",
            description = "Calls under way at once with --rate max (${DEFAULT-VALUE}).")
    private int connections = 128;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "The store of the server that is started; a temporary one by default.")
    private @Nullable String store;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the server that is started. May be given more than once.")
    private List<String> settings = List.of();

    @Option(
            names = "--java-options",
            paramLabel = "OPTIONS",
            defaultValue = "",
            description = "Options of the virtual machine that runs the server, such as -Xmx256m.")
    private String javaOptions = "";

    @Option(names = "--target", paramLabel = "URL", description = "Measure the server that runs there.")
    private @Nullable String target;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:LONGLINE_KEY}",
            description = "The API key for --target; LONGLINE_KEY sets it as well.")
    private @Nullable String key;

    @Option(
            names = "--baseline",
            description = "Also send the load through a relay that stores nothing, to tell what this machine can do.")
    private boolean baseline;

    @Option(
            names = "--against",
            paramLabel = "JAR",
            description = "Also send the load through another version of Longline, of this jar.")
    private @Nullable Path against;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Plan plan = plan();
        Path folder = Files.createTempDirectory("longline-bench");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            TimeSource time = new TimeSource(Clock.systemUTC(), System::nanoTime);
            Bench bench = new Bench(vertx, plan, time, this::progress);
            Report report = report(bench, folder);
            progress("");
            print(report);
            return report.isClean() ? 0 : LonglineCommand.FAILED;
        } catch (IOException fault) {
            progress("");
            String whose = target == null ? "" : "the server " + target + " cannot be measured: ";
            spec().commandLine().getErr().println("longline: " + whose + fault.getMessage());
            return target == null ? LonglineCommand.FAILED : LonglineCommand.UNREACHABLE;
        } finally {
            vertx.close();
            delete(folder);
        }
    }

    private Report report(Bench bench, Path folder) throws IOException, InterruptedException {
        Target other = against == null ? null : other(folder, against);
        Target relay = baseline ? relay() : null;
        Iterator<Figures> figures = bench.run(Stream.of(server(folder), other, relay)
                        .filter(Objects::nonNull)
                        .toList())
                .iterator();
        return new Report(figures.next(), other == null ? null : figures.next(), relay == null ? null : figures.next());
    }

    private Plan plan() {
        try {
            return new Plan(
                    rate(),
                    connections,
                    seconds("--warm-up", warmUp),
                    seconds("--duration", duration),
                    rounds,
                    webhooks,
                    fanOut,
                    payloadBytes,
                    failPercent,
                    hangPercent,
                    seconds("--timeout", timeout),
                    idleWebhooks,
                    history,
                    backlog,
                    queries);
        } catch (IllegalArgumentException fault) {
            throw misused(fault.getMessage());
        }
    }

    private int rate() {
        if (rate.equals("max")) {
            return 0;
        }
        try {
            return Math.max(1, Integer.parseInt(rate));
        } catch (NumberFormatException notANumber) {
            throw misused("--rate must be max or a number, not " + rate);
        }
    }

    private Duration seconds(String option, String text) {
        Matcher matcher = SECONDS.matcher(text);
        if (!matcher.matches()) {
            throw misused(option + " must be a time such as 20s, not " + text);
        }
        return Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    }

    private Target server(Path folder) {
        if (target != null) {
            return new Target.Running("server", target.replaceAll("/+$", ""), key);
        }
        return longline("longline", ownClasses(), store == null ? "sqlite:" + folder.resolve("longline.db") : store);
    }

    private Target other(Path folder, Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw misused("--against must be the jar of another version, and " + jar + " is no file");
        }
        return longline("against", jar.toString(), "sqlite:" + folder.resolve("against.db"));
    }

    private Target longline(String name, String classPath, String url) {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--store", url));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return new Target.Started(name, classPath, options(), arguments);
    }

    private Target relay() {
        return new Target.Started("baseline", ownClasses(), options(), List.of("bench-relay"));
    }

    private static String ownClasses() {
        return System.getProperty("java.class.path");
    }

    private List<String> options() {
        return Stream.of(javaOptions.strip().split("\\s+"))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    private void print(Report report) {
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(report.json());
        } else {
            report.print(out);
        }
    }

    /** One line that is written over, and only where somebody sees it. */
    private void progress(String line) {
        if (CommandLine.Help.Ansi.AUTO.enabled()) {
            PrintWriter err = spec().commandLine().getErr();
            err.print("\r\u001b[K" + line);
            err.flush();
        }
    }

    private ParameterException misused(@Nullable String why) {
        return new ParameterException(spec().commandLine(), String.valueOf(why));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("the command was not parsed");
        }
        return spec;
    }
}
