package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Poison is refused as the caller's fault, never answered as the server's (F16, S15), and nothing of it is stored. */
class MalformedEventTest {
    private static final String TRIGGER = "/api/events/trigger";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    private static Answer send(byte[] body) {
        return api().send("POST", TRIGGER, body, "Content-Type", "application/json");
    }

    @AfterAll
    static void nothingOfItWasStored() {
        assertThat(api().get("/api/events/recent?event=poison").each("id")).isEmpty();
        assertThat(api().get("/api/events/recent?event=system.error").each("id"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}x",
                "{\"event\":\"poison\",\"data\":1}{}",
                "{\"event\":\"poison\",\"data\":1},",
                "{\"event\":\"poison\",\"event\":\"poison\",\"data\":1}",
                "{\"event\":\"poison\",\"data\":{\"a\":1,\"\\u0061\":2}}",
                "{\"event\":\"poison\",\"data\":1,\"data\":2}",
                "{\"event\":\"poison\",\"data\":NaN}",
                "{\"event\":\"poison\",\"data\":Infinity}",
                "{\"event\":\"poison\",\"data\":-Infinity}",
                "{\"event\":\"poison\",\"data\":01}",
                "{\"event\":\"poison\",\"data\":1.}",
                "{\"event\":\"poison\",\"data\":.5}",
                "{\"event\":\"poison\",\"data\":+1}",
                "{\"event\":\"poison\",\"data\":0x1F}",
                "{\"event\":\"poison\",\"data\":tru}",
                "{\"event\":\"poison\",\"data\":'a'}",
                "{event:\"poison\",\"data\":1}",
                "{\"event\":\"poison\",\"data\":[1,]}",
                "{\"event\":\"poison\",\"data\":{\"a\":1,}}",
                "{\"event\":\"poison\",\"data\":\"\\ud800\"}",
                "{\"event\":\"poison\",\"data\":\"\\udc00\\ud800\"}",
                "{\"event\":\"poison\",\"data\":\"\\ud83dx\\ude00\"}",
                "{\"event\":\"poison\",\"data\":{\"\\uDBFF\":1}}",
                "{\"event\":\"\\ud800\",\"data\":1}",
                "{\"event\":\"poison\",\"data\":\"\\u12\"}",
                "{\"event\":\"poison\",\"data\":\"\\x\"}",
                "{\"event\":\"poison\",\"data\":\"a\nb\"}",
                "{\"event\":\"poison\",\"data\":\"open}",
                "{\"event\":\"poison\",\"data\":/*c*/1}",
                "{\"event\":\"poison\",\"data\":\"\\\\ud800\\udfff\"}"
            })
    void trigger_refusesWhatIsNotStrictJson(String body) {
        Answer answer = send(body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"})
    void trigger_refusesEveryEncodingButUtf8(String encoding) {
        Answer answer = send("{\"event\":\"poison\",\"data\":{\"a\":1}}".getBytes(Charset.forName(encoding)));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "c328", "eda080", "f4908080", "c080", "ff", "80", "e28281e282"})
    void trigger_refusesMalformedUtf8(String hex) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] start = "{\"event\":\"poison\",\"data\":\"".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[start.length + bad.length + 2];
        System.arraycopy(start, 0, body, 0, start.length);
        System.arraycopy(bad, 0, body, start.length, bad.length);
        body[body.length - 2] = '"';
        body[body.length - 1] = '}';

        assertThat(send(body).status()).isEqualTo(400);
    }

    @Test
    void trigger_refusesNestingBeyond64Levels() {
        String deep = "{\"event\":\"poison\",\"data\":" + "[".repeat(64) + "]".repeat(64) + "}";
        String endless = "{\"event\":\"poison\",\"data\":" + "{\"a\":".repeat(100_000);

        assertThat(api().post(TRIGGER, deep).status()).isEqualTo(400);
        assertThat(api().post(TRIGGER, endless).status()).isEqualTo(400);
    }

    @Test
    void trigger_refusesANumberOfMoreThanAThousandDigits() {
        Answer answer = api().post(TRIGGER, "{\"event\":\"poison\",\"data\":" + "9".repeat(1_001) + "}");

        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/event|{\"data\":1}",
                "/data|{\"event\":\"poison\"}",
                "/event|{\"event\":null,\"data\":1}",
                "/event|{\"event\":\"\",\"data\":1}",
                "/event|{\"event\":\" poison\",\"data\":1}",
                "/event|{\"event\":\"poison \",\"data\":1}",
                "/event|{\"event\":\"poi\\u0007son\",\"data\":1}",
                "/event|{\"event\":\"poison\\u0085\",\"data\":1}",
                "/event|{\"event\":\"poison.*\",\"data\":1}",
                "/event|{\"event\":\"*\",\"data\":1}",
                "/event|{\"event\":7,\"data\":1}",
                "/metadata|{\"event\":\"poison\",\"data\":1,\"metadata\":[]}",
                "/metadata|{\"event\":\"poison\",\"data\":1,\"metadata\":\"x\"}",
                "/tenant|{\"event\":\"poison\",\"data\":1,\"tenant\":\"a b\"}",
                "/tenant|{\"event\":\"poison\",\"data\":1,\"tenant\":5}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"yesterday\"}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":1700000000}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"2026-02-30T00:00:00Z\"}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"2026-01-31T12:00:00\"}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"2026-01-31T12:00Z\"}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"2026-01-31T12:00:00+01:00:30\"}",
                "/timestamp|{\"event\":\"poison\",\"data\":1,\"timestamp\":\"+10000-01-01T00:00:00Z\"}",
                "/id|{\"event\":\"poison\",\"data\":1,\"id\":\"evt_1\"}",
                "/a~1b|{\"event\":\"poison\",\"data\":1,\"a/b\":1}"
            })
    void trigger_namesTheFieldThatIsWrong(String pointer, String body) {
        Answer answer = api().post(TRIGGER, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly(pointer);
    }

    @Test
    void trigger_namesAllFaultsAtOnce() {
        Answer answer = api().post(TRIGGER, "{\"evnt\":1,\"metadata\":1,\"tenant\":\"\",\"timestamp\":\"\"}");

        assertThat(answer.pointers())
                .containsExactlyInAnyOrder("/event", "/data", "/evnt", "/metadata", "/tenant", "/timestamp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"poison\"", "7", "null", "true"})
    void trigger_refusesWhatIsNoObject(String body) {
        assertThat(api().post(TRIGGER, body).status()).isEqualTo(422);
    }

    @Test
    void chunks_thatCannotBeReadAreTheCallersFault() {
        Answer answer = RawHttp.exchange(
                SERVER.port(),
                "POST " + TRIGGER + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n");

        // Either no word at all, since the connection cannot be trusted any more, or a refusal.
        assertThat(answer.status()).isIn(0, 400);
    }

    /** A seeded storm of damaged bodies: each is accepted or refused, and none is the server's fault. */
    @Test
    void f16_damagedBodiesAreNeverTheServersFault() {
        Random random = new Random(20_261_123);
        String whole =
                "{\"event\":\"storm\",\"data\":{\"a\":[1.5e3,-0,\"\\ud83d\\ude00\u65e5\",null],\"b\":{\"c\":\"\\\\\"}},"
                        + "\"metadata\":{\"k\":true},\"tenant\":\"t\",\"timestamp\":\"2026-01-31T12:00:00Z\"}";
        String[] splices = {
            "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\\ud800", "1e", "-", "\0", "\ufeff", "null", "\n"
        };

        for (int round = 0; round < 1_500; round++) {
            byte[] body = damaged(whole, splices, random);

            Answer answer = send(body);

            assertThat(answer.status())
                    .as("round %d: %s -> %s", round, new String(body, StandardCharsets.UTF_8), answer)
                    .isIn(202, 400, 422);
        }
    }

    private static byte[] damaged(String whole, String[] splices, Random random) {
        StringBuilder text = new StringBuilder(whole);
        for (int damage = random.nextInt(3); damage >= 0; damage--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, splices[random.nextInt(splices.length)]);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setLength(Math.max(1, at));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
