package io.longline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static Plan plan(int webhooks, int fanOut, int failPercent, int hangPercent) {
        return plan(1, webhooks, fanOut, failPercent, hangPercent);
    }

    private static Plan plan(int rounds, int webhooks, int fanOut, int failPercent, int hangPercent) {
        return new Plan(
                0,
                1,
                Duration.ZERO,
                Duration.ofSeconds(3),
                rounds,
                webhooks,
                fanOut,
                512,
                failPercent,
                hangPercent,
                Duration.ofSeconds(1),
                0,
                0,
                0,
                false);
    }

    @ParameterizedTest
    @CsvSource({"400, 50, 200", "10, 10, 1", "3, 50, 1", "7, 0, 0", "200, 99, 198"})
    void theShareOfWebhooksThatHang_isSpreadEvenly(int webhooks, int percent, int hanging) {
        Plan plan = plan(webhooks, 1, 0, percent);

        assertThat(IntStream.range(0, webhooks).filter(plan::hangs)).hasSize(hanging);
        assertThat(IntStream.range(0, webhooks / 2).filter(plan::hangs).count())
                .isBetween(hanging / 2L - 1, hanging / 2L + 1);
    }

    @Test
    void whatIsExpectedOfAnEvent_leavesOutThoseThatHang() {
        Plan plan = plan(20, 10, 0, 20);

        assertThat(plan.groups()).isEqualTo(2);
        assertThat(plan.expectedOf(0)).isEqualTo(8);
        assertThat(plan.expectedOf(1)).isEqualTo(8);
        assertThat(plan(20, 10, 0, 0).expectedOf(7)).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aRoundIsASecondAtLeast(int rounds) {
        assertThatThrownBy(() -> plan(rounds, 1, 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--rounds");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2, 0, 0, multiple",
        "1, 2, 0, 0, at least --fan-out",
        "1, 1, 91, 0, --fail-percent",
        "1, 1, 0, 100, --hang-percent"
    })
    void whatCannotBe_isRefusedByName(int webhooks, int fanOut, int fail, int hang, String words) {
        assertThatThrownBy(() -> plan(webhooks, fanOut, fail, hang))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
