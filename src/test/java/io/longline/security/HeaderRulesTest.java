package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"X-Shop", "Authorization", "x_team", "Accept", "X-Api-Key", "webhooks", "X-Hub-Signature", "a"})
    void ordinaryHeader_mayBeSet(String name) {
        assertThat(HeaderRules.fault(name, "north 42; \"q\"=é")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "Content-Length",
                "Content-Type",
                "User-Agent",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Expect",
                "webhook-id",
                "webhook-timestamp",
                "webhook-signature",
                "Webhook-Anything",
                "X-Webhook-Signature",
                "X-Webhook-Event",
                "x-webhook-anything"
            })
    void s5_headersOfTheConnectionAndTheSignature_cannotBeSetInAnySpelling(String name) {
        assertThat(HeaderRules.fault(name, "x")).isPresent();
        assertThat(HeaderRules.fault(name.toLowerCase(Locale.ROOT), "x")).isPresent();
        assertThat(HeaderRules.fault(name.toUpperCase(Locale.ROOT), "x")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "X Shop",
                "X-Shop ",
                " X-Shop",
                "X-Shop:",
                "X-Shop\r\nHost",
                "X-Shop\n",
                "X\u0000",
                "Ünder",
                // The Kelvin sign, whose lower case is an ordinary k.
                "\u212Aeep-Alive",
                "Host "
            })
    void s5_aNameThatIsNoToken_isRefused(String name) {
        assertThat(HeaderRules.fault(name, "x")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nHost: evil", "a\u0000b", "a\u007f", "a\u0085b", "1 €", "日本", "😀"})
    void s5_aValueWithControlCharactersOrBeyondLatin1_isRefused(String value) {
        assertThat(HeaderRules.fault("X-Shop", value)).isPresent();
    }

    @Test
    void s5_everyCharacterIsJudgedAsLatin1Says() {
        assertThat(IntStream.rangeClosed(0, 0x17F)).allSatisfy(character -> {
            boolean printable = character == '\t'
                    || (character >= 0x20 && character <= 0x7E)
                    || (character >= 0xA0 && character <= 0xFF);
            assertThat(HeaderRules.fault("X-Shop", Character.toString(character))
                            .isEmpty())
                    .isEqualTo(printable);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "authorization",
                "X-API-Key",
                "X-Auth",
                "X-Access-Token",
                "Cookie",
                "Set-Cookie",
                "X-Shared-Secret",
                "X-Password",
                "X-Credential",
                "X-Session-Id"
            })
    void headersThatCarrySecrets_areKnownAsSuch(String name) {
        assertThat(HeaderRules.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "X-Shop", "Date", "webhook-id", "Retry-After"})
    void ordinaryHeaders_areShownAsTheyAre(String name) {
        assertThat(HeaderRules.isSecret(name)).isFalse();
    }
}
