package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.CircuitStatus;
import io.longline.policy.Circuit.Closed;
import io.longline.policy.Circuit.Open;
import io.longline.policy.Circuit.Probing;
import io.longline.policy.Circuit.Settings;
import io.longline.policy.Verdict.CircuitCount;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitTest {
    private static final long NOW = 5_000_000;
    private static final Settings DEFAULT = Settings.DEFAULT;

    @Test
    void e9_defaultsAreThoseOfTheDesign() {
        assertThat(DEFAULT).isEqualTo(new Settings(true, 10, 20, Duration.ofSeconds(30), Duration.ofMinutes(10)));
    }

    @Test
    void e9_tenFailuresInARowOpenIt() {
        Circuit nine = after("f".repeat(9), DEFAULT);

        Circuit ten = nine.counted(CircuitCount.FAILURE, NOW, DEFAULT);

        assertThat(nine.status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(ten).isEqualTo(new Open(NOW + 30_000, Duration.ofSeconds(30)));
    }

    @Test
    void e9_aSuccessStartsTheRunAnew() {
        assertThat(after("f".repeat(9) + "s" + "f".repeat(9), withWindow(64)).status())
                .isEqualTo(CircuitStatus.CLOSED);
        assertThat(after("f".repeat(9) + "s" + "f".repeat(10), withWindow(64)).status())
                .isEqualTo(CircuitStatus.OPEN);
    }

    @Test
    void e9_halfOfTheLastTwentyFailingOpensIt() {
        Circuit nineteen = after("sf".repeat(9) + "s", DEFAULT);

        Circuit twenty = nineteen.counted(CircuitCount.FAILURE, NOW, DEFAULT);

        assertThat(nineteen.status()).isEqualTo(CircuitStatus.CLOSED);
        assertThat(twenty.status()).isEqualTo(CircuitStatus.OPEN);
    }

    /** A share of few attempts says little: half of two would be one failure. */
    @Test
    void e9_theShareCountsOnlyOnceTwentyAttemptsWereSeen() {
        assertThat(after("fffff" + "s" + "ffff", DEFAULT).status()).isEqualTo(CircuitStatus.CLOSED);
    }

    @Test
    void e9_fewerThanHalfOfTheLastTwentyNeverOpenIt() {
        assertThat(after("ssf".repeat(200), DEFAULT).status()).isEqualTo(CircuitStatus.CLOSED);
    }

    @Test
    void e9_outcomesThatDoNotCountLeaveItAsItIs() {
        Circuit nine = after("f".repeat(9), DEFAULT);

        Circuit still = nine.counted(CircuitCount.NEITHER, NOW, DEFAULT);

        assertThat(still).isEqualTo(nine);
        assertThat(still.counted(CircuitCount.FAILURE, NOW, DEFAULT).status()).isEqualTo(CircuitStatus.OPEN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void e9_itOpensExactlyWhenAPlainCountSaysSo(long seed) {
        Random chance = new Random(seed);
        Settings settings = new Settings(
                true, 1 + chance.nextInt(12), 2 + chance.nextInt(63), Duration.ofSeconds(1), DEFAULT.longestWait());
        double failing = chance.nextDouble() * 0.6;

        for (int round = 0; round < 200; round++) {
            Circuit circuit = Circuit.fresh();
            ArrayDeque<Boolean> last = new ArrayDeque<>();
            int run = 0;
            for (int step = 0; step < 200 && circuit instanceof Closed; step++) {
                boolean failed = chance.nextDouble() < failing;
                last.addLast(failed);
                if (last.size() > settings.window()) {
                    last.removeFirst();
                }
                run = failed ? run + 1 : 0;
                long failures = last.stream().filter(each -> each).count();
                boolean half = last.size() == settings.window() && failures * 2 >= settings.window();

                circuit = circuit.counted(failed ? CircuitCount.FAILURE : CircuitCount.SUCCESS, NOW, settings);

                assertThat(circuit instanceof Open).isEqualTo(failed && (run >= settings.failuresInARow() || half));
            }
        }
    }

    @Test
    void e9_probesWaitThirtySecondsThenTwiceAsLongUpToTenMinutes() {
        Circuit circuit = after("f".repeat(10), DEFAULT);
        List<Long> waits = new ArrayList<>();

        long now = NOW;
        for (int probe = 0; probe < 8; probe++) {
            Open open = (Open) circuit;
            waits.add((open.nextProbeAtMillis() - now) / 1_000);
            now = open.nextProbeAtMillis();
            circuit = open.probe().counted(CircuitCount.FAILURE, now, DEFAULT);
        }

        assertThat(waits).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L, 600L);
    }

    @Test
    void e9_aProbeIsDueWhenItsTimeHasCome() {
        Open open = new Open(NOW, Duration.ofSeconds(30));

        assertThat(open.isDue(NOW - 1)).isFalse();
        assertThat(open.isDue(NOW)).isTrue();
        assertThat(open.probe().status()).isEqualTo(CircuitStatus.PROBING);
    }

    @Test
    void e9_aSuccessfulProbeClosesItWithoutAMemory() {
        Circuit closed = new Probing(Duration.ofMinutes(8)).counted(CircuitCount.SUCCESS, NOW, DEFAULT);

        assertThat(closed).isEqualTo(Circuit.fresh());
        assertThat(after("f".repeat(10), DEFAULT)).isEqualTo(new Open(NOW + 30_000, Duration.ofSeconds(30)));
    }

    /** An answer such as 404 shows the receiver to be there, which is all that the probe was to find out. */
    @Test
    void e9_aProbeThatSaysNothingForOrAgainstLeavesItOpenForAsLongAgain() {
        assertThat(new Probing(Duration.ofSeconds(60)).counted(CircuitCount.NEITHER, NOW, DEFAULT))
                .isEqualTo(new Open(NOW + 60_000, Duration.ofSeconds(60)));
    }

    /** What was in flight when it opened neither prolongs the wait nor, failing, changes it. */
    @ParameterizedTest
    @EnumSource(
            value = CircuitCount.class,
            names = {"FAILURE", "NEITHER"})
    void e9_lateFailuresLeaveAnOpenCircuitAsItIs(CircuitCount count) {
        Open open = new Open(NOW + 30_000, Duration.ofSeconds(30));

        assertThat(open.counted(count, NOW + 10_000, DEFAULT)).isEqualTo(open);
    }

    @Test
    void e9_aLateSuccessClosesAnOpenCircuit() {
        Open open = new Open(NOW + 30_000, Duration.ofSeconds(30));

        assertThat(open.counted(CircuitCount.SUCCESS, NOW, DEFAULT)).isEqualTo(Circuit.fresh());
    }

    @Test
    void e9_aProbeThatNeverWentLeavesTheNextDeliveryToBeIt() {
        Open open = new Probing(Duration.ofMinutes(2)).abandoned(NOW);

        assertThat(open.isDue(NOW)).isTrue();
        assertThat(open.waited()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void e9_disabledItNeverOpens() {
        Settings off = new Settings(false, 1, 2, Duration.ofSeconds(30), Duration.ofMinutes(10));

        assertThat(after("f".repeat(100), off)).isEqualTo(Circuit.fresh());
    }

    @Test
    void e9_afterARestartItIsOpenUntilTheStoredTimeAndDoublesFromTheFirstWait() {
        Open reopened = (Open) Circuit.reopened(NOW + 7_000, DEFAULT);

        Circuit failedAgain = reopened.probe().counted(CircuitCount.FAILURE, NOW + 7_000, DEFAULT);

        assertThat(reopened.isDue(NOW + 6_999)).isFalse();
        assertThat(reopened.isDue(NOW + 7_000)).isTrue();
        assertThat(failedAgain).isEqualTo(new Open(NOW + 67_000, Duration.ofSeconds(60)));
    }

    private static Settings withWindow(int window) {
        return new Settings(true, 10, window, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    /** A fresh circuit after failures ({@code f}) and successes ({@code s}). */
    private static Circuit after(String outcomes, Settings settings) {
        Circuit circuit = Circuit.fresh();
        for (char outcome : outcomes.toCharArray()) {
            circuit = circuit.counted(outcome == 'f' ? CircuitCount.FAILURE : CircuitCount.SUCCESS, NOW, settings);
        }
        return circuit;
    }
}
