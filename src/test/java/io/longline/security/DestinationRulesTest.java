package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator lets deliveries reach: S4. */
class DestinationRulesTest {
    private static DestinationRules rules(String... keysAndValues) {
        Map<String, String> flags = new HashMap<>();
        for (int index = 0; index < keysAndValues.length; index += 2) {
            flags.put("delivery." + keysAndValues[index], keysAndValues[index + 1]);
        }
        var loaded = SettingsLoader.load(flags, Map.of(), null);
        assertThat(loaded.faults()).isEmpty();
        return loaded.settings().delivery().rules();
    }

    private static boolean mayBeNamed(DestinationRules rules, String url) {
        assertThat(Destination.fault(url)).isEmpty();
        return rules.fault(Destination.of(url)).isEmpty();
    }

    private static boolean isBlocked(DestinationRules rules, String url, String... addresses)
            throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByName(address));
        }
        return rules.isBlocked(Destination.of(url), found);
    }

    @Test
    void httpsOnly_refusesHttp() {
        DestinationRules rules = rules("https_only", "true");

        assertThat(mayBeNamed(rules, "https://a.example/")).isTrue();
        assertThat(mayBeNamed(rules, "http://a.example/")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/, true",
        "https://a.example:8000/, true",
        "https://a.example:8999/, true",
        "https://a.example:9000/, false",
        "https://a.example:7999/, false",
        "http://a.example/, false",
        "http://192.0.2.1:22/, false"
    })
    void ports_areThoseNamed(String url, boolean fits) {
        assertThat(mayBeNamed(rules("ports", "443,8000-8999"), url)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "http://corp.example/, true",
        "http://a.corp.example/, false",
        "http://A.CORP.EXAMPLE./, false",
        "http://a.b.corp.example/, false",
        "http://xcorp.example/, true",
        "http://wiki.example/, false",
        "http://wiki.example.org/, true"
    })
    void deniedName_isRefused(String url, boolean fits) {
        assertThat(mayBeNamed(rules("deny", "*.corp.example, wiki.example"), url))
                .isEqualTo(fits);
    }

    @Test
    void deniedRange_isBlocked_whateverElseIsAllowed_andWhateverCarriesIt() throws UnknownHostException {
        DestinationRules rules = rules("deny", "198.51.100.0/24,2a00::/16", "allow_private_networks", "all");

        for (String address : List.of("198.51.100.7", "::ffff:198.51.100.7", "64:ff9b::c633:6407", "2a00::1")) {
            assertThat(isBlocked(rules, "http://a.example/", address))
                    .as(address)
                    .isTrue();
        }
        assertThat(isBlocked(rules, "http://a.example/", "198.51.101.7")).isFalse();
        assertThat(isBlocked(rules, "http://a.example/", "198.51.101.7", "198.51.100.1"))
                .isTrue();
    }

    @Test
    void allowOnly_isTheNamesAndRangesNamed() throws UnknownHostException {
        DestinationRules rules = rules("allow_only", "*.good.example,8.8.0.0/16", "allow_private_networks", "none");

        assertThat(isBlocked(rules, "http://a.good.example/", "1.1.1.1")).isFalse();
        assertThat(isBlocked(rules, "http://a.good.example/", "10.0.0.1"))
                .as("private all the same")
                .isTrue();
        assertThat(isBlocked(rules, "http://other.example/", "1.1.1.1")).isTrue();
        assertThat(isBlocked(rules, "http://other.example/", "8.8.4.4")).isFalse();
        assertThat(isBlocked(rules, "http://other.example/", "8.8.4.4", "1.1.1.1"))
                .isTrue();
        assertThat(isBlocked(rules, "http://8.8.4.4/", "8.8.4.4")).isFalse();
    }

    @Test
    void allowOnly_ofNamesAlone_refusesOthersWhenTheyAreRegistered() {
        DestinationRules rules = rules("allow_only", "hooks.good.example");

        assertThat(mayBeNamed(rules, "http://hooks.good.example/")).isTrue();
        assertThat(mayBeNamed(rules, "http://hooks.good.example.evil.example/")).isFalse();
        assertThat(mayBeNamed(rules, "http://good.example/")).isFalse();
    }

    @Test
    void aNameWithoutAddresses_isBlocked() throws UnknownHostException {
        assertThat(isBlocked(rules(), "http://a.example/")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://a.localhost/",
                "http://LOCALHOST./",
                "http://metadata.google.internal/"
            })
    void behindAProxy_namesOfThisMachineAndOfMetadataAreBlocked(String url) {
        assertThat(rules("allow_private_networks", "none").isBlockedByName(Destination.of(url)))
                .isTrue();
        assertThat(rules("allow_private_networks", "all").isBlockedByName(Destination.of(url)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "delivery.ports, 0",
        "delivery.ports, 80-70",
        "delivery.ports, 70000",
        "delivery.ports, http",
        "delivery.deny, 'a b'",
        "delivery.deny, 10.0.0.0/33",
        "delivery.deny, a.*.example",
        "delivery.allow_only, 127.1",
        "delivery.proxy, https://proxy:3128",
        "delivery.proxy, http://proxy",
        "delivery.proxy, http://user@proxy:3128",
        "delivery.proxy, http://user:s3cret@proxy:3128/path"
    })
    void settingThatCannotBe_isNamed_withoutTheProxysPassword(String key, String value) {
        assertThat(SettingsLoader.load(Map.of(key, value), Map.of(), null).faults())
                .singleElement()
                .asString()
                .startsWith(key)
                .doesNotContain("s3cret");
    }

    @Test
    void proxy_isReadWithItsUser_andShownWithoutThePassword() {
        ProxyAddress proxy = ProxyAddress.parse("http://long%40line:p%3Aw+1@[2001:db8::1]:3128")
                .orElseThrow();

        assertThat(proxy).isEqualTo(new ProxyAddress("2001:db8::1", 3_128, "long@line", "p:w+1"));
        assertThat(proxy.toString()).doesNotContain("p:w");
        assertThat(SettingsLoader.load(Map.of("delivery.proxy", "http://u:s3cret@p:1"), Map.of(), null)
                        .settings()
                        .toString())
                .doesNotContain("s3cret");
    }
}
