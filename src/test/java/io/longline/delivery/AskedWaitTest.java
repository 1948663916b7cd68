package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.policy.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskedWaitTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        429 |    | {"message": "slow", "retry_after": 64.57, "global": false} | 64570
        429 | 64 | {"retry_after": 64.57}                                      | 64570
        429 | 65 | {"retry_after": 1}                                          | 65000
        429 | 3  | rate_limited                                                | 3000
        429 |    | {"a": {"retry_after": 1}, "retry_after": 2}                 | 2000
        429 |    | {"retry_after": 1e300}                                      | 86400000
        503 | 2  | {"retry_after": 9}                                          | 2000""")
    void theLongerOfHeaderAndBody_isWaited(int status, String header, String body, long millis) {
        assertThat(AskedWait.of(status, header, body, NOW)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"retry_after\"",
                "{\"retry_after\": \"5\"}",
                "{\"retry_after\": -1}",
                "{\"a\": 5}"
            })
    void whatAsksForNothing_isNotWaitedFor(String body) {
        assertThat(AskedWait.of(429, null, body, NOW)).isNull();
    }

    @Test
    void secondsThatAreNoNumber_askForNothing() {
        assertThat(RetryAfter.ofSeconds(Double.NaN)).isEmpty();
        assertThat(RetryAfter.ofSeconds(Double.POSITIVE_INFINITY)).contains(RetryAfter.LONGEST);
    }
}
