package io.longline.delivery;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hundreds of lives of a shard, each by a seed that the failure names. */
class ShardSimulationTest {
    private static final int LIVES = 100;

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200, 300})
    void everyLife_losesNothingSendsNothingTwiceAndKeepsItsBounds(int firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + LIVES; seed++) {
            live(seed);
        }
    }

    private static void live(long seed) {
        try {
            new ShardSimulation(seed).run();
        } catch (AssertionError | RuntimeException fault) {
            throw new AssertionError("seed " + seed + ": " + fault.getMessage(), fault);
        }
    }
}
