package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private static final byte[] BYTES = "{\"price\":\"9 €\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void payload_isTheBytesItWasMadeOf() {
        Payload payload = Payload.of(BYTES);

        assertThat(payload.bytes()).isSameAs(BYTES);
        assertThat(payload.size()).isEqualTo(17);
        assertThat(payload.text()).isEqualTo("{\"price\":\"9 €\"}");
    }

    /** The digest of "abc" as FIPS 180-4 publishes it. */
    @Test
    void sha256_isThePublishedDigest() {
        Payload payload = Payload.of("abc".getBytes(StandardCharsets.US_ASCII));

        assertThat(payload.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void textForm_tellsTheSizeAndNothingOfTheContent() {
        Payload payload = Payload.of(BYTES);

        assertThat(payload).hasToString("Payload[17 bytes]");
    }
}
