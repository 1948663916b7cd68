package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.model.SourceScheme.Algorithm;
import io.longline.model.SourceScheme.Encoding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S17: the vectors that providers publish, and others made with openssl. */
class InboundSignatureTest {
    private static final String SLACK_BODY = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text="
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    /** A call as its third party makes it. */
    private record Signed(
            SourceKind kind, SourceScheme scheme, String secret, Map<String, String> headers, String body, long at) {
        boolean holds() {
            return holds(headers, body, Instant.ofEpochSecond(at));
        }

        boolean holds(Map<String, String> sent, String text, Instant now) {
            Source source = new Source(new SourceId("src_x"), "default", "x", kind, secret, "x", scheme, Instant.EPOCH);
            Map<String, String> lower = new HashMap<>();
            sent.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
            return InboundSignature.holds(
                    source,
                    name -> lower.get(name.toLowerCase(Locale.ROOT)),
                    text.getBytes(StandardCharsets.UTF_8),
                    now);
        }

        @Override
        public String toString() {
            return kind.text() + " " + scheme.algorithm().text() + " "
                    + scheme.encoding().text();
        }
    }

    private static Signed of(SourceKind kind, String secret, String body, long at, String... headers) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int index = 0; index < headers.length; index += 2) {
            named.put(headers[index], headers[index + 1]);
        }
        return new Signed(kind, SourceScheme.OF_ITS_KIND, secret, named, body, at);
    }

    private static Signed hmac(Algorithm algorithm, Encoding encoding, String prefix, String signature) {
        SourceScheme scheme = new SourceScheme("X-Sum", algorithm, encoding, prefix, null, null);
        return new Signed(
                SourceKind.HMAC, scheme, "a shared secret", Map.of("X-Sum", prefix + signature), "{\"a\":1}", 0);
    }

    static Stream<Arguments> calls() {
        SourceScheme token = new SourceScheme("Authorization", Algorithm.SHA256, Encoding.HEX, "", null, null);
        return Stream.of(
                        of(
                                SourceKind.GITHUB,
                                "It's a Secret to Everybody",
                                "Hello, World!",
                                0,
                                "X-Hub-Signature-256",
                                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
                        of(
                                SourceKind.STANDARD,
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "{\"test\": 2432232314}",
                                1_614_265_330,
                                "webhook-id",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                "webhook-timestamp",
                                "1614265330",
                                "webhook-signature",
                                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
                        of(
                                SourceKind.SLACK,
                                "8f742231b10e8888abcd99yyyzzz85a5",
                                SLACK_BODY,
                                1_531_420_618,
                                "X-Slack-Request-Timestamp",
                                "1531420618",
                                "X-Slack-Signature",
                                "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
                        of(
                                SourceKind.STRIPE,
                                "whsec_test_secret",
                                "{\"id\":\"evt_1\"}",
                                1_492_774_577,
                                "Stripe-Signature",
                                "t=1492774577,v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f,v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"),
                        of(
                                SourceKind.SHOPIFY,
                                "hush-hush",
                                "{\"a\":1}",
                                0,
                                "X-Shopify-Hmac-Sha256",
                                "Tq9clEEEDE05D5Vu6Q3NkfjhtTt2ED+9uZyxf29GxAw="),
                        of(SourceKind.GITLAB, "gitlab-token", "{}", 0, "X-Gitlab-Token", "gitlab-token"),
                        new Signed(
                                SourceKind.TOKEN,
                                token,
                                "Bearer some-token",
                                Map.of("Authorization", "Bearer some-token"),
                                "{}",
                                0),
                        hmac(
                                Algorithm.SHA256,
                                Encoding.HEX,
                                "",
                                "8354d66c0699d9e26264070c9e2f5b4b533c9931a7576e72e95f414e7c8520d6"),
                        hmac(
                                Algorithm.SHA256,
                                Encoding.BASE64,
                                "sha256=",
                                "g1TWbAaZ2eJiZAcMni9bS1M8mTGnV25y6V9BTnyFINY="),
                        hmac(Algorithm.SHA1, Encoding.HEX, "sha1=", "9f0783677725cd88b4f04a3904c56b92c16fcbe0"),
                        hmac(
                                Algorithm.SHA512,
                                Encoding.BASE64,
                                "v1:",
                                "p0KVVPu60pK5Uyee3kikTXYaVYOvQx98uMiMDqCCpyw+4BCSyppIe6lTYmBKNfRNE2iWWAv8QvC258dqg1dL1g=="))
                .map(Arguments::of);
    }

    static Stream<Arguments> callsThatSignTheirBody() {
        return calls().filter(call -> !((Signed) call.get()[0]).kind().text().matches("gitlab|token"));
    }

    static Stream<Arguments> callsThatSignTheirTime() {
        return calls().filter(call -> ((Signed) call.get()[0]).at() > 0);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void s17_publishedVector_holds(Signed call) {
        assertThat(call.holds()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("callsThatSignTheirBody")
    void s17_changedBody_doesNotHold(Signed call) {
        assertThat(call.holds(call.headers(), call.body() + " ", Instant.ofEpochSecond(call.at())))
                .isFalse();
        assertThat(call.holds(call.headers(), "", Instant.ofEpochSecond(call.at())))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void s17_anyHeaderMissingEmptyOrChanged_doesNotHold(Signed call) {
        Instant now = Instant.ofEpochSecond(call.at());
        for (String name : call.headers().keySet()) {
            String value = call.headers().get(name);
            Map<String, String> without = new HashMap<>(call.headers());
            without.remove(name);
            assertThat(call.holds(without, call.body(), now)).as("no " + name).isFalse();
            char wrong = value.charAt(6) == '0' ? '1' : '0';
            for (String other : new String[] {
                "",
                " ",
                "=",
                ",",
                value.substring(1),
                value.substring(0, 6) + wrong + value.substring(7),
                "sha256=zz",
                "v1,!",
                "v0=",
                "t=,v1="
            }) {
                Map<String, String> changed = new HashMap<>(call.headers());
                changed.put(name, other);
                assertThat(call.holds(changed, call.body(), now))
                        .as(name + ": " + other)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void s17_anotherSecret_doesNotHold(Signed call) {
        String other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

        assertThat(new Signed(call.kind(), call.scheme(), other, call.headers(), call.body(), call.at()).holds())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("callsThatSignTheirTime")
    void s17_whatWasSignedMoreThanFiveMinutesAway_doesNotHold(Signed call) {
        for (long seconds : new long[] {-300, 300}) {
            Instant edge = Instant.ofEpochSecond(call.at() + seconds);
            assertThat(call.holds(call.headers(), call.body(), edge)).isTrue();
            assertThat(call.holds(call.headers(), call.body(), edge.plusMillis(Long.signum(seconds))))
                    .isFalse();
        }
    }

    @Test
    void s17_severalSignatures_oneThatHoldsIsEnough() {
        String good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        Signed call = (Signed) calls().skip(1).findFirst().orElseThrow().get()[0];
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.put("webhook-signature", "v1a,AAAA v1,AAAA " + good + " v2,x");
        Instant now = Instant.ofEpochSecond(call.at());

        assertThat(call.holds(headers, call.body(), now)).isTrue();
        headers.put("webhook-signature", good.replace("v1,", "v2,"));
        assertThat(call.holds(headers, call.body(), now)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1531420618", "+1531420618", "1531420618.0", "99999999999999999999", "now", "1531420618 "})
    void s17_timesThatAreNone_doNotHold(String time) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("a shared secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] sum = mac.doFinal(("v0:" + time + ":{}").getBytes(StandardCharsets.UTF_8));
        String signature = "v0=" + HexFormat.of().formatHex(sum);

        assertThat(of(
                                SourceKind.SLACK,
                                "a shared secret",
                                "{}",
                                1_531_420_618,
                                "X-Slack-Request-Timestamp",
                                time,
                                "X-Slack-Signature",
                                signature)
                        .holds())
                .isFalse();
    }

    @Test
    void secrets_areJudgedByKind() {
        assertThat(InboundSecret.fault(SourceKind.GITHUB, "It's a Secret to Everybody"))
                .isEmpty();
        assertThat(InboundSecret.fault(SourceKind.STRIPE, "whsec_not-base64!")).isEmpty();
        assertThat(InboundSecret.fault(SourceKind.STANDARD, "whsec_not-base64!"))
                .isPresent();
        assertThat(InboundSecret.fault(SourceKind.STANDARD, "whpk_AAAAAAAA")).isPresent();
        assertThat(InboundSecret.fault(SourceKind.TOKEN, "with-ümlaut")).isPresent();
        assertThat(InboundSecret.fault(SourceKind.GITLAB, " spaced-out ")).isPresent();
        assertThat(InboundSecret.fault(SourceKind.HMAC, "1234567")).isPresent();
        assertThat(InboundSecret.fault(SourceKind.HMAC, "12345678\n")).isPresent();
        assertThat(InboundSecret.fault(SourceKind.HMAC, "sealed:1:00000000:AAAA"))
                .isPresent();
    }
}
