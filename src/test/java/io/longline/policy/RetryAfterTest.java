package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:37Z");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "120, 120", "' 30 ', 30", "007, 7", "86399, 86399"})
    void seconds_areTakenAsTheyAre(String value, long seconds) {
        assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"86400", "86401", "999999999", "9223372036854775807", "9223372036854775808"})
    void seconds_areCappedAtADay(String value) {
        assertThat(RetryAfter.parse(value, NOW)).contains(DAY);
    }

    @Test
    void secondsOfAnyLength_areCappedAtADay() {
        assertThat(RetryAfter.parse("9".repeat(5_000), NOW)).contains(DAY);
    }

    @Test
    void date_isTheWaitUntilThen() {
        assertThat(RetryAfter.parse("Sun, 06 Nov 1994 08:51:07 GMT", NOW)).contains(Duration.ofSeconds(90));
    }

    /** RFC 9110, 5.6.7: a recipient must read all three forms. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Sun, 06 Nov 1994 08:51:07 GMT", "Sunday, 06-Nov-94 08:51:07 GMT", "Sun Nov  6 08:51:07 1994"})
    void date_isReadInAllThreeForms(String value) {
        assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(90));
    }

    @Test
    void dateWithTwoDigitsOfAYear_isNeverMoreThanFiftyYearsAhead() {
        Instant endOf2026 = Instant.parse("2026-12-31T23:59:00Z");

        assertThat(RetryAfter.parse("Friday, 01-Jan-27 00:00:00 GMT", endOf2026))
                .contains(Duration.ofSeconds(60));
        assertThat(RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", endOf2026))
                .contains(Duration.ZERO);
    }

    @Test
    void dateInThePast_isNoWait() {
        assertThat(RetryAfter.parse("Sat, 05 Nov 1994 08:49:37 GMT", NOW)).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mon, 07 Nov 1994 08:49:38 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void date_isCappedAtADay(String value) {
        assertThat(RetryAfter.parse(value, NOW)).contains(DAY);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "   ",
                "-1",
                "+5",
                "1.5",
                "1e3",
                "0x10",
                "5 s",
                "5, 10",
                "soon",
                "٣٠",
                "1994-11-06T08:49:37Z",
                "Sun, 06 Nov 1994",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 25:00:00 GMT"
            })
    void garbage_isAsIfThereWereNone(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverAReceiverSays_theWaitIsWithinADay(long seed) {
        Random chance = new Random(seed);
        String alphabet = "0123456789 ,:-GMTSunNov+.\u0000é";

        for (int round = 0; round < 2_000; round++) {
            StringBuilder value = new StringBuilder();
            for (int length = chance.nextInt(30); length > 0; length--) {
                value.append(alphabet.charAt(chance.nextInt(alphabet.length())));
            }
            assertThat(RetryAfter.parse(value.toString(), NOW).orElse(Duration.ZERO))
                    .isBetween(Duration.ZERO, DAY);
        }
    }
}
