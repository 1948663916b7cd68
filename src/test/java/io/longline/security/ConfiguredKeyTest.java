package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader;
import io.longline.model.ApiKey;
import io.longline.model.Grants;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredKeyTest {
    private static final String HASH = KeySecret.hashText("llk_x");

    @Test
    void hashAlone_isAKeyForEverything() {
        ApiKey key = ConfiguredKey.of(HASH);

        assertThat(ConfiguredKey.fault(HASH)).isEmpty();
        assertThat(key.grants()).isEqualTo(Grants.ALL);
        assertThat(key.id().value()).isEqualTo("settings:" + HASH.substring(0, 8));
    }

    @Test
    void scopesBeforeIt_limitIt() {
        assertThat(ConfiguredKey.of("publish+tenant:acme=" + HASH).grants())
                .isEqualTo(Grants.of(List.of("publish", "tenant:acme")));
    }

    /** Whoever puts the key itself into the settings does not read it in the log. */
    @ParameterizedTest
    @ValueSource(strings = {"llk_s3cret", "=HASH", "root=HASH", "admin=llk_s3cret", "admin,read=HASH", "HASH0"})
    void whatIsNoEntry_isRefusedWithoutRepeatingIt(String text) {
        String entry = text.replace("HASH", HASH);

        assertThat(SettingsLoader.load(Map.of("auth.keys", entry), Map.of(), null)
                        .faults())
                .isNotEmpty()
                .allSatisfy(fault ->
                        assertThat(fault).startsWith("each of auth.keys").doesNotContain("s3cret"));
    }

    @Test
    void keyMade_has256RandomBits() {
        assertThat(KeySecret.generate(new SecureRandom())).matches("llk_[A-Za-z0-9_-]{43}");
        assertThat(KeySecret.hint("llk_abcdefgh")).isEqualTo("efgh");
    }
}
