package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.longline.security.SignatureCheck.Result;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The receiver's side; what it checks is signed by the Standard Webhooks reference library, not by Longline. */
class SignatureCheckTest {
    private static final String SECRET = WebhookSecret.generate(new Random(1));
    private static final String OTHER = WebhookSecret.generate(new Random(2));
    private static final String BODY = "{\"test\": 2432232314}";
    private static final byte[] BYTES = BODY.getBytes(StandardCharsets.UTF_8);
    private static final long TIMESTAMP = 1_614_265_330;

    private final Map<String, String> headers = new HashMap<>();

    @BeforeEach
    void standardHeaders() throws Exception {
        headers.put("webhook-id", "evt_1");
        headers.put("webhook-timestamp", String.valueOf(TIMESTAMP));
        headers.put("webhook-signature", new Webhook(SECRET).sign("evt_1", TIMESTAMP, BODY));
    }

    @Test
    void signatureOfTheReferenceLibrary_isValid() {
        assertThat(new SignatureCheck(SECRET).check(headers, BYTES)).isEqualTo(Result.VALID);
    }

    @Test
    void publishedSignatureOfGitHubsScheme_isValid() {
        Map<String, String> plain = Map.of(
                "x-webhook-signature", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        Result result = new SignatureCheck("It's a Secret to Everybody")
                .check(plain, "Hello, World!".getBytes(StandardCharsets.UTF_8));

        assertThat(result).isEqualTo(Result.VALID);
    }

    @Test
    void requestWithoutAnySignature_isMissingOne() {
        headers.remove("webhook-signature");

        assertThat(new SignatureCheck(SECRET).check(headers, BYTES)).isEqualTo(Result.MISSING);
    }

    @Test
    void anotherSecret_doesNotHold() {
        assertThat(new SignatureCheck(OTHER).check(headers, BYTES)).isEqualTo(Result.INVALID);
    }

    @Test
    void anotherBody_doesNotHold() {
        assertThat(new SignatureCheck(SECRET).check(headers, (BODY + " ").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Result.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp"})
    void headerThatIsSigned_mayNeitherChangeNorBeMissing(String name) {
        headers.put(name, headers.get(name) + "1");
        Result changed = new SignatureCheck(SECRET).check(headers, BYTES);
        headers.remove(name);
        Result missing = new SignatureCheck(SECRET).check(headers, BYTES);

        assertThat(changed).isEqualTo(Result.INVALID);
        assertThat(missing).isEqualTo(Result.INVALID);
    }

    /** During a rotation the receiver may know the older or the newer secret. */
    @Test
    void oneOfSeveralSignatures_isEnough() throws Exception {
        String both = new Webhook(OTHER).sign("evt_1", TIMESTAMP, BODY) + " " + headers.get("webhook-signature");
        headers.put("webhook-signature", both);

        assertThat(new SignatureCheck(SECRET).check(headers, BYTES)).isEqualTo(Result.VALID);
        assertThat(new SignatureCheck(OTHER).check(headers, BYTES)).isEqualTo(Result.VALID);
    }

    /** Otherwise whoever can guess neither would pass by sending only one, and the other wrong. */
    @Test
    void bothSchemes_mustHoldWhereBothAreThere() {
        headers.put("x-webhook-signature", "sha256=" + "0".repeat(64));

        assertThat(new SignatureCheck(SECRET).check(headers, BYTES)).isEqualTo(Result.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1,", "v1", "v2,AAAA", "v1,null", "null", "v1a,AAAA"})
    void garbageInPlaceOfASignature_isInvalid(String signature) {
        headers.put("webhook-signature", signature);

        assertThat(new SignatureCheck(SECRET).check(headers, BYTES)).isEqualTo(Result.INVALID);
    }

    /** A receiver has the public half of a {@code whsk_} secret, and never the secret itself. */
    @Test
    void asymmetricSecret_isRefused() {
        assertThatThrownBy(() -> new SignatureCheck("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
