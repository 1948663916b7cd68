package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.format.ContentType;
import io.cloudevents.core.provider.EventFormatProvider;
import io.longline.bus.EventDraft;
import io.longline.bus.EventPayload;
import io.longline.format.Formats;
import io.longline.format.UnrenderableException;
import io.longline.model.Payload;
import io.longline.model.WebhookFormat;
import io.longline.testing.Answer;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CloudEvents as they come in and as they go out, by the examples of the specification, of its JSON format and HTTP
 * binding, and of the conformance suite, and against the SDK for Java.
 */
class CloudEventsTest {
    private static final String REQUIRED =
            "\"specversion\":\"1.0\",\"id\":\"A-1\",\"type\":\"io.cloudevents.test\",\"source\":\"https://cloudevents.io\"";
    private static final String EVENT_ID = "evt_01kg9ys7g4ezsbp0rgd0w6hdwm";
    private static final Instant ACCEPTED = Instant.parse("2026-01-31T12:00:00Z");

    private static CloudEvent structured(String json) {
        return CloudEventForm.one(json.getBytes(StandardCharsets.UTF_8), "default");
    }

    private static Problem refusal(String json) {
        return catchThrowableOfType(Problem.class, () -> structured(json));
    }

    private static List<String> pointers(Problem problem) {
        return problem.faults().stream().map(Problem.Fault::pointer).toList();
    }

    private static String sent(EventDraft draft) {
        try {
            Instant at = draft.occurredAt() == null ? ACCEPTED : draft.occurredAt();
            Payload payload = EventPayload.of(EVENT_ID, draft.type(), at, draft.data(), draft.metadata());
            return Formats.of(WebhookFormat.CLOUDEVENTS, null, Map.of())
                    .render(payload)
                    .text();
        } catch (UnrenderableException fault) {
            throw new AssertionError(fault);
        }
    }

    private static JsonNode json(String text) {
        return Answer.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Ce-Specversion", "1.0")
                .add("ce-type", "com.example.someevent")
                .add("ce-id", "1234-1234-1234")
                .add("ce-source", "/mycontext/subcontext");
        for (int index = 0; index < namesAndValues.length; index += 2) {
            headers.add(namesAndValues[index], namesAndValues[index + 1]);
        }
        return headers;
    }

    private static EventDraft binary(String body, String... namesAndValues) {
        return CloudEventHeaders.read(headers(namesAndValues), body.getBytes(StandardCharsets.UTF_8), "default")
                .draft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"dataschema\":\"https://cloudevents.io/dataschema\",\"subject\":\"tests\",\"time\":\"2018-04-05T17:31:00Z\","
                        + "\"datacontenttype\":\"text/plain\"",
                ",\"time\":\"2018-04-05T17:31:00.000000000Z\"",
                ",\"time\":\"2018-04-05T18:31:00+01:00\"",
                ",\"time\":\"2018-04-05T16:31:00.123456789-01:00\"",
                ",\"datacontenttype\":\"text/plain\",\"data\":\"Simple text\"",
                ",\"datacontenttype\":\"application/xml\",\"data\":\"<much wow=\\\"xml\\\"/>\"",
                ",\"datacontenttype\":\"application/vnd.apache.thrift.binary\",\"data_base64\":\"AAECA/8=\"",
                ",\"data_base64\":\"eyAieHl6IjogMTIzIH0=\"",
                ",\"datacontenttype\":\"application/json\",\"data\":null",
                ",\"datacontenttype\":\"application/json\",\"data\":5",
                ",\"datacontenttype\":\"text/json\",\"data\":\"I'm just a string\"",
                ",\"datacontenttype\":\"application/vnd.x+json; charset=utf-8\",\"data\":{\"a\":[1.10,1e400,{\"b\":true}]}",
                ",\"extinteger\":10,\"extboolean\":true,\"extstring\":\"text\",\"exturi\":\"https://cloudevents.io\","
                        + "\"exturiref\":\"//authority/path\",\"exttimestamp\":\"2023-03-31T15:12:00Z\","
                        + "\"extbinary\":\"TWE=\",\"least\":-2147483648,\"empty\":\"\",\"longername1\":\"é\""
            })
    void whatIsTaken_goesOutAsItCame(String more) {
        JsonNode out = json(sent(structured("{" + REQUIRED + more + "}").draft()));

        JsonNode in = json("{" + REQUIRED + more + "}");
        in.properties()
                .forEach(member ->
                        assertThat(out.get(member.getKey())).as(member.getKey()).isEqualTo(member.getValue()));
        assertThat(out.size() - in.size())
                .as("only the time and the implied type of the data are added: %s", out)
                .isBetween(0, 2);
        assertThat(out.has("data")).isEqualTo(in.has("data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"datacontenttype", "dataschema", "subject", "time", "anyextension", "data_base64"})
    void nullIsNotSet(String name) {
        EventDraft draft =
                structured("{" + REQUIRED + ",\"" + name + "\":null}").draft();

        assertThat(text(draft.data())).isEqualTo("null");
        assertThat(json(text(draft.metadata())).at("/cloudevent").has(name)).isFalse();
        assertThat(json(sent(draft)).has("data")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"a\",\"type\":\"t\",\"source\":\"/s\"} | /specversion",
                "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"/s\"} | /id",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"/s\"} | /type",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"type\":\"t\"} | /source",
                "{\"specversion\":null,\"id\":\"a\",\"type\":\"t\",\"source\":\"/s\"} | /specversion",
                "{\"specversion\":\"\",\"id\":\"a\",\"type\":\"t\",\"source\":\"/s\"} | /specversion",
                "{\"specversion\":\"0.3\",\"id\":\"a\",\"type\":\"t\",\"source\":\"/s\"} | /specversion",
                "{\"specversion\":1.0,\"id\":\"a\",\"type\":\"t\",\"source\":\"/s\"} | /specversion",
                "{\"specversion\":\"1.0\",\"id\":\"\",\"type\":\"t\",\"source\":\"/s\"} | /id",
                "{\"specversion\":\"1.0\",\"id\":25,\"type\":\"t\",\"source\":\"/s\"} | /id",
                "{\"specversion\":\"1.0\",\"id\":{\"x\":\"y\"},\"type\":\"t\",\"source\":\"/s\"} | /id",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"type\":\"\",\"source\":\"/s\"} | /type",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"type\":\" t\",\"source\":\"/s\"} | /type",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"type\":\"t\",\"source\":\"\"} | /source",
                "{\"specversion\":\"1.0\",\"id\":\"a\",\"type\":\"t\",\"source\":\"a b\"} | /source",
                "{\"specversion\":\"1.0\",\"id\":\"a\\r\\nX: y\",\"type\":\"t\",\"source\":\"/s\"} | /id"
            })
    void whatMustBeThere_isRefusedWithAPointer(String body, String pointer) {
        Problem problem = refusal(body);

        assertThat(problem.status()).isEqualTo(422);
        assertThat(pointers(problem)).containsExactly(pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"time\":\"lunchtime\" | /time",
                "\"time\":\"2018-04-05T18:31Z\" | /time",
                "\"time\":\"2018-04-05T18:31:00X\" | /time",
                "\"time\":\"2018-04-05T18:31:00+25:00\" | /time",
                "\"time\":\"2018-04-05T18:31:00+xx:00\" | /time",
                "\"time\":\"2018-04-05T18:31:00+05\" | /time",
                "\"datacontenttype\":\"xyz\" | /datacontenttype",
                "\"datacontenttype\":\"\" | /datacontenttype",
                "\"dataschema\":\"\" | /dataschema",
                "\"dataschema\":\"relative\" | /dataschema",
                "\"subject\":\"\" | /subject",
                "\"subject\":true | /subject",
                "\"MyExtension\":\"bad\" | /MyExtension",
                "\"my.extension\":1.5 | /my.extension",
                "\"a/b\":{} | /a~1b",
                "\"ext\":1.5 | /ext",
                "\"ext\":1e2 | /ext",
                "\"ext\":2147483648 | /ext",
                "\"ext\":99999999999999999999999 | /ext",
                "\"ext\":[1] | /ext",
                "\"ext\":\"\\u0000\" | /ext",
                "\"ext\":\"\\uFFFF\" | /ext",
                "\"data\":\"text\",\"data_base64\":\"eyAieHl6IjogMTIzIH0=\" | /data_base64",
                "\"data_base64\":\"not base64\" | /data_base64",
                "\"data_base64\":{} | /data_base64",
                "\"datacontenttype\":\"text/plain\",\"data\":{} | /data"
            })
    void whatCannotBe_isRefusedWithAPointer(String member, String pointer) {
        Problem problem = refusal("{" + REQUIRED + "," + member + "}");

        assertThat(problem.status()).isEqualTo(422);
        assertThat(pointers(problem)).containsExactly(pointer);
    }

    @Test
    void everythingWrong_isToldAtOnce() {
        Problem problem = catchThrowableOfType(
                Problem.class,
                () -> CloudEventForm.batch(
                        ("[{" + REQUIRED + "},7,{\"specversion\":\"2.0\",\"Bad\":1}]").getBytes(StandardCharsets.UTF_8),
                        10,
                        "default"));

        assertThat(pointers(problem)).contains("/1", "/2/specversion", "/2/id", "/2/source", "/2/type", "/2/Bad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8"})
    void binary_hasItsDataInTheBodyAndTheRestInHeaders(String contentType) {
        EventDraft draft = binary(
                "{\n    \"message\": \"Hello World!\", \"big\": 12345678901234567890.10\n}",
                "ce-time",
                "2018-04-05T03:56:24Z",
                "ce-comexampleothervalue",
                "5",
                "Content-Type",
                contentType);

        assertThat(draft.type()).isEqualTo("com.example.someevent");
        assertThat(draft.occurredAt()).isEqualTo(Instant.parse("2018-04-05T03:56:24Z"));
        assertThat(text(draft.data())).contains("12345678901234567890.10");
        assertThat(text(draft.metadata()))
                .isEqualTo("{\"cloudevent\":{\"id\":\"1234-1234-1234\",\"source\":\"/mycontext/subcontext\","
                        + "\"time\":\"2018-04-05T03:56:24Z\",\"datacontenttype\":\"" + contentType
                        + "\",\"comexampleothervalue\":\"5\"}}");
        assertThat(sent(draft)).contains("\"big\": 12345678901234567890.10");
    }

    @ParameterizedTest
    @CsvSource({
        "Euro%20%E2%82%AC%20%F0%9F%98%80, Euro € 😀",
        "%e2%82%ac, €",
        "%41%42, AB",
        "100%2525, 100%25",
        "\"quoted \\\"text\\\" with \\\\\", quoted \"text\" with \\",
        "plain text, plain text"
    })
    void aHeader_isUnquotedAndDecodedOnce(String header, String value) {
        assertThat(CloudEventHeaders.decoded(header)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%C0%A0", "%", "%4", "%zz", "\"open", "é", "%ED%A0%80"})
    void aHeader_thatCannotBeDecodedIsRefused(String header) {
        Problem problem = catchThrowableOfType(Problem.class, () -> binary("", "ce-subject", header));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(pointers(problem)).containsExactly("/subject");
    }

    @ParameterizedTest
    @CsvSource({
        "ce-subject, %0D%0AX-Injected: 1, /subject",
        "ce-id, twice, /id",
        "ce-datacontenttype, text/plain, /datacontenttype",
        "ce-data, x, /data",
        "ce-my-extension, x, /my-extension",
        "ce-time, noon, /time",
        "Content-Type, nonsense, /datacontenttype"
    })
    void headers_thatCannotBe_areRefusedWithAPointer(String name, String value, String pointer) {
        Problem problem = catchThrowableOfType(Problem.class, () -> binary("", name, value));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(pointers(problem)).containsExactly(pointer);
    }

    @Test
    void dataOfEveryKind_comesBackByteForByte() {
        EventDraft xml = binary("<much wow=\"xml\"/>\r\n", "Content-Type", "application/xml");
        EventDraft latin = binary("\u00e9", "Content-Type", "text/plain; charset=iso-8859-1");
        EventDraft unsaid = binary("{}");
        EventDraft none = binary("", "Content-Type", "application/json");
        Problem notJson =
                catchThrowableOfType(Problem.class, () -> binary("just a string", "Content-Type", "application/json"));

        assertThat(json(sent(xml)).path("data").asText()).isEqualTo("<much wow=\"xml\"/>\r\n");
        assertThat(json(sent(latin)).path("data_base64").asText()).isEqualTo("w6k=");
        assertThat(json(sent(unsaid)).path("data_base64").asText()).isEqualTo("e30=");
        assertThat(json(sent(unsaid)).has("datacontenttype")).isFalse();
        assertThat(json(sent(none)).has("data")).isFalse();
        assertThat(json(sent(none)).path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(notJson.status()).isEqualTo(400);
    }

    @Test
    void theSameEvent_hasOneKeyInEveryForm() {
        String json = "{\"specversion\":\"1.0\",\"type\":\"com.example.someevent\",\"id\":\"1234-1234-1234\","
                + "\"source\":\"/mycontext/subcontext\",\"zebra\":\"z\",\"data\":1}";
        CloudEvent headers = CloudEventHeaders.read(headers("ce-zebra", "z"), new byte[0], "default");
        CloudEvent longOne = structured("{" + REQUIRED.replace("A-1", "x".repeat(300)) + "}");

        assertThat(structured(json).key()).isEqualTo(headers.key());
        assertThat(headers.key().key()).isEqualTo("/mycontext/subcontext 1234-1234-1234");
        assertThat(headers.key().scope()).isEqualTo("cloudevents");
        assertThat(longOne.key().key()).startsWith("sha256:").hasSize(71);
    }

    @Test
    void anEventOfLonglinesOwn_isACloudEventByItsIdentifier() {
        byte[] data = "[1.10, {\"b\" : 1e400}]".getBytes(StandardCharsets.UTF_8);
        byte[] metadata = ("{\"source\":\"checkout\",\"trace\":\"t-1\",\"retries\":3,\"Upper\":1,\"deep\":{\"a\":1},"
                        + "\"huge\":1e999999999999,\"cloudevent\":{\"subject\":\"order 1\",\"id\":\"\",\"source\":\"a b\","
                        + "\"time\":\"noon\",\"type\":\"evil\",\"specversion\":\"9\",\"bad\":\"\\u0001\",\"not ok\":1,"
                        + "\"data\":1,\"datacontenttype\":\"text/plain\",\"data_encoding\":\"base64\"}}")
                .getBytes(StandardCharsets.UTF_8);

        String sent = sent(new EventDraft("default", "order.created", data, metadata, null));

        assertThat(sent)
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"" + EVENT_ID + "\",\"source\":\"/longline\","
                        + "\"type\":\"order.created\",\"time\":\"2026-01-31T12:00:00.000Z\",\"subject\":\"order 1\","
                        + "\"datacontenttype\":\"application/json\",\"retries\":3,\"trace\":\"t-1\","
                        + "\"data\":[1.10, {\"b\" : 1e400}]}");
    }

    @Test
    void theSdk_readsWhatIsSent_andItsEventsAreRead() {
        var format = EventFormatProvider.getInstance().resolveFormat(ContentType.JSON);
        io.cloudevents.CloudEvent original = CloudEventBuilder.v1()
                .withId("sdk-1")
                .withSource(URI.create("urn:example:sdk"))
                .withType("order.created")
                .withSubject("größe")
                .withTime(OffsetDateTime.parse("2026-01-31T12:00:00.123456Z"))
                .withDataSchema(URI.create("https://example.com/schema"))
                .withExtension("count", 7)
                .withExtension("good", true)
                .withData("application/json", "{\"total\":99.99}".getBytes(StandardCharsets.UTF_8))
                .build();
        io.cloudevents.CloudEvent bytes = CloudEventBuilder.v1(original)
                .withId("sdk-2")
                .withData("application/octet-stream", new byte[] {0, 1, (byte) 0xFF})
                .build();

        for (io.cloudevents.CloudEvent event : List.of(original, bytes)) {
            String sent = sent(structured(text(format.serialize(event))).draft());
            io.cloudevents.CloudEvent back = format.deserialize(sent.getBytes(StandardCharsets.UTF_8));

            assertThat(back.getAttributeNames()).isEqualTo(event.getAttributeNames());
            for (String name : event.getAttributeNames()) {
                assertThat(back.getAttribute(name)).as(name).isEqualTo(event.getAttribute(name));
            }
            assertThat(back.getExtension("count")).isEqualTo(7);
            assertThat(back.getExtension("good")).isEqualTo(true);
            assertThat(back.getData().toBytes()).isEqualTo(event.getData().toBytes());
        }
    }
}
