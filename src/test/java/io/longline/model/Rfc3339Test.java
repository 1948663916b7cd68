package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rfc3339Test {
    private static final DateTimeFormatter PLATFORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T00:00:00Z, 2026-03-01T00:00:00.000Z",
        "2026-12-31T23:59:59.999999999Z, 2026-12-31T23:59:59.999Z",
        "2024-02-29T12:34:56.007Z, 2024-02-29T12:34:56.007Z",
        "1969-12-31T23:59:59.250Z, 1969-12-31T23:59:59.250Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59Z, 9999-12-31T23:59:59.000Z",
        "+10000-01-01T00:00:00Z, +10000-01-01T00:00:00.000Z",
        "-0001-12-31T23:59:59Z, -0001-12-31T23:59:59.000Z"
    })
    void format_threeDigitsOfMilliseconds(Instant instant, String text) {
        assertThat(Rfc3339.format(instant)).isEqualTo(text);
    }

    @Test
    void format_anyTime_asThePlatformWritesIt() {
        SplittableRandom chance = new SplittableRandom(7);
        long first = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
        long last = Instant.parse("+10000-01-01T00:00:00Z").toEpochMilli();
        for (int count = 0; count < 10_000; count++) {
            Instant instant = Instant.ofEpochMilli(chance.nextLong(first, last));

            assertThat(Rfc3339.format(instant)).isEqualTo(PLATFORM.format(instant));
        }
    }
}
