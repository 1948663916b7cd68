package io.longline.telemetry;

import io.longline.model.Outcome;
import io.longline.store.Queries.SystemStatistics;
import io.longline.store.StoreSize;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the server counts and measures, for Prometheus. Every meter is looked up once, here, so that whoever counts on the
 * way of an event adds to a striped number and no more. Label sets are fixed: no webhook, tenant, URL or event name is
 * ever a label. Times are in seconds. Safe for use by several threads.
 */
public final class Metrics {
    private static final Duration[] ATTEMPT_BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5)
    };
    private static final Duration[] DELIVERY_BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        Duration.ofHours(2),
        Duration.ofHours(12),
        Duration.ofDays(1)
    };
    private static final Duration[] COMMIT_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };
    private static final double[] COMMIT_SIZES = {1, 5, 10, 50, 100, 500, 1_000, 5_000};

    /** Why a call that brings events was refused. */
    public enum Rejection {
        /** It could not be read, or does not say what it must. */
        INVALID,
        /** Who called may not. */
        UNAUTHORIZED,
        /** Its idempotency key belongs to another body. */
        CONFLICT,
        TOO_LARGE,
        RATE_LIMITED,
        /** More waits than may wait, the store does not take it, or the server is stopping. */
        UNAVAILABLE,
        /** A fault of the server's own. */
        FAILED;

        /** What a status answered to such a call means; {@code null} for one that is no refusal. */
        static @Nullable Rejection of(int status) {
            return switch (status) {
                case 401, 403 -> UNAUTHORIZED;
                case 409 -> CONFLICT;
                case 413 -> TOO_LARGE;
                case 429 -> RATE_LIMITED;
                case 503 -> UNAVAILABLE;
                default -> status >= 500 ? FAILED : status >= 400 ? INVALID : null;
            };
        }
    }

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter accepted;
    private final Map<Rejection, Counter> rejected = new EnumMap<>(Rejection.class);
    private final Map<OutcomeClass, Timer> attempts = new EnumMap<>(OutcomeClass.class);
    private final Map<OutcomeClass, Counter> retried = new EnumMap<>(OutcomeClass.class);
    private final Map<OutcomeClass, Counter> failed = new EnumMap<>(OutcomeClass.class);
    private final Counter delivered;
    private final Timer untilDelivered;
    private final DistributionSummary commitSizes;
    private final Timer commitTimes;
    private final AtomicIntegerArray inFlight;
    private final AtomicIntegerArray openCircuits;
    private volatile @Nullable SystemStatistics queue;
    private volatile @Nullable Instant queueAt;
    private volatile StoreSize storeSize = StoreSize.NONE;

    /** @param shards delivery verticles, each of which tells of itself */
    public Metrics(int shards) {
        // What the pools' own meters tell as well; of the two pools it would be told without saying of which.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("vertx.sql"));
        inFlight = new AtomicIntegerArray(shards);
        openCircuits = new AtomicIntegerArray(shards);
        accepted = counter("longline.events.accepted", "Events stored and answered 202.", Tags.empty());
        for (Rejection reason : Rejection.values()) {
            Tags tags = Tags.of("reason", reason.name().toLowerCase(Locale.ROOT));
            rejected.put(
                    reason,
                    counter(
                            "longline.events.rejected",
                            "Calls that brought events and were refused; nothing of them is stored.",
                            tags));
        }
        delivered =
                counter("longline.deliveries", "Deliveries that reached an end, by which.", ended("succeeded", "2xx"));
        for (OutcomeClass each : OutcomeClass.values()) {
            boolean fails = each != OutcomeClass.SUCCESS && each != OutcomeClass.SHADOW;
            if (fails) {
                failed.put(
                        each,
                        counter(
                                "longline.deliveries",
                                "Deliveries that reached an end, by which.",
                                ended("failed", each.label())));
            }
            if (fails && each != OutcomeClass.EXPIRED) {
                retried.put(
                        each,
                        counter(
                                "longline.deliveries.retried",
                                "Failed attempts after which the delivery is tried again.",
                                Tags.of("outcome", each.label())));
            }
            if (each != OutcomeClass.EXPIRED) {
                attempts.put(
                        each,
                        timer(
                                "longline.attempt.duration",
                                "From the beginning of an attempt to its end.",
                                Tags.of("outcome", each.label()),
                                ATTEMPT_BUCKETS));
            }
        }
        untilDelivered = timer(
                "longline.delivery.duration",
                "From an event's acceptance, or a retry by hand, to its delivery, retries and waits included.",
                Tags.empty(),
                DELIVERY_BUCKETS);
        commitTimes = timer(
                "longline.store.commit.duration",
                "Time that a commit takes, of however many operations.",
                Tags.empty(),
                COMMIT_BUCKETS);
        commitSizes = DistributionSummary.builder("longline.store.commit.operations")
                .description("Operations in a commit.")
                .serviceLevelObjectives(COMMIT_SIZES)
                .register(registry);
        gaugesOfShards();
        gaugesOfQueue();
        gaugesOfStore();
    }

    private static Tags ended(String state, String outcome) {
        return Tags.of("state", state, "outcome", outcome);
    }

    private void gaugesOfShards() {
        gauge("longline.attempts.in.flight", "Attempts under way.", metrics -> sum(metrics.inFlight));
        gauge(
                "longline.lanes.circuit.open",
                "Webhooks whose circuit is open or probing.",
                metrics -> sum(metrics.openCircuits));
    }

    private void gaugesOfQueue() {
        gauge(
                "longline.queue.depth",
                "Deliveries that wait, held ones included.",
                metrics -> metrics.of(SystemStatistics::pending));
        gauge(
                "longline.queue.retrying",
                "Deliveries that wait for another attempt.",
                metrics -> metrics.of(SystemStatistics::retrying));
        gauge(
                "longline.queue.oldest.age.seconds",
                "Age of the oldest delivery that waits.",
                metrics -> metrics.oldestAge());
        gauge(
                "longline.webhooks.active",
                "Webhooks that are registered and active.",
                metrics -> metrics.of(SystemStatistics::activeWebhooks));
    }

    private void gaugesOfStore() {
        gauge(
                "longline.store.size.bytes",
                "Size of the store, without what is in its log.",
                metrics -> metrics.storeSize.bytes());
        gauge(
                "longline.store.log.bytes",
                "Size of the store's write-ahead log.",
                metrics -> metrics.storeSize.logBytes());
    }

    private void gauge(String name, String help, ToDoubleFunction<Metrics> value) {
        Gauge.builder(name, this, value).description(help).register(registry);
    }

    private Counter counter(String name, String help, Tags tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    private Timer timer(String name, String help, Tags tags, Duration... buckets) {
        return Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private double of(ToDoubleFunction<SystemStatistics> figure) {
        SystemStatistics known = queue;
        return known == null ? Double.NaN : figure.applyAsDouble(known);
    }

    private double oldestAge() {
        SystemStatistics known = queue;
        Instant at = queueAt;
        if (known == null || at == null) {
            return Double.NaN;
        }
        Instant oldest = known.oldestPendingAt();
        return oldest == null ? 0 : Math.max(0, Duration.between(oldest, at).toMillis()) / 1_000.0;
    }

    private static double sum(AtomicIntegerArray numbers) {
        double sum = 0;
        for (int index = 0; index < numbers.length(); index++) {
            sum += numbers.get(index);
        }
        return sum;
    }

    /** The registry that all meters are in, for those of libraries. */
    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Events are committed. */
    public void accepted(int events) {
        accepted.increment(events);
    }

    /** A call that brought events was answered with that status; one that refuses it counts. */
    public void answered(int status) {
        Rejection reason = Rejection.of(status);
        if (reason != null) {
            counterOf(rejected, reason).increment();
        }
    }

    /** An attempt ended. */
    public void attempted(Outcome outcome, double millis) {
        Timer timer = attempts.get(OutcomeClass.of(outcome));
        if (timer != null) {
            timer.record((long) (millis * 1_000_000), TimeUnit.NANOSECONDS);
        }
    }

    /** A result is recorded that ends its delivery well, so many milliseconds after it was opened. */
    public void delivered(long millis) {
        delivered.increment();
        untilDelivered.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    /** A result is recorded after which the delivery is tried again. */
    public void retried(OutcomeClass outcome) {
        counterOf(retried, outcome).increment();
    }

    /** So many deliveries ended as failed. */
    public void failed(OutcomeClass outcome, int deliveries) {
        counterOf(failed, outcome).increment(deliveries);
    }

    private static <K> Counter counterOf(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalArgumentException("nothing counts " + key);
        }
        return counter;
    }

    /** A commit was written, or refused by the store. */
    public void committed(int operations, long nanos) {
        commitSizes.record(operations);
        commitTimes.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** How a shard stands. */
    public void shard(int index, int attemptsInFlight, int lanesOpen) {
        inFlight.set(index, attemptsInFlight);
        openCircuits.set(index, lanesOpen);
    }

    /** How the queue stands, of all tenants. */
    public void queue(SystemStatistics figures, Instant at) {
        queue = figures;
        queueAt = at;
    }

    /** How large the store is. */
    public void store(StoreSize size) {
        storeSize = size;
    }

    /** Everything, in Prometheus' text format 0.0.4. Takes a few milliseconds. */
    public String scrape() {
        return registry.scrape();
    }
}
