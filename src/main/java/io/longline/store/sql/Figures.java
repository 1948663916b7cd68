package io.longline.store.sql;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was counted of one webhook or tenant, to be added to what its rows say. Mutable; for one thread. */
final class Figures {
    /** By the start of each minute, in milliseconds since 1970. */
    final Map<Long, Tally> minutes = new TreeMap<>();

    long pending;
    long retrying;
    long filtered;
    long lastSuccessAtMillis;
    long lastFailureAtMillis;

    // Nearly everything that a transaction counts is of one minute: it is not looked up each time.
    private long latestStart;
    private @Nullable Tally latest;

    Tally minute(long atMillis) {
        long start = Math.floorDiv(atMillis, Counted.MINUTE_MILLIS) * Counted.MINUTE_MILLIS;
        Tally tally = latest;
        if (tally == null || start != latestStart) {
            tally = minutes.computeIfAbsent(start, key -> new Tally());
            latestStart = start;
            latest = tally;
        }
        return tally;
    }

    void waiting(long morePending, long moreRetrying) {
        pending += morePending;
        retrying += moreRetrying;
    }

    void attempt(boolean succeeded, double millis, long atMillis) {
        minute(atMillis).attempt(succeeded, millis);
        if (succeeded) {
            lastSuccessAtMillis = Math.max(lastSuccessAtMillis, atMillis);
        } else {
            lastFailureAtMillis = Math.max(lastFailureAtMillis, atMillis);
        }
    }

    void add(Figures other) {
        other.minutes.forEach((start, tally) ->
                minutes.computeIfAbsent(start, key -> new Tally()).add(tally));
        waiting(other.pending, other.retrying);
        filtered += other.filtered;
        lastSuccessAtMillis = Math.max(lastSuccessAtMillis, other.lastSuccessAtMillis);
        lastFailureAtMillis = Math.max(lastFailureAtMillis, other.lastFailureAtMillis);
    }

    /** All minutes together. */
    Tally total() {
        Tally total = new Tally();
        minutes.values().forEach(total::add);
        return total;
    }
}
