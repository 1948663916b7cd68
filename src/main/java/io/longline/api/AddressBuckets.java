package io.longline.api;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.longline.model.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each address that calls. Addresses of one IPv6 network of 64 bits share one, since whoever has one
 * of them has all. The addresses heard of last are remembered. Safe for use by several threads.
 */
final class AddressBuckets {
    private static final int REMEMBERED = 50_000;
    private static final int GROUPS_OF_A_NETWORK = 4;

    private final TimeMeter time;
    private final long capacity;
    private final long refill;
    private final Duration period;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * @param capacity what may be taken at once
     * @param refill what comes back in each period
     */
    AddressBuckets(TimeSource time, long capacity, long refill, Duration period) {
        this.time = meter(time);
        this.capacity = capacity;
        this.refill = refill;
        this.period = period;
    }

    Bucket of(String address) {
        String group = group(address);
        synchronized (buckets) {
            return buckets.computeIfAbsent(group, unknown -> bucket(time, capacity, refill, period));
        }
    }

    static Bucket bucket(TimeMeter time, long capacity, long refill, Duration period) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(refill, period))
                .withCustomTimePrecision(time)
                .build();
    }

    static TimeMeter meter(TimeSource source) {
        return new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return source.monotonicNanos().getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    /** An IPv6 address as the server's socket writes it has eight groups; an IPv4 address has no colon. */
    static String group(String address) {
        int end = -1;
        for (int group = 0; group < GROUPS_OF_A_NETWORK; group++) {
            end = address.indexOf(':', end + 1);
            if (end < 0) {
                return address;
            }
        }
        return address.substring(0, end);
    }
}
