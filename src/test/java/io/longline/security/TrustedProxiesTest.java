package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8", "2001:db8::/32"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "192.0.2.1 | 203.0.113.9            | 192.0.2.1",
                "10.0.0.1  | 203.0.113.9            | 203.0.113.9",
                "10.0.0.1  | 203.0.113.9, 10.2.3.4  | 203.0.113.9",
                "10.0.0.1  | 1.1.1.1, 203.0.113.9   | 203.0.113.9",
                "10.0.0.1  | 203.0.113.9:4711       | 203.0.113.9",
                "10.0.0.1  | [2001:470::1]:80       | 2001:470:0:0:0:0:0:1",
                "10.0.0.1  | 2001:470::1            | 2001:470:0:0:0:0:0:1",
                "10.0.0.1  | ::ffff:203.0.113.9     | 203.0.113.9",
                "10.0.0.1  | 10.9.9.9               | 10.9.9.9",
                "10.0.0.1  | unknown                | 10.0.0.1",
                "10.0.0.1  | 1.1.1.1, evil          | 10.0.0.1",
                "10.0.0.1  | 1.1.1.1, x, 10.2.3.4   | 10.2.3.4",
                "10.0.0.1  | ''                     | 10.0.0.1",
                "10.0.0.1  | ','                    | 10.0.0.1",
                "10.0.0.1  | 1.1.1.0/24             | 10.0.0.1",
                "10.0.0.1  | 0x7f000001             | 10.0.0.1",
                "2001:db8:0:0:0:0:0:7 | 203.0.113.9 | 203.0.113.9"
            })
    void client_isTheLastAddressThatNoTrustedProxyHas(String peer, String forwarded, String client) {
        assertThat(PROXIES.client(peer, List.of(forwarded))).isEqualTo(client);
    }

    @Test
    void severalHeaders_areOneList() {
        assertThat(PROXIES.client("10.0.0.1", List.of("1.1.1.1", "203.0.113.9, 10.0.0.2")))
                .isEqualTo("203.0.113.9");
        assertThat(PROXIES.client("10.0.0.1", List.of())).isEqualTo("10.0.0.1");
    }

    @Test
    void nobodyIsTrustedUnlessNamed() {
        assertThat(TrustedProxies.of(List.of()).client("127.0.0.1", List.of("1.1.1.1")))
                .isEqualTo("127.0.0.1");
    }
}
