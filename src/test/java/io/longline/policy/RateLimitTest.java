package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final long START = 1_000_000;

    @Test
    void firstAttempt_mayGoAtOnce() {
        RateLimit limit = RateLimit.of(0.5);

        assertThat(limit.allows(START)).isTrue();
        assertThat(limit.allows(-START)).isTrue();
    }

    @Test
    void rateBelowOne_sparesNothingUp() {
        RateLimit limit = RateLimit.of(0.5).spent(START);

        assertThat(limit.nextAtMillis()).isEqualTo(START + 2_000);
        assertThat(limit.allows(START + 1_999)).isFalse();
        assertThat(limit.allows(START + 2_000)).isTrue();
    }

    @Test
    void rateAboveOne_spreadsAttemptsEvenly() {
        RateLimit limit = RateLimit.of(5).spent(START);

        assertThat(limit.allows(START + 199)).isFalse();
        assertThat(limit.nextAtMillis()).isEqualTo(START + 200);
    }

    /** A rest of a day earns nothing. */
    @Test
    void idleTime_isNotSavedUp() {
        RateLimit limit = RateLimit.of(5).spent(START);
        long later = START + 86_400_000;

        RateLimit next = limit.spent(later);

        assertThat(next.allows(later)).isFalse();
        assertThat(next.nextAtMillis()).isEqualTo(later + 200);
    }

    @Test
    void changedLimit_countsWhatWasSentBefore() {
        RateLimit limit = RateLimit.of(0.01).spent(START);

        assertThat(limit.changedTo(0.5).nextAtMillis()).isEqualTo(START + 2_000);
        assertThat(limit.changedTo(0.5).changedTo(5).nextAtMillis()).isEqualTo(START + 200);
        assertThat(RateLimit.of(0.01).changedTo(5).allows(START)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 0.7, 1, 1.5, 3, 7, 50, 333, 7_000, 10_000})
    void nextAtMillis_isTheFirstMillisecondThatIsAllowed(double perSecond) {
        RateLimit limit = RateLimit.of(perSecond);
        while (limit.allows(START)) {
            limit = limit.spent(START);
        }

        long next = limit.nextAtMillis();

        assertThat(limit.allows(next)).isTrue();
        assertThat(limit.allows(next - 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 0.7, 1, 1.5, 3, 7, 50, 333, 3_000, 7_000, 9_999, 10_000})
    void e7_laneThatSendsWheneverItMay_isNeverAboveItsRateAndHardlyBelow(double perSecond) {
        RateLimit limit = RateLimit.of(perSecond);
        long simulatedMillis = (long) Math.max(200_000, 20_000 / perSecond);
        List<Long> sentAt = new ArrayList<>();

        for (long now = START; now < START + simulatedMillis; now = Math.max(now + 1, limit.nextAtMillis())) {
            while (limit.allows(now)) {
                limit = limit.spent(now);
                sentAt.add(now);
            }
        }

        assertThat(mostInOneSecond(sentAt)).isLessThanOrEqualTo((int) Math.ceil(perSecond));
        assertGaps(sentAt, perSecond);
        assertThat(sentAt.size()).isGreaterThan((int) (0.98 * perSecond * simulatedMillis / 1_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void e7_laneThatSendsByFitsAndStarts_isNeverAboveItsRate(long seed) {
        Random chance = new Random(seed);
        double perSecond = Math.pow(10, chance.nextDouble() * 6 - 2);
        RateLimit limit = RateLimit.of(perSecond);
        List<Long> sentAt = new ArrayList<>();

        long now = START;
        for (int step = 0; step < 20_000; step++) {
            now += chance.nextInt(10) == 0 ? chance.nextInt(5_000) : chance.nextInt(5);
            for (int wanted = chance.nextInt(50); wanted > 0 && limit.allows(now); wanted--) {
                limit = limit.spent(now);
                sentAt.add(now);
            }
        }

        assertThat(sentAt).isNotEmpty();
        assertThat(mostInOneSecond(sentAt)).isLessThanOrEqualTo((int) Math.ceil(perSecond));
        assertGaps(sentAt, perSecond);
    }

    /** The most attempts that any second holds. */
    private static int mostInOneSecond(List<Long> sentAt) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < sentAt.size(); last++) {
            while (sentAt.get(last) - sentAt.get(first) >= 1_000) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** No stretch of time holds more than its part of the rate, one attempt and the lateness made up for apart. */
    private static void assertGaps(List<Long> sentAt, double perSecond) {
        double made = perSecond > 10 ? 10 : 0;
        double least = Double.MAX_VALUE;
        for (int index = 0; index < sentAt.size(); index++) {
            double onSchedule = perSecond * (sentAt.get(index) - START) / 1_000;
            least = Math.min(least, index - onSchedule);
            assertThat(index + 1 - onSchedule - least).isLessThanOrEqualTo(1 + perSecond * made / 1_000 + 1e-6);
        }
    }
}
