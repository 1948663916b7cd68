package io.longline.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.bus.PayloadMemory.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What part of a node's payload memory is whose. */
class PayloadMemoryTest {
    private final PayloadMemory memory = new PayloadMemory(800);

    @Test
    void e6_whatWaitsAndWhatHangsTogether_leaveHalf() {
        fill(Share.UNPROVEN, 10);
        fillWaiting(10);
        assertThat(memory.held()).isEqualTo(400);

        fill(Share.PROVEN, 10);

        assertThat(memory.held()).isEqualTo(800);
    }

    @Test
    void e6_whatIsProven_leavesAQuarterToWhatIsNot() {
        fill(Share.PROVEN, 10);
        assertThat(memory.held()).isEqualTo(600);

        fill(Share.UNPROVEN, 10);

        assertThat(memory.held()).isEqualTo(800);
    }

    @Test
    void e6_whatIsKnownToHang_leavesHalfOfThatQuarterToWhatIsNot() {
        fill(Share.DOUBTFUL, 10);
        assertThat(memory.held()).isEqualTo(100);
        assertThat(memory.reserve(10, Share.DOUBTFUL)).isFalse();

        fill(Share.UNPROVEN, 10);

        assertThat(memory.held()).isEqualTo(200);
    }

    /** Otherwise it would never be sent while others are. */
    @ParameterizedTest
    @EnumSource(Share.class)
    void e5_payloadLargerThanItsShare_findsRoomAloneInIt(Share share) {
        assertThat(memory.reserve(700, share)).isTrue();
        assertThat(memory.reserve(1, share)).isFalse();

        memory.release(700, share);

        assertThat(memory.held()).isZero();
        assertThat(memory.reserve(801, share)).isFalse();
    }

    @Test
    void e5_boundsHold_whateverThreadsTakeAndGiveBack() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            SplittableRandom chance = new SplittableRandom(seed);
            threads.add(new Thread(() -> {
                long most = takeAndGiveBack(chance);
                synchronized (seen) {
                    seen.add(most);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen).hasSize(4).allMatch(most -> most <= 800);
        assertThat(memory.held()).isZero();
    }

    private long takeAndGiveBack(SplittableRandom chance) {
        long most = 0;
        for (int round = 0; round < 20_000; round++) {
            int bytes = 1 + chance.nextInt(300);
            Share share = Share.values()[chance.nextInt(3)];
            boolean waits = chance.nextInt(4) == 0;
            if (waits ? memory.reserveWaiting(bytes) : memory.reserve(bytes, share)) {
                most = Math.max(most, memory.held());
                if (waits) {
                    memory.releaseWaiting(bytes);
                } else {
                    memory.release(bytes, share);
                }
            }
        }
        return most;
    }

    private void fill(Share share, int bytes) {
        while (memory.reserve(bytes, share)) {
            assertThat(memory.held()).isLessThanOrEqualTo(800);
        }
    }

    private void fillWaiting(int bytes) {
        while (memory.reserveWaiting(bytes)) {
            assertThat(memory.held()).isLessThanOrEqualTo(800);
        }
    }
}
