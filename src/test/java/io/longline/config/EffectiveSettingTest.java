package io.longline.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is shown of settings has nothing of a secret. */
class EffectiveSettingTest {
    @Test
    void passwordsInUrls_areMasked_andWhoSetItIsSaid() {
        Settings settings = SettingsLoader.load(
                        Map.of(), Map.of("LONGLINE_DELIVERY_PROXY", "http://me:pass@proxy.example:3128"), null)
                .settings();

        EffectiveSetting proxy = settings.effective().stream()
                .filter(each -> each.key().equals("delivery.proxy"))
                .findFirst()
                .orElseThrow();

        assertThat(proxy.value()).isEqualTo("http://me:********@proxy.example:3128");
        assertThat(proxy.origin()).isEqualTo("LONGLINE_DELIVERY_PROXY");
        assertThat(proxy.defaultValue()).isEqualTo("none");
    }

    @Test
    void hashesOfKeys_areMasked() {
        String hash = "0a".repeat(32);

        assertThat(SettingsLoader.load(Map.of("auth.keys", hash), Map.of(), null)
                        .settings()
                        .effective())
                .noneMatch(each -> each.toString().contains(hash));
    }
}
