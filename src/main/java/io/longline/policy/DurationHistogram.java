package io.longline.policy;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Counts durations in fixed logarithmic buckets, four to a doubling: bucket 0 holds everything up to 0.25 ms, bucket i
 * everything up to {@code 0.25 × 2^(i/4)} ms, the last everything above about ten minutes. A quantile is thus at most a
 * fifth above the true value, whatever the number of durations. Mutable; for one thread.
 *
 * <p>Stored as the count of each bucket in order, as variable-length integers (seven bits a byte, low first), trailing
 * zeros left out.
 */
public final class DurationHistogram {
    private static final int BUCKETS = 88;
    private static final double LOWEST_MILLIS = 0.25;
    private static final int PER_DOUBLING = 4;
    private static final double[] UPPER_BOUNDS = upperBounds();

    private final long[] counts = new long[BUCKETS];

    /** Counts one duration. */
    public void add(double millis) {
        counts[bucket(millis)]++;
    }

    /** Counts everything that another has counted. */
    public void add(DurationHistogram other) {
        for (int index = 0; index < BUCKETS; index++) {
            counts[index] += other.counts[index];
        }
    }

    /**
     * The duration that a share of all counted ones do not exceed.
     *
     * @param share between 0 and 1
     * @return the upper bound of its bucket in milliseconds; empty when nothing was counted
     */
    public OptionalDouble quantile(double share) {
        long total = Arrays.stream(counts).sum();
        if (total == 0) {
            return OptionalDouble.empty();
        }
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long passed = 0;
        for (int index = 0; index < BUCKETS; index++) {
            passed += counts[index];
            if (passed >= rank) {
                return OptionalDouble.of(upperBoundMillis(index));
            }
        }
        return OptionalDouble.of(upperBoundMillis(BUCKETS - 1));
    }

    /** The stored form. */
    public byte[] encode() {
        int used = BUCKETS;
        while (used > 0 && counts[used - 1] == 0) {
            used--;
        }
        int length = 0;
        for (int index = 0; index < used; index++) {
            length += encodedLength(counts[index]);
        }
        byte[] encoded = new byte[length];
        int end = 0;
        for (int index = 0; index < used; index++) {
            long rest = counts[index];
            while (rest > 0x7F) {
                encoded[end++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            encoded[end++] = (byte) rest;
        }
        return encoded;
    }

    private static int encodedLength(long count) {
        int significantBits = Long.SIZE - Long.numberOfLeadingZeros(count);
        return Math.max(1, (significantBits + 6) / 7);
    }

    /** Reads the stored form. */
    public static DurationHistogram decode(byte[] encoded) {
        DurationHistogram histogram = new DurationHistogram();
        int bucket = 0;
        int shift = 0;
        for (byte part : encoded) {
            if (bucket >= BUCKETS) {
                break;
            }
            histogram.counts[bucket] |= (long) (part & 0x7F) << shift;
            if (part < 0) {
                shift += 7;
            } else {
                shift = 0;
                bucket++;
            }
        }
        return histogram;
    }

    private static int bucket(double millis) {
        if (millis <= LOWEST_MILLIS) {
            return 0;
        }
        int found = Arrays.binarySearch(UPPER_BOUNDS, millis);
        return Math.min(BUCKETS - 1, found >= 0 ? found : -found - 1);
    }

    private static double upperBoundMillis(int bucket) {
        return UPPER_BOUNDS[bucket];
    }

    private static double[] upperBounds() {
        double[] bounds = new double[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            bounds[bucket] = LOWEST_MILLIS * Math.pow(2, (double) bucket / PER_DOUBLING);
        }
        return bounds;
    }
}
