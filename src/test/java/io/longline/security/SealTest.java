package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S9: what is sealed opens with its key at its place, and nowhere else. */
class SealTest {
    private static final MasterKey ONE = key(1);
    private static final MasterKey TWO = key(2);

    private static MasterKey key(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return MasterKey.parse(Base64.getEncoder().encodeToString(bytes)).orElseThrow();
    }

    private static Seal seal(MasterKey current, MasterKey... earlier) {
        return new Seal(current, List.of(earlier), new Random(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "§", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ünïcödé ☂", "sealed:0:x"})
    void sealedText_opensAtItsPlace_andShowsNothing(String plain) {
        String sealed = seal(ONE).seal(plain, "here");

        assertThat(sealed).matches("sealed:1:[0-9a-f]{8}:[A-Za-z0-9_-]+").contains(ONE.id());
        assertThat(plain.isEmpty() || !sealed.contains(plain)).isTrue();
        assertThat(seal(ONE).open(sealed, "here")).isEqualTo(plain);
    }

    @Test
    void sameText_isSealedOtherwiseEachTime() {
        Seal seal = seal(ONE);
        Set<String> sealed = new HashSet<>();

        for (int count = 0; count < 1_000; count++) {
            sealed.add(seal.seal("the same", "here"));
        }

        assertThat(sealed).hasSize(1_000);
    }

    @Test
    void textMovedOrChanged_doesNotOpen() {
        String sealed = seal(ONE).seal("secret", "webhook a secret");

        assertThatThrownBy(() -> seal(ONE).open(sealed, "webhook b secret"))
                .isInstanceOf(Seal.BrokenSealException.class);
        for (int place = "sealed:1:12345678:".length(); place < sealed.length() - 1; place++) {
            char other = sealed.charAt(place) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, place) + other + sealed.substring(place + 1);

            assertThatThrownBy(() -> seal(ONE).open(changed, "webhook a secret"))
                    .as(changed)
                    .isInstanceOf(Seal.BrokenSealException.class);
        }
        for (String cut :
                List.of("sealed:1:", "sealed:1:" + ONE.id() + ":", "sealed:1:" + ONE.id() + ":AAAA", "sealed:1:x")) {
            assertThatThrownBy(() -> seal(ONE).open(cut, "here")).isInstanceOf(Seal.BrokenSealException.class);
        }
    }

    @Test
    void earlierKeys_openAndNoOthersDo() {
        String sealed = seal(ONE).seal("secret", "here");

        assertThat(seal(TWO, ONE).open(sealed, "here")).isEqualTo("secret");
        assertThat(seal(TWO, ONE).seal("secret", "here")).contains(TWO.id());
        assertThatThrownBy(() -> seal(TWO).open(sealed, "here"))
                .isInstanceOf(Seal.BrokenSealException.class)
                .hasMessageContaining(ONE.id());
    }

    @Test
    void withoutAKey_nothingIsSealed_andPlainTextStaysAsItIs() {
        Seal none = new Seal(null, List.of(), new Random(1));

        assertThat(none.seal("secret", "here")).isEqualTo("secret");
        assertThat(seal(ONE).open("secret", "here")).isEqualTo("secret");
        assertThat(none.isOn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "c2hvcnQ=", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="})
    void whatIsNoKey_isNone(String text) {
        assertThat(MasterKey.parse(text)).isEmpty();
    }

    @Test
    void secretsAndHeaders_cannotPassForSealed() {
        assertThat(WebhookSecret.fault("sealed:1:x")).isPresent();
        assertThat(HeaderRules.fault("X-Shop", "sealed:1:x")).isPresent();
    }
}
