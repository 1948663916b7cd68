package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    private static final AddressGuard GUARD = AddressGuard.blockingSpecialPurpose(List.of());

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example.com/orders, true, hooks.example.com, 443, /orders",
        "http://example.com, false, example.com, 80, /",
        "http://example.com?a=1, false, example.com, 80, /?a=1",
        "HTTPS://Example.COM:8443/a%20b?c=d%26e, true, Example.COM, 8443, /a%20b?c=d%26e",
        "http://localhost:9000/hook, false, localhost, 9000, /hook",
        "http://LOCALHOST, false, LOCALHOST, 80, /",
        "http://localhost./, false, localhost., 80, /",
        "http://192.0.2.1:65535/, false, 192.0.2.1, 65535, /",
        "http://[2001:db8::1]:8080/x, false, 2001:db8::1, 8080, /x",
        "https://xn--bcher-kva.example/, true, xn--bcher-kva.example, 443, /",
        "http://my_service/, false, my_service, 80, /",
        "http://1-800-flowers.example/, false, 1-800-flowers.example, 80, /",
        "http://3com/, false, 3com, 80, /"
    })
    void url_isTakenApart(String url, boolean tls, String host, int port, String requestUri) {
        assertThat(Destination.fault(url)).isEmpty();

        assertThat(Destination.of(url)).isEqualTo(new Destination(tls, host, port, requestUri));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0X7F.1/",
                "http://0x7f.1/",
                "http://0x/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://0177.0.0.01/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://127.0.0.0x1/",
                "http://0/",
                "http://1.2.3.4.5/",
                "http://256.0.0.1/",
                "http://00.0.0.0/",
                "http://good.example.0x7f/",
                "http://good.example.1/",
                "http://good.example.1./"
            })
    void s3_aHostThatLooksLikeANumberButIsNoCanonicalQuad_isRefused(String url) {
        assertThat(Destination.fault(url))
                .hasValueSatisfying(fault -> assertThat(fault).contains("four decimal numbers"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Full-width, circled and Arabic digits, an ideographic stop, a soft hyphen, a zero-width space.
                "http://１２７.0.0.1/",
                "http://①②⑦.⓪.⓪.①/",
                "http://١٢٧.0.0.1/",
                "http://127。0。0。1/",
                "http://loc\u00adalhost/",
                "http://local\u200bhost/",
                "http://ⓛocalhost/",
                "http://bücher.example/",
                "http://127%2e0.0.1/",
                "http://%31%32%37.0.0.1/",
                "http://localhost%00.good.example/",
                "http://%6c%6fcalhost/"
            })
    void s3_aHostThatParsersMayDecode_isRefused(String url) {
        assertThat(Destination.fault(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a@127.0.0.1/",
                "http://a:b@good.example/",
                "http://@good.example/",
                "http://good.example@127.0.0.1/",
                "http://127.0.0.1#@good.example/",
                "http://good.example/#top",
                "http://good.example\\@127.0.0.1/",
                "http:\\\\127.0.0.1/",
                "http://127.0.0.1\\.good.example/",
                "http://good.example\t/",
                "http://good.\nexample/",
                "http://good.example/\r\nHost: evil",
                " http://good.example/",
                "http://good.example/ ",
                "http://good .example/",
                "http://good.example,evil.example/",
                "http://good.example;evil.example/"
            })
    void s3_aUrlThatParsersTakeApartDifferently_isRefused(String url) {
        assertThat(Destination.fault(url)).isPresent();
    }

    /** These spellings are canonical enough to be taken; it is the guard that keeps them from being reached. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://[::ffff:7f00:1]/",
                "http://[0:0:0:0:0:ffff:127.0.0.1]/",
                "http://[::127.0.0.1]/",
                "http://[::1]/",
                "http://[::]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://127.0.0.1/",
                "http://169.254.169.254/latest/meta-data/"
            })
    void s3_literalsOfAPrivateAddress_areLeftToTheGuard(String url) throws UnknownHostException {
        assertThat(Destination.fault(url)).isEmpty();

        InetAddress address = InetAddress.getByName(Destination.of(url).hostInUrl());

        assertThat(GUARD.isBlocked(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://[::ffff:0177.0.0.1]/",
                "http://[::ffff:127.0.0.01]/",
                "http://[::ffff:127.1]/",
                "http://[::ffff:0x7f.0.0.1]/",
                "http://[fe80::1%eth0]/",
                "http://[fe80::1%251]/",
                "http://[::1/64]/",
                "http://[1::2::3]/",
                "http://[::12345]/",
                "http://[v1.a]/",
                "http://[localhost]/",
                "http://[127.0.0.1]/",
                "http://[]/",
                "http://[::1]x/",
                "http://::1/",
                "http://[::1/"
            })
    void s3_brackets_holdOnePlainIpv6Address(String url) {
        assertThat(Destination.fault(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "good.example",
                "//good.example/",
                "/path",
                "ftp://good.example/",
                "file:///etc/passwd",
                "gopher://good.example/",
                "javascript:alert(1)",
                "http:",
                "http:/",
                "http://",
                "http:///path",
                "http:good.example",
                "http://.../",
                "http://-good.example/",
                "http://good.example-/",
                "http://*.good.example/"
            })
    void s4_anythingButHttpAndHttpsToAHost_isRefused(String url) {
        assertThat(Destination.fault(url)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ":0", ":65536", ":99999", ":-1", ":+80", ":80a", ":80:80", ":0x50", ":８０"})
    void port_isBetween1And65535(String port) {
        assertThat(Destination.fault("http://good.example" + port + "/")).isPresent();
        assertThat(Destination.fault("http://[2001:db8::1]" + port + "/")).isPresent();
    }

    @Test
    void url_mayHave2048Characters() {
        String url = "http://good.example/";

        assertThat(Destination.fault(url + "a".repeat(2_048 - url.length()))).isEmpty();
        assertThat(Destination.fault(url + "a".repeat(2_049 - url.length()))).isPresent();
    }

    @Test
    void hostInUrl_bracketsAnIpv6Address() {
        assertThat(Destination.of("http://[2001:db8::1]/").hostInUrl()).isEqualTo("[2001:db8::1]");
        assertThat(Destination.of("http://good.example/").hostInUrl()).isEqualTo("good.example");
    }

    @Test
    void defaultPort_isTheSchemesOwn() {
        assertThat(Destination.of("http://good.example:80/").hasDefaultPort()).isTrue();
        assertThat(Destination.of("https://good.example:443/").hasDefaultPort()).isTrue();
        assertThat(Destination.of("https://good.example:80/").hasDefaultPort()).isFalse();
    }

    /** Loopback in every base, number of parts and mix of cases: either refused, or it is the one canonical spelling. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void s3_generatedSpellingsOfAnIpv4Address_areRefusedUnlessCanonical(long seed) {
        Random chance = new Random(seed);

        for (int round = 0; round < 5_000; round++) {
            int[] octets = {127, chance.nextInt(256), chance.nextInt(256), chance.nextInt(256)};
            String spelled = spelling(octets, chance);
            boolean canonical = spelled.equals(octets[0] + "." + octets[1] + "." + octets[2] + "." + octets[3]);

            assertThat(Destination.fault("http://" + spelled + "/").isEmpty())
                    .as(spelled)
                    .isEqualTo(canonical);
        }
    }

    private static String spelling(int[] octets, Random chance) {
        int parts = 1 + chance.nextInt(4);
        StringBuilder text = new StringBuilder();
        for (int part = 0; part < parts; part++) {
            long value = octets[part];
            for (int rest = part + 1; part == parts - 1 && rest < 4; rest++) {
                value = (value << 8) | octets[rest];
            }
            text.append(part == 0 ? "" : ".").append(number(value, chance));
        }
        return text.append(chance.nextInt(8) == 0 ? "." : "").toString();
    }

    private static String number(long value, Random chance) {
        return switch (chance.nextInt(6)) {
            case 0 -> "0" + Long.toOctalString(value);
            case 1 -> "0x" + Long.toHexString(value);
            case 2 -> "0X00" + Long.toHexString(value).toUpperCase(Locale.ROOT);
            default -> Long.toString(value);
        };
    }
}
