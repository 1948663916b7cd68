package io.longline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBodyTest {
    private static final long NUMBER = 4_711;
    private static final long INTENDED = 987_654_321_012L;

    private final EventBody body = new EventBody(512);

    private byte[] payload() {
        String call = body.trigger("bench.group1", NUMBER, INTENDED).toString();
        String data = call.substring(call.indexOf("\"data\":") + 7, call.length() - 1);
        return ("{\"id\":\"evt_1\",\"event\":\"bench.group1\",\"timestamp\":\"2026-01-01T00:00:00.000Z\",\"data\":"
                        + data + ",\"metadata\":{}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void data_hasTheSizeThatWasAskedFor() {
        String call = body.trigger("t", NUMBER, INTENDED).toString();

        assertThat(call).startsWith("{\"event\":\"t\",\"data\":{\"number\":").endsWith("\"}}");
        assertThat(call.substring("{\"event\":\"t\",\"data\":".length(), call.length() - 1))
                .hasSize(512);
    }

    @Test
    void whatArrivesAsItWasSent_isRecognised() {
        assertThat(body.check(payload())).isEqualTo(new EventBody.Arrived(NUMBER, INTENDED));
    }

    @Test
    void anyChangedByteOfTheData_isSeen() {
        byte[] sent = payload();
        int from = new String(sent, StandardCharsets.US_ASCII).indexOf("\"data\":") + 7;
        for (int at = from; at < from + 512; at++) {
            byte[] altered = sent.clone();
            altered[at] ^= 1;

            EventBody.Arrived found = body.check(altered);

            // A changed digit makes another number, whose filling is another, or another time.
            assertThat(found).as("byte %d", at).isNotEqualTo(new EventBody.Arrived(NUMBER, INTENDED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"data\":{}}", "{\"data\":1,\"metadata\":{}}"})
    void whatIsNoPayload_isSeen(String payload) {
        assertThat(body.check(payload.getBytes(StandardCharsets.US_ASCII))).isNull();
    }
}
