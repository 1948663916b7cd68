package io.longline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.cli.SignatureDiagnosis.Finding;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.security.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureDiagnosisTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String BODY =
            "{\"id\":\"evt_1\",\"event\":\"order.created\",\"data\":{\"url\":\"https://a/b\",\"n\":1.10},\"metadata\":{}}";
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private static Map<String, String> signed(String body) {
        Signer signer = Signer.of(SigningSecrets.of(SECRET), NOW);
        Payload payload = Payload.of(body.getBytes(StandardCharsets.UTF_8));
        Map<String, String> headers = new HashMap<>();
        headers.put("webhook-id", "evt_1");
        headers.put("webhook-timestamp", Long.toString(NOW.getEpochSecond()));
        headers.put("webhook-signature", signer.standardSignature("evt_1", NOW, payload));
        headers.put("x-webhook-signature", signer.bodySignature(payload));
        return headers;
    }

    private static Finding find(Map<String, String> headers, String body, String secret) {
        return new SignatureDiagnosis(headers, body.getBytes(StandardCharsets.UTF_8), secret).find(NOW, FIVE_MINUTES);
    }

    @Test
    void whatWasSent_isValid() {
        assertThat(find(signed(BODY), BODY, SECRET)).isEqualTo(new Finding(true, "valid", "the signature is valid"));
    }

    @ParameterizedTest
    @CsvSource({"301, old", "-301, ahead"})
    void anOldTimestamp_isSaidToBeOld(long seconds, String how) {
        SignatureDiagnosis diagnosis =
                new SignatureDiagnosis(signed(BODY), BODY.getBytes(StandardCharsets.UTF_8), SECRET);

        Finding found = diagnosis.find(NOW.plusSeconds(seconds), FIVE_MINUTES);

        assertThat(found.cause()).isEqualTo("old_timestamp");
        assertThat(found.why()).contains("301 s", how);
        assertThat(diagnosis.find(NOW.plusSeconds(seconds), Duration.ZERO).valid())
                .isTrue();
    }

    @Test
    void theSecret_inAnotherForm_isNamed() {
        assertThat(find(signed(BODY), BODY, SECRET + "\n").why()).contains("line end");
        assertThat(find(signed(BODY), BODY, "\"" + SECRET + "\"").why()).contains("quotes");
        assertThat(find(signed(BODY), BODY, SECRET.substring(6)).why()).contains("lacks whsec_");
        assertThat(find(signed(BODY), BODY, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                        .cause())
                .isEqualTo("wrong_secret");
    }

    @Test
    void jsonThatWasSerialisedAgain_isFoundOut() {
        String pretty = BODY.replace("{", "{\n  ").replace(",\"", ",\n  \"").replace("\":", "\": ");
        String slashes = BODY.replace("/", "\\/");

        assertThat(find(signed(BODY), pretty, SECRET).cause()).isEqualTo("reserialised_json");
        assertThat(find(signed(BODY), slashes, SECRET).cause()).isEqualTo("reserialised_json");
        assertThat(find(signed(BODY.replace("order", "é")), BODY.replace("order", "\\u00e9"), SECRET)
                        .cause())
                .isEqualTo("reserialised_json");
        assertThat(find(signed(BODY), pretty, SECRET).why()).doesNotContain(SECRET);
    }

    @Test
    void aBodyThatWasChanged_isFoundOut() {
        assertThat(find(signed(BODY), BODY + "\n", SECRET).why()).contains("a line end was added");
        assertThat(find(signed(BODY), BODY.substring(0, 40), SECRET).cause()).isEqualTo("changed_body");
        assertThat(find(signed(BODY), BODY.replace("evt_1", "evt_2"), SECRET).why())
                .contains("another event's");
    }

    @Test
    void headersThatWereChanged_areFoundOut() {
        Map<String, String> later = signed(BODY);
        later.put("webhook-timestamp", Long.toString(NOW.getEpochSecond() + 1));
        Map<String, String> none = new HashMap<>(Map.of("webhook-id", "evt_1"));

        assertThat(find(later, BODY, SECRET).cause()).isEqualTo("changed_header");
        assertThat(find(none, BODY, SECRET).cause()).isEqualTo("missing");
    }
}
