package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registers webhooks: every field, its default, its bounds, and what is said of what does not fit. */
class WebhookCreationTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    private static Answer create(String fields) {
        return api().post("/api/webhooks", "{\"url\":\"http://localhost:1/h\",\"events\":[\"*\"]" + fields + "}");
    }

    @Test
    void creation_fillsInEveryDefault() {
        Answer answer = create("");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/api/webhooks/" + answer.id());
        JsonNode webhook = answer.json();
        assertThat(webhook.path("tenant").asText()).isEqualTo("default");
        assertThat(webhook.path("active").asBoolean()).isTrue();
        assertThat(webhook.path("paused").asBoolean()).isFalse();
        assertThat(webhook.path("retry_count").asInt()).isEqualTo(3);
        assertThat(webhook.path("retry_delay").asInt()).isEqualTo(5);
        assertThat(webhook.path("retry_schedule").isNull()).isTrue();
        assertThat(webhook.path("timeout").asInt()).isEqualTo(30);
        assertThat(webhook.path("max_in_flight").asInt()).isEqualTo(16);
        assertThat(webhook.path("rate_limit").isNull()).isTrue();
        assertThat(webhook.path("headers")).isEmpty();
        assertThat(webhook.path("metadata")).isEmpty();
        assertThat(webhook.path("description").isNull()).isTrue();
        assertThat(webhook.path("disabled_reason").isNull()).isTrue();
        assertThat(webhook.path("circuit").asText()).isEqualTo("closed");
        assertThat(webhook.path("created_at").asText())
                .isEqualTo(webhook.path("updated_at").asText());
    }

    @Test
    void creation_keepsEveryFieldGiven() {
        Answer answer =
                create(",\"tenant\":\"acme\",\"active\":false,\"paused\":true,\"retry_count\":0,\"retry_delay\":86400,"
                        + "\"retry_schedule\":[0,86400],\"timeout\":300,\"headers\":{\"X-A\":\"\u00e9\"},"
                        + "\"metadata\":{\"z\":1.10,\"a\":[null,12345678901234567890]},\"description\":\"\u65e5\u672c\","
                        + "\"rate_limit\":0.01,\"max_in_flight\":256,\"secret\":\"plain text\"");

        JsonNode kept = api().get("/api/webhooks/" + answer.id()).json();
        assertThat(kept.path("tenant").asText()).isEqualTo("acme");
        assertThat(kept.path("active").asBoolean()).isFalse();
        assertThat(kept.path("paused").asBoolean()).isTrue();
        assertThat(kept.path("retry_count").asInt()).isZero();
        assertThat(kept.path("retry_delay").asInt()).isEqualTo(86_400);
        assertThat(kept.path("retry_schedule").toString()).isEqualTo("[0,86400]");
        assertThat(kept.path("timeout").asInt()).isEqualTo(300);
        assertThat(kept.path("headers").path("X-A").asText()).isEqualTo("\u00e9");
        assertThat(kept.path("metadata").toString()).isEqualTo("{\"z\":1.10,\"a\":[null,12345678901234567890]}");
        assertThat(kept.path("description").asText()).isEqualTo("\u65e5\u672c");
        assertThat(kept.path("rate_limit").asDouble()).isEqualTo(0.01);
        assertThat(kept.path("max_in_flight").asInt()).isEqualTo(256);
        assertThat(kept.path("secret_hint").asText()).isEqualTo("text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"retry_count\":0",
                "\"retry_count\":10",
                "\"retry_delay\":1",
                "\"retry_delay\":86400",
                "\"timeout\":1",
                "\"timeout\":300",
                "\"rate_limit\":0.01",
                "\"rate_limit\":10000",
                "\"rate_limit\":1e0",
                "\"max_in_flight\":1",
                "\"max_in_flight\":256",
                "\"retry_schedule\":[0,1,2,3,4,5,6,7,8,86400]",
                "\"tenant\":\"A.b_c-9\"",
                "\"tenant\":null",
                "\"description\":null",
                "\"headers\":null",
                "\"metadata\":null",
                "\"retry_schedule\":null",
                "\"rate_limit\":null",
                "\"secret\":null"
            })
    void creation_takesWhatIsWithinTheBounds(String field) {
        assertThat(create("," + field).status()).as(field).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/retry_count|\"retry_count\":-1",
                "/retry_count|\"retry_count\":11",
                "/retry_count|\"retry_count\":1.5",
                "/retry_count|\"retry_count\":\"3\"",
                "/retry_count|\"retry_count\":99999999999999999999",
                "/retry_count|\"retry_count\":1e400",
                "/retry_delay|\"retry_delay\":0",
                "/retry_delay|\"retry_delay\":86401",
                "/timeout|\"timeout\":0",
                "/timeout|\"timeout\":301",
                "/timeout|\"timeout\":true",
                "/rate_limit|\"rate_limit\":0",
                "/rate_limit|\"rate_limit\":0.009",
                "/rate_limit|\"rate_limit\":10000.1",
                "/rate_limit|\"rate_limit\":1e999999999",
                "/max_in_flight|\"max_in_flight\":0",
                "/max_in_flight|\"max_in_flight\":257",
                "/retry_schedule|\"retry_schedule\":[]",
                "/retry_schedule|\"retry_schedule\":[0,1,2,3,4,5,6,7,8,9,10]",
                "/retry_schedule/1|\"retry_schedule\":[1,-1]",
                "/retry_schedule/0|\"retry_schedule\":[86401]",
                "/retry_schedule|\"retry_schedule\":5",
                "/active|\"active\":\"yes\"",
                "/paused|\"paused\":1",
                "/tenant|\"tenant\":\"\"",
                "/tenant|\"tenant\":\"a b\"",
                "/tenant|\"tenant\":7",
                "/metadata|\"metadata\":[]",
                "/metadata|\"metadata\":\"x\"",
                "/description|\"description\":[]",
                "/headers|\"headers\":[]",
                "/headers/X-A|\"headers\":{\"X-A\":1}",
                "/headers/Host|\"headers\":{\"Host\":\"a\"}",
                "/headers/content-length|\"headers\":{\"content-length\":\"1\"}",
                "/headers/Connection|\"headers\":{\"Connection\":\"close\"}",
                "/headers/Transfer-Encoding|\"headers\":{\"Transfer-Encoding\":\"chunked\"}",
                "/headers/Webhook-Id|\"headers\":{\"Webhook-Id\":\"a\"}",
                "/headers/X-Webhook-Any|\"headers\":{\"X-Webhook-Any\":\"a\"}",
                "/headers/X A|\"headers\":{\"X A\":\"a\"}",
                "/headers/X-A|\"headers\":{\"X-A\":\"a\\r\\nX-B: b\"}",
                "/headers/X-A|\"headers\":{\"X-A\":\"\\u0000\"}",
                "/headers/X-A|\"headers\":{\"X-A\":\"\\u65e5\"}",
                "/headers/x-a|\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}",
                "/headers/a~1b~0|\"headers\":{\"a/b~\":7}",
                "/secret|\"secret\":\"\"",
                "/secret|\"secret\":\"whsec_not base64\"",
                "/secret|\"secret\":\"whsec_\"",
                "/secret|\"secret\":7",
                "/id|\"id\":\"wh_1\"",
                "/circuit|\"circuit\":\"closed\"",
                "/Url|\"Url\":\"http://localhost\""
            })
    void creation_refusesWhatIsNot(String pointer, String field) {
        Answer answer = create("," + field);

        assertThat(answer.status()).as(field).isEqualTo(422);
        assertThat(answer.pointers()).as(field).containsExactly(pointer);
    }

    @Test
    void creation_refusesTooMuchOfEverything() {
        String headers =
                IntStream.range(0, 33).mapToObj(n -> "\"X-" + n + "\":\"a\"").collect(Collectors.joining(","));
        String patterns =
                IntStream.range(0, 101).mapToObj(n -> "\"e" + n + "\"").collect(Collectors.joining(","));

        Answer answer = api().post(
                        "/api/webhooks",
                        "{\"url\":\"http://a/" + "a".repeat(2_048) + "\",\"events\":[" + patterns + "],\"headers\":{"
                                + headers
                                + "},\"description\":\"" + "d".repeat(1_001) + "\",\"tenant\":\"" + "t".repeat(65)
                                + "\",\"metadata\":{\"m\":\"" + "m".repeat(16_384) + "\"},\"secret\":\""
                                + "s".repeat(257)
                                + "\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder(
                        "/url", "/events", "/headers", "/description", "/tenant", "/metadata", "/secret");
    }

    @Test
    void creation_takesHeadersUpToTheirLimit() {
        String headers =
                IntStream.range(0, 32).mapToObj(n -> "\"X-" + n + "\":\"a\"").collect(Collectors.joining(","));
        String large = "\"X\":\"" + "v".repeat(8_191) + "\"";

        assertThat(create(",\"headers\":{" + headers + "}").status()).isEqualTo(201);
        assertThat(create(",\"headers\":{" + large + "}").status()).isEqualTo(201);
        assertThat(create(",\"headers\":{" + large + ",\"Y\":\"\"}").pointers()).containsExactly("/headers");
    }

    @Test
    void creation_namesAllFaultsAtOnce() {
        Answer answer = api().post(
                        "/api/webhooks", "{\"retries\":3,\"retry_count\":-1,\"events\":[\"a*b\",7,\"\"],\"a~/b\":1}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder(
                        "/url", "/events/0", "/events/1", "/events/2", "/retry_count", "/retries", "/a~0~1b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost/",
                "localhost",
                "http://",
                "http:///x",
                "http://a@b/",
                "http://localhost/#f",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f.1/",
                "http://localhost:0/",
                "http://localhost:65536/",
                "http://[::1",
                "http://a b/",
                "http://\u65e5\u672c/",
                "javascript:alert(1)",
                "//localhost/",
                "",
                "http://[fe80::1%25eth0]/"
            })
    void creation_refusesUrlsThatCannotBeDeliveredTo(String url) {
        Answer answer = api().post("/api/webhooks", "{\"url\":\"" + url + "\",\"events\":[\"*\"]}");

        assertThat(answer.status()).as(url).isEqualTo(422);
        assertThat(answer.pointers()).as(url).containsExactly("/url");
    }

    @Test
    void creation_makesASecretOf32RandomBytes() {
        String one = create("").json().path("secret").asText();
        String other = create("").json().path("secret").asText();

        assertThat(one).startsWith("whsec_").isNotEqualTo(other);
        assertThat(Base64.getDecoder().decode(one.substring(6))).hasSize(32);
    }

    @Test
    void creation_keepsAnUnsignedWebhookUnsigned() {
        JsonNode webhook = create(",\"secret\":null").json();

        assertThat(webhook.path("secret").isNull()).isTrue();
        assertThat(webhook.path("secret_hint").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "null", "7", "true"})
    void creation_refusesWhatIsNoObject(String body) {
        assertThat(api().post("/api/webhooks", body).status()).as(body).isEqualTo(422);
    }

    @Test
    void creation_refusesAnExponentBeyondReason() {
        Answer answer = create(",\"rate_limit\":1e99999999999");

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void creation_givesIdentifiersThatOnlyGrow() {
        String first = create("").id();
        String second = create("").id();

        assertThat(second).isGreaterThan(first);
    }
}
