package io.longline.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run: those of the server, and beside them those of what it is compared with.
 *
 * @param against another version; {@code null} where none was asked for
 * @param baseline the relay that stores nothing; {@code null} where it was not asked for
 */
public record Report(
        Figures server, @Nullable Figures against, @Nullable Figures baseline) {
    private static final String MISSING = "-";

    /** Whether everything that was accepted arrived as it was sent. */
    public boolean isClean() {
        return server.isClean();
    }

    /** For machines. */
    public String json() {
        JsonArray runs = new JsonArray();
        all().forEach(figures -> runs.add(figures.json()));
        JsonObject json = new JsonObject().put("runs", runs);
        if (against != null) {
            json.put("ratio_against", Figures.thousandths(server.shareOf(against)));
            json.put("ratio_against_rounds", rounded(server.sharesOf(against)));
        }
        if (baseline != null) {
            json.put("ratio", Figures.thousandths(server.shareOf(baseline)));
            json.put("ratio_rounds", rounded(server.sharesOf(baseline)));
        }
        return json.encodePrettily();
    }

    /** For people. */
    public void print(PrintWriter out) {
        List<Figures> all = all();
        row(out, "", all, Figures::name);
        row(out, "accepted/s", all, figures -> number(figures.acceptedPerSecond()));
        row(out, "delivered/s", all, figures -> number(figures.deliveredPerSecond()));
        row(out, "refused", all, figures -> count(figures.refused()));
        row(out, "lost", all, figures -> count(figures.lost()));
        row(out, "duplicated", all, figures -> count(figures.duplicated()));
        row(out, "altered", all, figures -> count(figures.altered()));
        for (double percentile : new double[] {50, 99, 99.9, 100}) {
            String name = percentile == 100 ? "max" : "p" + (percentile == 99.9 ? "99.9" : (int) percentile);
            row(out, "latency " + name, all, figures -> millis(figures.latencyMillis(percentile)));
        }
        row(out, "CPU s per 10,000 events", all, figures -> decimals(figures.cpuPerTenThousand()));
        row(out, "  of them compiling", all, figures -> decimals(figures.compilingPerTenThousand()));
        row(out, "peak memory", all, figures -> megabytes(figures.peakMemory()));
        row(out, "start", all, figures -> duration(figures.start()));
        if (server.startWithBacklog() != null) {
            row(out, "start with the backlog", all, figures -> duration(figures.startWithBacklog()));
        }
        if (against != null) {
            shares(out, "delivered, of against", against);
        }
        if (baseline != null) {
            shares(out, "delivered, of baseline", baseline);
        }
        if (!server.queries().isEmpty()) {
            printCalls(out);
        }
        out.flush();
    }

    private void printCalls(PrintWriter out) {
        int longest = Collections.max(server.queries().keySet(), Comparator.comparing(String::length))
                .length();
        String line = "%-" + longest + "s%12s%12s%n";
        out.println();
        out.printf(line, "call", "p50", "p99");
        new TreeMap<>(server.queries())
                .forEach((call, micros) -> out.printf(
                        line,
                        call,
                        millis(micros.getValueAtPercentile(50) / 1_000.0),
                        millis(micros.getValueAtPercentile(99) / 1_000.0)));
    }

    private List<Figures> all() {
        return Stream.of(server, against, baseline).filter(Objects::nonNull).toList();
    }

    private void shares(PrintWriter out, String name, Figures other) {
        List<Double> rounds = server.sharesOf(other);
        String range = rounds.size() == 1
                ? ""
                : String.format(Locale.ROOT, "  (%.2f to %.2f)", Collections.min(rounds), Collections.max(rounds));
        out.printf(Locale.ROOT, "%-26s%14.2f%s%n", name, server.shareOf(other), range);
    }

    private static JsonArray rounded(List<Double> ratios) {
        JsonArray array = new JsonArray();
        ratios.forEach(ratio -> array.add(Figures.thousandths(ratio)));
        return array;
    }

    private static void row(PrintWriter out, String name, List<Figures> all, Function<Figures, String> cell) {
        out.printf("%-26s", name);
        all.forEach(figures -> out.printf("%14s", cell.apply(figures)));
        out.println();
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%,.1f ms", value);
    }

    private static String decimals(@Nullable Double value) {
        return value == null ? MISSING : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String megabytes(@Nullable Long bytes) {
        return bytes == null ? MISSING : bytes / 1_048_576 + " MiB";
    }

    private static String duration(@Nullable Duration duration) {
        return duration == null ? MISSING : duration.toMillis() + " ms";
    }
}
