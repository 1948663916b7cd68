package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningSecretsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant OVERLAP_END = NOW.plusSeconds(3_600);

    @Test
    void noSecret_signsNothingAndHasNoHint() {
        SigningSecrets secrets = SigningSecrets.of(null);

        assertThat(secrets.live(NOW)).isEmpty();
        assertThat(secrets.hint()).isNull();
    }

    @Test
    void rotation_keepsBothAliveNewestFirstUntilTheOverlapEnds() {
        SigningSecrets rotated = SigningSecrets.of("first secret").rotate("second secret", OVERLAP_END);

        assertThat(rotated.live(NOW)).containsExactly("second secret", "first secret");
        assertThat(rotated.live(OVERLAP_END.minusMillis(1))).containsExactly("second secret", "first secret");
    }

    @Test
    void s10_anExpiredSecretNeverSigns() {
        SigningSecrets rotated = SigningSecrets.of("first secret").rotate("second secret", OVERLAP_END);

        assertThat(rotated.live(OVERLAP_END)).containsExactly("second secret");
        assertThat(rotated.live(OVERLAP_END.plusSeconds(1))).containsExactly("second secret");
    }

    @Test
    void s10_aSecondRotationWithinTheOverlapKeepsTheNewestTwo() {
        SigningSecrets rotated = SigningSecrets.of("first secret")
                .rotate("second secret", OVERLAP_END)
                .rotate("third secret", OVERLAP_END.plusSeconds(60));

        assertThat(rotated.live(NOW)).containsExactly("third secret", "second secret");
    }

    @Test
    void rotationOfAnUnsignedWebhook_hasNothingToOverlapWith() {
        SigningSecrets rotated = SigningSecrets.NONE.rotate("first secret", OVERLAP_END);

        assertThat(rotated).isEqualTo(SigningSecrets.of("first secret"));
    }

    @Test
    void hint_isTheLastFourCharactersOfTheNewest() {
        SigningSecrets rotated = SigningSecrets.of("whsec_b2xk").rotate("whsec_23p/z5oM0HfQo=", OVERLAP_END);

        assertThat(rotated.hint()).isEqualTo("fQo=");
    }

    /** A hint of four characters would be the whole of a secret that short. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "abc", "abcd", "abcde", "abcdefg"})
    void s9_theHintNeverShowsMoreThanHalfOfAShortSecret(String secret) {
        String hint = SigningSecrets.of(secret).hint();

        assertThat(secret).endsWith(hint);
        assertThat(hint.length() * 2).isLessThanOrEqualTo(secret.length());
    }

    @Test
    void s9_textForm_neverShowsASecret() {
        SigningSecrets rotated = SigningSecrets.of("first secret").rotate("second secret", OVERLAP_END);

        assertThat(rotated.toString()).doesNotContain("first", "second");
    }
}
