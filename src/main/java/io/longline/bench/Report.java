package io.longline.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run: those of the server, and beside them those of the relay that stores nothing, where it was asked
 * for.
 */
public record Report(Figures server, @Nullable Figures baseline) {
    private static final String MISSING = "-";

    /** Deliveries a second as a share of the baseline's; {@code null} without one. */
    public @Nullable Double ratio() {
        return baseline == null ? null : (Double) (server.deliveredPerSecond() / baseline.deliveredPerSecond());
    }

    /** Whether everything that was accepted arrived as it was sent. */
    public boolean isClean() {
        return server.isClean();
    }

    /** For machines. */
    public String json() {
        JsonArray runs = new JsonArray().add(server.json());
        JsonObject json = new JsonObject().put("runs", runs);
        Double ratio = ratio();
        if (baseline != null && ratio != null) {
            runs.add(baseline.json());
            json.put("ratio", Math.round(ratio * 1_000) / 1_000.0);
        }
        return json.encodePrettily();
    }

    /** For people. */
    public void print(PrintWriter out) {
        List<Figures> all = new ArrayList<>(List.of(server));
        if (baseline != null) {
            all.add(baseline);
        }
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
        row(out, "peak memory", all, figures -> megabytes(figures.peakMemory()));
        row(out, "start", all, figures -> duration(figures.start()));
        if (server.startWithBacklog() != null) {
            row(out, "start with the backlog", all, figures -> duration(figures.startWithBacklog()));
        }
        if (baseline != null) {
            out.printf(Locale.ROOT, "%-26s%14.2f%n", "delivered, of baseline", ratio());
        }
        if (!server.queries().isEmpty()) {
            out.printf("%n%-26s%14s%14s%n", "call", "p50", "p99");
            new TreeMap<>(server.queries())
                    .forEach((call, micros) -> out.printf(
                            "%-26s%14s%14s%n",
                            call,
                            millis(micros.getValueAtPercentile(50) / 1_000.0),
                            millis(micros.getValueAtPercentile(99) / 1_000.0)));
        }
        out.flush();
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
