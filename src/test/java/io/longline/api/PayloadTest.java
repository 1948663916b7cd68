package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.Receiver.Received;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a receiver gets is what the sender wrote, byte for byte, in an envelope made once. */
class PayloadTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    @BeforeAll
    static void subscribe() {
        api().register(RECEIVER.url("/all"));
    }

    private static Api api() {
        return SERVER.api();
    }

    private static Received receivedFor(Answer accepted) {
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        for (int count = 1; ; count++) {
            List<Received> received = RECEIVER.await("/all", count);
            for (Received each : received) {
                if (each.header("webhook-id").equals(accepted.id())) {
                    return each;
                }
            }
        }
    }

    static List<String> values() {
        return List.of(
                "1e400",
                "-1E-400",
                "1.10",
                "0.1000000000000000055511151231257827",
                "12345678901234567890",
                "-0",
                "-0.0",
                "1e+05",
                "1e99999999999",
                "null",
                "true",
                "\"\"",
                "[]",
                "{}",
                "[ ]",
                "{\n}",
                "{\"z\":1,\"a\":2,\"m\":{\"b\":[1,{\"y\":0,\"x\":0}]}}",
                "{ \"spaced\" :\t1 ,\r\n\"out\" : [ 1 , 2 ] }",
                "\"\\u0041\\/\\b\\f\\n\\r\\t\\\"\\\\\"",
                "\"\\ud83d\\ude00 \u65e5\u672c \ud83d\ude00 \u00e9\"",
                "\"\u2028\u2029\u200f\ufeff\ufffe\"",
                "\"\\u0000\\u001f\\u007f\"",
                "{\"\":{\"\\u0061\":1,\"<script>\":\"</script>\"}}",
                "{\"__proto__\":1,\"id\":\"mine\",\"event\":\"mine\"}",
                "9".repeat(999),
                "[" + "1,".repeat(4_000) + "1]",
                "\"" + "\u65e5".repeat(60_000) + "\"",
                "[".repeat(63) + "]".repeat(63));
    }

    @ParameterizedTest
    @MethodSource("values")
    void data_reachesTheReceiverByteForByte(String data) {
        Answer accepted = api().post("/api/events/trigger", "{\"event\":\"frozen\",\"data\":" + data + "}");

        Received received = receivedFor(accepted);

        String expected = "{\"id\":\"" + accepted.id() + "\",\"event\":\"frozen\",\"timestamp\":\""
                + accepted.json().path("timestamp").asText() + "\",\"data\":" + data + ",\"metadata\":{}}";
        assertThat(received.body()).isEqualTo(expected.getBytes(StandardCharsets.UTF_8));
        assertThat(api().get("/api/events/" + accepted.id()).text()).contains("\"payload\":" + expected);
    }

    @Test
    void metadata_reachesTheReceiverByteForByteWhereverItStands() {
        String metadata = "{ \"b\" : 1.500, \"a\":\"\\u00e9\u00e9\" }";

        Answer accepted = api().post(
                        "/api/events/trigger",
                        " {\"metadata\" :" + metadata + "\n,\"data\":  7 , \"event\":\"meta\\u002edata\" } \n");

        assertThat(receivedFor(accepted).text())
                .endsWith("\"data\":7,\"metadata\":" + metadata + "}")
                .contains("\"event\":\"meta.data\"");
    }

    @Test
    void batch_keepsTheBytesOfEachLineAndElement() {
        String lines = "{\"event\":\"l\",\"data\":1.10}\r\n\n  {\"data\":[1e400, \"\u65e5\"],\"event\":\"l\"}";
        String array = " [ {\"event\":\"l\",\"data\":{\"b\":1,\"a\":-0}} ,{\"event\":\"l\",\"data\":\"\\u65e5\"}]";

        Answer byLine = api().send(
                        "POST",
                        "/api/events/batch",
                        lines.getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/x-ndjson");
        Answer inArray = api().post("/api/events/batch", array);

        assertThat(payloads(byLine.each("id"))).containsExactly("1.10", "[1e400, \"\u65e5\"]");
        assertThat(payloads(inArray.each("id"))).containsExactly("{\"b\":1,\"a\":-0}", "\"\\u65e5\"");
    }

    private static List<String> payloads(List<String> eventIds) {
        return eventIds.stream()
                .map(id -> api().get("/api/events/" + id).text())
                .map(text -> text.substring(text.indexOf("\"data\":") + 7, text.indexOf(",\"metadata\":{}")))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z,2026-01-31T12:00:00.000Z",
        "2026-01-31T13:00:00.250+01:00,2026-01-31T12:00:00.250Z",
        "2026-01-31t11:30:00.1239999-00:30,2026-01-31T12:00:00.123Z",
        "0000-01-01T00:00:00Z,0000-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z,9999-12-31T23:59:59.999Z",
        "1969-12-31T23:59:59.999Z,1969-12-31T23:59:59.999Z"
    })
    void timestamp_isKeptInUtcWithMilliseconds(String given, String kept) {
        Answer accepted =
                api().post("/api/events/trigger", "{\"event\":\"t\",\"data\":1,\"timestamp\":\"" + given + "\"}");

        assertThat(accepted.json().path("timestamp").asText()).isEqualTo(kept);
        assertThat(receivedFor(accepted).text()).contains("\"timestamp\":\"" + kept + "\"");
        assertThat(api().get("/api/events/" + accepted.id())
                        .json()
                        .path("timestamp")
                        .asText())
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "orders/create,orders/create",
                "Push Hook,Push Hook",
                "a,a",
                "%41,%2541",
                "..,..",
                "\u65e5\u672c,%E6%97%A5%E6%9C%AC",
                "x\ud83d\ude00,x%F0%9F%98%80",
                "caf\u00e9 au lait,caf%C3%A9 au lait"
            })
    void eventName_isAnyTextAndTravelsAsAHeader(String name, String header) {
        Answer accepted = api().post("/api/events/trigger", "{\"event\":\"" + name + "\",\"data\":1}");

        Received received = receivedFor(accepted);

        assertThat(accepted.json().path("event").asText()).isEqualTo(name);
        assertThat(received.header("X-Webhook-Event")).isEqualTo(header);
        assertThat(Answer.read(received.body()).path("event").asText()).isEqualTo(name);
    }

    @Test
    void eventName_hasUpTo128Characters() {
        String longest = "\u65e5".repeat(128);

        Answer accepted = api().post("/api/events/trigger", "{\"event\":\"" + longest + "\",\"data\":1}");
        Answer refused = api().post("/api/events/trigger", "{\"event\":\"" + longest + "x\",\"data\":1}");

        assertThat(receivedFor(accepted).header("X-Webhook-Event")).hasSize(128 * 9);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.pointers()).containsExactly("/event");
    }

    @Test
    void receiver_getsTheHeadersOfTheContract() {
        Answer accepted = api().trigger("headers");

        Received received = receivedFor(accepted);

        assertThat(received.method()).isEqualTo("POST");
        assertThat(received.header("Content-Type")).isEqualTo("application/json");
        assertThat(received.header("User-Agent")).startsWith("Longline/");
        assertThat(received.header("X-Webhook-Id")).startsWith("wh_");
        assertThat(received.header("X-Webhook-Delivery")).startsWith("dlv_");
        assertThat(received.header("X-Webhook-Attempt")).isEqualTo("1");
        assertThat(received.header("X-Webhook-Signature")).matches("sha256=[0-9a-f]{64}");
        assertThat(received.header("webhook-timestamp")).matches("[0-9]{10}");
        assertThat(received.header("webhook-signature")).matches("v1,[A-Za-z0-9+/]{43}=");
    }
}
