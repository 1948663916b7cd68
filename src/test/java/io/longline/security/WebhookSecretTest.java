package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSecretTest {
    /** S9: 24 to 64 random bytes. */
    @Test
    void s9_aGeneratedSecretIsWhsecAnd32RandomBytes() {
        Random random = new Random(1);

        String first = WebhookSecret.generate(random);
        String second = WebhookSecret.generate(random);

        assertThat(first).startsWith("whsec_").isNotEqualTo(second);
        assertThat(Base64.getDecoder().decode(first.substring("whsec_".length())))
                .hasSize(32);
        assertThat(WebhookSecret.fault(first)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "It's a Secret to Everybody",
                "x",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_23p/z5oM0H/nvBZylbQPBsGM+hv76lCq177Q0zoRfQo=",
                "WHSEC_not base64, and not of that form either",
                "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
                "Schlüssel"
            })
    void secretThatCanSign_hasNoFault(String secret) {
        assertThat(WebhookSecret.fault(secret)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "whsec_!!!!",
                "whsec_a",
                "whsec_-_-_",
                "whsec_MfKQ9r8G KYqrTwjU",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
                "whsk_",
                "whsk_!!!!",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "a\nb",
                "a\u0000b",
                "a\u007fb"
            })
    void secretThatCannotSign_isRefusedInWordsThatDoNotRepeatIt(String secret) {
        assertThat(WebhookSecret.fault(secret))
                .hasValueSatisfying(
                        fault -> assertThat(fault).startsWith("must ").doesNotContain("MfKQ9r8G", "!!!!", "-_-_"));
    }

    @Test
    void secret_mayHave256Characters() {
        assertThat(WebhookSecret.fault("s".repeat(256))).isEmpty();
        assertThat(WebhookSecret.fault("s".repeat(257))).isPresent();
    }

    @Test
    void whsk_takesA32ByteSeedOrA64BytePairAndNothingElse() {
        for (int length = 0; length <= 96; length++) {
            String secret = "whsk_" + Base64.getEncoder().encodeToString(new byte[length]);

            assertThat(WebhookSecret.fault(secret).isEmpty())
                    .as("%d bytes", length)
                    .isEqualTo(length == 32 || length == 64);
        }
    }

    /** RFC 8032, 7.1, test 1. */
    @Test
    void whsk_hasThePublicKeyOfTheStandard() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        byte[] key = HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        String alone = "whsk_" + Base64.getEncoder().encodeToString(seed);
        String pair = "whsk_" + Base64.getEncoder().encodeToString(Arrays.copyOf(seed, 64));

        String expected = "whpk_" + Base64.getEncoder().encodeToString(key);
        assertThat(WebhookSecret.publicKey(alone)).contains(expected);
        assertThat(WebhookSecret.publicKey(pair)).contains(expected);
    }

    @Test
    void sharedSecret_hasNoPublicKey() {
        assertThat(WebhookSecret.publicKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                .isEmpty();
        assertThat(WebhookSecret.publicKey("plain")).isEmpty();
    }

    /** S9. Secrets of before may be of any length, and go on signing. */
    @Test
    void s9_newWhsecHas24To64Bytes() {
        for (int length = 1; length <= 96; length++) {
            String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[length]);

            assertThat(WebhookSecret.fault(secret)).as("%d bytes", length).isEmpty();
            assertThat(WebhookSecret.faultOfNew(secret).isEmpty())
                    .as("%d bytes", length)
                    .isEqualTo(length >= 24 && length <= 64);
        }
        assertThat(WebhookSecret.faultOfNew("short")).isEmpty();
        assertThat(WebhookSecret.faultOfNew("whsec_!!!!")).isPresent();
    }
}
