package io.longline.policy;

import io.longline.model.CircuitStatus;
import io.longline.policy.Verdict.CircuitCount;
import java.time.Duration;

/**
 * A webhook's breaker. Times are milliseconds of a clock that the caller keeps to; nothing here reads one.
 *
 * <p>It opens at a run of failures, or when half of the last attempts failed. While it is open one probe at a time is
 * let through: after a first wait, then after doubled ones up to a longest. A success closes it, and nothing else does.
 */
public sealed interface Circuit {
    /** The word the API shows. */
    CircuitStatus status();

    /** What the end of an attempt makes of it. */
    Circuit counted(CircuitCount count, long nowMillis, Settings settings);

    /**
     * The figures of every circuit.
     *
     * @param enabled whether circuits open at all
     * @param failuresInARow consecutive failures that open it, at least 1
     * @param window attempts looked back upon, 1 to 64; half of them failing opens it
     * @param firstWait before the first probe
     * @param longestWait between two probes
     */
    record Settings(boolean enabled, int failuresInARow, int window, Duration firstWait, Duration longestWait) {
        /** Ten in a row, or ten of twenty; probes after 30 s, doubling to 10 min. */
        public static final Settings DEFAULT =
                new Settings(true, 10, 20, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    /** A circuit without history. */
    static Circuit fresh() {
        return new Closed(0, 0, 0);
    }

    /** A circuit that an earlier process left open. */
    static Circuit reopened(long nextProbeAtMillis, Settings settings) {
        return new Open(nextProbeAtMillis, settings.firstWait());
    }

    /**
     * Deliveries flow.
     *
     * @param inARow failures since the last success
     * @param failures one bit for each of the last attempts, the newest lowest; a set bit is a failure
     * @param seen how many bits count
     */
    record Closed(int inARow, long failures, int seen) implements Circuit {
        @Override
        public CircuitStatus status() {
            return CircuitStatus.CLOSED;
        }

        @Override
        public Circuit counted(CircuitCount count, long nowMillis, Settings settings) {
            if (!settings.enabled() || count == CircuitCount.NEITHER) {
                return this;
            }
            boolean failed = count == CircuitCount.FAILURE;
            long mask = settings.window() == Long.SIZE ? -1L : (1L << settings.window()) - 1;
            long bits = ((failures << 1) | (failed ? 1 : 0)) & mask;
            int looked = Math.min(settings.window(), seen + 1);
            int run = failed ? inARow + 1 : 0;
            boolean half = looked == settings.window() && Long.bitCount(bits) * 2 >= settings.window();
            if (failed && (run >= settings.failuresInARow() || half)) {
                return new Open(nowMillis + settings.firstWait().toMillis(), settings.firstWait());
            }
            return new Closed(run, bits, looked);
        }
    }

    /**
     * Nothing is sent until the next probe.
     *
     * @param nextProbeAtMillis when it may go
     * @param waited how long was waited for it
     */
    record Open(long nextProbeAtMillis, Duration waited) implements Circuit {
        @Override
        public CircuitStatus status() {
            return CircuitStatus.OPEN;
        }

        /** Whether the probe may go. */
        public boolean isDue(long nowMillis) {
            return nowMillis >= nextProbeAtMillis;
        }

        /** The probe is on its way. */
        public Probing probe() {
            return new Probing(waited);
        }

        /** What was in flight when it opened changes nothing, unless it succeeded. */
        @Override
        public Circuit counted(CircuitCount count, long nowMillis, Settings settings) {
            return count == CircuitCount.SUCCESS ? fresh() : this;
        }
    }

    /**
     * One delivery is in flight to find out.
     *
     * @param waited how long was waited for it
     */
    record Probing(Duration waited) implements Circuit {
        @Override
        public CircuitStatus status() {
            return CircuitStatus.PROBING;
        }

        @Override
        public Circuit counted(CircuitCount count, long nowMillis, Settings settings) {
            if (count == CircuitCount.SUCCESS) {
                return fresh();
            }
            if (count == CircuitCount.NEITHER) {
                // It says nothing for or against: the next probe waits as long as this one did.
                return new Open(nowMillis + waited.toMillis(), waited);
            }
            Duration doubled = waited.multipliedBy(2);
            Duration next = doubled.compareTo(settings.longestWait()) > 0 ? settings.longestWait() : doubled;
            return new Open(nowMillis + next.toMillis(), next);
        }

        /** The probe never went, or its result will not come: the next due delivery is the probe. */
        public Open abandoned(long nowMillis) {
            return new Open(nowMillis, waited);
        }
    }
}
