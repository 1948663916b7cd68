package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {
    private static final double[] SHARES = {0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1};
    private static final double LONGEST_ATTEMPT_MILLIS = 300_000;

    @Test
    void nothingCounted_hasNoQuantile() {
        assertThat(new DurationHistogram().quantile(0.5)).isEmpty();
        assertThat(new DurationHistogram().encode()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void quantile_isNeverBelowTheTrueValueAndAtMostAFifthAbove(long seed) {
        Random chance = new Random(seed);
        DurationHistogram histogram = new DurationHistogram();
        List<Double> durations = new ArrayList<>();
        for (int index = 0; index < 1 + chance.nextInt(5_000); index++) {
            double millis = 0.25 * Math.pow(LONGEST_ATTEMPT_MILLIS / 0.25, chance.nextDouble());
            durations.add(millis);
            histogram.add(millis);
        }
        Collections.sort(durations);

        for (double share : SHARES) {
            int rank = Math.max(1, (int) Math.ceil(share * durations.size()));
            double exact = durations.get(rank - 1);
            assertThat(histogram.quantile(share).orElseThrow()).isBetween(exact * (1 - 1e-9), exact * 1.2);
        }
    }

    /** Rounding at a bucket's own bound must not put a duration a bucket too low. */
    @Test
    void bucketBounds_areCountedWithinTheErrorToo() {
        for (int bucket = 0; bucket < 88; bucket++) {
            double bound = 0.25 * Math.pow(2, bucket / 4.0);
            DurationHistogram histogram = new DurationHistogram();
            histogram.add(bound);

            assertThat(histogram.quantile(1).orElseThrow()).isBetween(bound * (1 - 1e-9), bound * 1.2);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.001, 0.25})
    void everythingUpToAQuarterMillisecond_isOneBucket(double millis) {
        DurationHistogram histogram = new DurationHistogram();

        histogram.add(millis);

        assertThat(histogram.quantile(0.5)).hasValue(0.25);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e9, 1e300, Double.POSITIVE_INFINITY})
    void everythingBeyondTheLastBound_isInTheLastBucket(double millis) {
        DurationHistogram histogram = new DurationHistogram();

        histogram.add(millis);

        assertThat(histogram.quantile(1).orElseThrow()).isBetween(600_000.0, 1_000_000.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void storedForm_givesBackTheSameHistogram(long seed) {
        DurationHistogram histogram = random(new Random(seed), 10_000);

        DurationHistogram read = DurationHistogram.decode(histogram.encode());

        assertThat(read.encode()).isEqualTo(histogram.encode());
        for (double share : SHARES) {
            assertThat(read.quantile(share)).isEqualTo(histogram.quantile(share));
        }
    }

    /** Written out, since files of earlier versions hold it: two of up to 0.25 ms, 300 of up to 0.3 ms. */
    @Test
    void storedForm_isAVariableLengthIntegerForEachBucket() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.add(0.1);
        histogram.add(0.2);
        for (int index = 0; index < 300; index++) {
            histogram.add(0.29);
        }

        assertThat(histogram.encode()).containsExactly(2, 0xAC, 0x02);
    }

    @Test
    void hugeCounts_surviveTheStoredForm() {
        DurationHistogram histogram = new DurationHistogram();
        histogram.add(400_000);
        for (int doubling = 0; doubling < 61; doubling++) {
            histogram.add(DurationHistogram.decode(histogram.encode()));
        }
        histogram.add(1);

        DurationHistogram read = DurationHistogram.decode(histogram.encode());

        assertThat(read.encode()).isEqualTo(histogram.encode());
        assertThat(read.quantile(0.5).orElseThrow()).isGreaterThan(399_999);
    }

    @Test
    void storedFormWithMoreBuckets_isReadAsFarAsItIsKnown() {
        byte[] longer = new byte[200];
        longer[3] = 1;
        longer[150] = 1;

        DurationHistogram read = DurationHistogram.decode(longer);

        assertThat(read.encode()).containsExactly(0, 0, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void sum_isWhatOneHistogramOfAllWouldHaveCounted(long seed) {
        Random chance = new Random(seed);
        DurationHistogram one = new DurationHistogram();
        DurationHistogram other = new DurationHistogram();
        DurationHistogram all = new DurationHistogram();
        for (int index = 0; index < 1_000; index++) {
            double millis = chance.nextDouble() * 10_000;
            (chance.nextBoolean() ? one : other).add(millis);
            all.add(millis);
        }

        one.add(other);

        assertThat(one.encode()).isEqualTo(all.encode());
    }

    private static DurationHistogram random(Random chance, int count) {
        DurationHistogram histogram = new DurationHistogram();
        for (int index = 0; index < count; index++) {
            histogram.add(Math.exp(chance.nextDouble() * 14));
        }
        return histogram;
    }
}
