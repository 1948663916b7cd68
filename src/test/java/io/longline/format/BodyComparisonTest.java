package io.longline.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.format.BodyComparison.Difference;
import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyComparisonTest {
    private static List<Difference> compare(String here, String there) {
        return BodyComparison.differences(
                Payload.of(here.getBytes(StandardCharsets.UTF_8)), there.getBytes(StandardCharsets.UTF_8), 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":[1.10,2]} | { \"b\" : [1.1, 2.0], \"a\" : 1e0 }",
                "12345678901234567890.10 | 12345678901234567890.1",
                "1e400 | 10e399",
                "\"\\u00e9\" | \"é\"",
                "null | null",
                "not json | not json"
            })
    void theSame_isTheSameHoweverItIsWritten(String here, String there) {
        assertThat(compare(here, there)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"a\":{\"b/c\":1}} | {\"a\":{\"b/c\":\"1\"}} | /a/b~1c | 1 | \"1\"",
                "{\"a\":null} | {} | /a | null | -",
                "{} | {\"a\":[1,2]} | /a | - | an array of 2 elements",
                "[1,2] | [1] | /1 | 2 | -",
                "{\"n\":12345678901234567890} | {\"n\":12345678901234567891} | /n | 12345678901234567890 | 12345678901234567891",
                "{} | [] | '' | an object of 0 members | an array of 0 elements",
                "{} | x=1 | '' | {} | x=1",
                "true | 1 | '' | true | 1"
            })
    void whatDiffers_isNamedByItsPlace(String here, String there, String pointer, String one, String other) {
        assertThat(compare(here, there)).containsExactly(new Difference(pointer, one, other));
    }

    @Test
    void differences_areBoundedInNumberAndLength() {
        List<Difference> found = compare("{\"a\":\"" + "x".repeat(1_000) + "\",\"b\":1,\"c\":1,\"d\":1}", "{}");

        assertThat(found).extracting(Difference::pointer).containsExactly("/a", "/b", "/c");
        assertThat(found.get(0).here()).hasSize(100).endsWith("…");
    }
}
