package io.longline.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformTest {
    private static final String DATA =
            "{\"z\":1.10,\"a\":123456789012345678901234567890,\"u\":12345678901234567890,\"e\":1E+400,\"m\":-0,"
                    + "\"t\":0.10000000000000000000000000001,\"l\":[1.0,2.50,{\"p\":1e2}],\"s\":\"\\u00e9\\n\",\"n\":null,\"b\":true}";

    private static String made(String expression) throws ExpressionException {
        String event = "{\"id\":\"evt_1\",\"event\":\"a.b\",\"timestamp\":\"2026-01-31T12:00:00.000Z\",\"data\":" + DATA
                + ",\"metadata\":{}}";
        EventVariable variable = EventVariable.of(Payload.of(event.getBytes(StandardCharsets.UTF_8)), "default");
        return Transform.compile(expression).apply(variable, () -> 0).text();
    }

    @Test
    void values_thatAreCarriedKeepTheirDigitsAndOrder() throws ExpressionException {
        assertThat(made("event.data")).isEqualTo(DATA.replace("\\u00e9", "é"));
        assertThat(made("{'all': event.data.l, 'each': event.data.l.map(i, {'v': i}), 'one': event.data.t}"))
                .isEqualTo("{\"all\":[1.0,2.50,{\"p\":1e2}],\"each\":[{\"v\":1.0},{\"v\":2.50},{\"v\":{\"p\":1e2}}],"
                        + "\"one\":0.10000000000000000000000000001}");
        assertThat(made("event.data.z > 1.0 ? event.data.z : event.data.a")).isEqualTo("1.10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "event.event + '!'|\"a.b!\"",
                "event.data.z * 2.0|2.2",
                "[1, 2u, 2.5, true, null]|[1,2,2.5,true,null]",
                "{'text': 'Order ' + string(event.data.u)}|{\"text\":\"Order 12345678901234567890\"}",
                "timestamp(event.timestamp)|\"2026-01-31T12:00:00Z\"",
                "b'ab'|\"YWI=\"",
                "{1: 'a'}|{\"1\":\"a\"}",
                "event.tenant|\"default\""
            })
    void values_thatAreMadeAreJson(String expression, String json) throws ExpressionException {
        assertThat(made(expression)).isEqualTo(json);
    }

    @Test
    void transform_thatFails_saysWhyAndWhere() {
        assertThatThrownBy(() -> made("{'a':\n event.data.absent}"))
                .hasMessage("line 2, column 12: key 'absent' is not present in map.");
        assertThatThrownBy(() -> made("1.0 / 0.0")).hasMessageContaining("JSON does not have: Infinity");
        assertThatThrownBy(() -> made("type(1)")).hasMessageContaining("JSON does not have");
        String many = "[" + "1,".repeat(199) + "1]";
        assertThatThrownBy(() -> made(many + ".map(i, " + many + ".map(j, event.data.a))"))
                .hasMessageContaining("10000");
        assertThatThrownBy(() -> made(many + ".map(i, " + "[1,2,3,4,5,6,7,8,9,10].map(j, event.data))"))
                .hasMessage("gives more than 262144 bytes");
        assertThat(Transform.fault("{'a': }")).isPresent();
    }
}
