package io.longline.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one server came to.
 *
 * @param name of the server
 * @param accepted events answered 202 while it was counted
 * @param rounds the parts that were counted; at least one
 * @param latencies from the intended time of an event to its arrival, in microseconds
 * @param lost deliveries of events answered 202 that never arrived, those of the warm-up included
 * @param cpu the server's processor time for what was counted; {@code null} when it is not ours to see
 * @param compiling what the server's compilers took of it; {@code null} when not ours to see
 * @param peakMemory bytes; {@code null} when not ours to see
 * @param start from the start of the process to its word that it is ready; {@code null} when not ours to see
 * @param startWithBacklog the same with the backlog stored; {@code null} without one
 * @param queries how long calls of the API took meanwhile, in microseconds
 */
public record Figures(
        String name,
        long accepted,
        long refused,
        List<Round> rounds,
        Histogram latencies,
        long lost,
        long duplicated,
        long altered,
        @Nullable Duration cpu,
        @Nullable Duration compiling,
        @Nullable Long peakMemory,
        @Nullable Duration start,
        @Nullable Duration startWithBacklog,
        Map<String, Histogram> queries) {
    private static final double MICROS_IN_MILLI = 1_000;
    private static final double EVENTS = 10_000;

    /**
     * A part of what was counted.
     *
     * @param intake how long events were sent for
     * @param delivered deliveries of those that arrived
     * @param span from the first event sent to the last delivery, what was left at the end included
     */
    public record Round(Duration intake, long delivered, Duration span) {
        double deliveredPerSecond() {
            return delivered / seconds(span);
        }
    }

    double acceptedPerSecond() {
        return accepted
                / rounds.stream().mapToDouble(round -> seconds(round.intake())).sum();
    }

    long delivered() {
        return rounds.stream().mapToLong(Round::delivered).sum();
    }

    double deliveredPerSecond() {
        return delivered()
                / rounds.stream().mapToDouble(round -> seconds(round.span())).sum();
    }

    /** Deliveries a second as a share of another server's. */
    double shareOf(Figures other) {
        return deliveredPerSecond() / other.deliveredPerSecond();
    }

    /** The same for each round, in their order. */
    List<Double> sharesOf(Figures other) {
        return IntStream.range(0, rounds.size())
                .mapToObj(round -> rounds.get(round).deliveredPerSecond()
                        / other.rounds.get(round).deliveredPerSecond())
                .toList();
    }

    double latencyMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / MICROS_IN_MILLI;
    }

    /** Processor seconds for 10,000 events; {@code null} when not known. */
    @Nullable Double cpuPerTenThousand() {
        return perTenThousand(cpu);
    }

    /** What compiling took of them; the more, the shorter was the warm-up. {@code null} when not known. */
    @Nullable Double compilingPerTenThousand() {
        return perTenThousand(compiling);
    }

    private @Nullable Double perTenThousand(@Nullable Duration used) {
        return used == null || accepted == 0 ? null : (Double) (seconds(used) * EVENTS / accepted);
    }

    /** Whether all that was accepted arrived once, as it was sent. */
    boolean isClean() {
        return lost == 0 && altered == 0;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("name", name)
                .put("accepted", accepted)
                .put("accepted_per_s", rounded(acceptedPerSecond()))
                .put("refused", refused)
                .put("delivered", delivered())
                .put("delivered_per_s", rounded(deliveredPerSecond()))
                .put("lost", lost)
                .put("duplicated", duplicated)
                .put("altered", altered)
                .put("latency_p50_ms", latencyMillis(50))
                .put("latency_p99_ms", latencyMillis(99))
                .put("latency_p99_9_ms", latencyMillis(99.9))
                .put("latency_max_ms", latencyMillis(100));
        if (cpuPerTenThousand() != null) {
            json.put("cpu_s_per_10000_events", thousandths(cpuPerTenThousand()));
        }
        if (compilingPerTenThousand() != null) {
            json.put("compiling_cpu_s_per_10000_events", thousandths(compilingPerTenThousand()));
        }
        if (peakMemory != null) {
            json.put("peak_memory_bytes", peakMemory);
        }
        if (start != null) {
            json.put("start_ms", start.toMillis());
        }
        if (startWithBacklog != null) {
            json.put("start_with_backlog_ms", startWithBacklog.toMillis());
        }
        if (!queries.isEmpty()) {
            JsonArray calls = new JsonArray();
            queries.forEach((call, micros) -> calls.add(new JsonObject()
                    .put("call", call)
                    .put("count", micros.getTotalCount())
                    .put("p50_ms", micros.getValueAtPercentile(50) / MICROS_IN_MILLI)
                    .put("p99_ms", micros.getValueAtPercentile(99) / MICROS_IN_MILLI)));
            json.put("calls", calls);
        }
        return json;
    }

    static double thousandths(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
