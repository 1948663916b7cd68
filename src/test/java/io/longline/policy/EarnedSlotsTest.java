package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarnedSlotsTest {
    @ParameterizedTest
    @CsvSource({"16, 4", "5, 4", "4, 4", "3, 3", "1, 1", "0, 1"})
    void e6_aLaneStartsWithFourSlotsOrWithItsMaximum(int most, int slots) {
        assertThat(EarnedSlots.atFirst(most).count()).isEqualTo(slots);
    }

    @Test
    void e6_aSuccessEarnsOneMoreUpToTheMaximum() {
        EarnedSlots slots = EarnedSlots.atFirst(6);

        EarnedSlots one = slots.succeeded(6);
        EarnedSlots two = one.succeeded(6);
        EarnedSlots three = two.succeeded(6);

        assertThat(one.count()).isEqualTo(5);
        assertThat(two.count()).isEqualTo(6);
        assertThat(three.count()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"16, 8", "9, 4", "3, 1", "2, 1", "1, 1"})
    void e6_aTimeoutHalvesWhatALaneHasAndLeavesAtLeastOne(int before, int after) {
        assertThat(new EarnedSlots(before).timedOut().count()).isEqualTo(after);
    }

    @Test
    void e6_aMaximumThatWasLoweredIsFollowed() {
        assertThat(new EarnedSlots(16).succeeded(5).count()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void e6_slotsStayBetweenOneAndTheMaximumWhateverHappens(long seed) {
        Random chance = new Random(seed);
        int most = 1 + chance.nextInt(64);
        EarnedSlots slots = EarnedSlots.atFirst(most);

        for (int step = 0; step < 2_000; step++) {
            slots = chance.nextInt(4) == 0 ? slots.timedOut() : slots.succeeded(most);
            assertThat(slots.count()).isBetween(1, most);
        }
    }
}
