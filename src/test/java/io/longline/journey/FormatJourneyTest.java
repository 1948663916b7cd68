package io.longline.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.chat.ChatServices;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks of every format, against receivers that refuse what the services would refuse. */
class FormatJourneyTest {
    private static final List<String> SERVICES = List.of("slack", "discord", "teams");

    @TempDir
    private Path folder;

    private JourneyServer server;
    private ChatServices services;

    @BeforeEach
    void open() {
        server = JourneyServer.start(folder, Map.of());
        services = new ChatServices();
    }

    @AfterEach
    void close() {
        server.close();
        services.close();
    }

    @Test
    void anyEvent_becomesAMessageThatEveryServiceTakes() {
        String huge = "&<>\\\"😀".repeat(8_000);
        String many = IntStream.range(0, 200)
                .mapToObj(index -> "\"field" + index + "\":\"" + "v".repeat(900) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        String[] datas = {
            "{\"order_id\":\"ORD-1\",\"total\":99.90,\"customer\":{\"name\":\"Ada <!channel>\"},\"tags\":[\"a\",\"b\"]}",
            "{\"title\":\"" + huge + "\",\"message\":\"" + huge + "\",\"other\":\"" + huge + "\"}",
            many,
            "{\"\":\"\",\" \":null,\"a\":{},\"b\":[],\"c\":[{\"d\":1}],\"url\":\"https://example.com/o/1?a=b\"}",
            "null",
            "[1,2,3]",
            "\"just words\"",
            "{}"
        };
        for (String service : SERVICES) {
            server.webhook(services.url(service), ",\"format\":\"" + service + "\",\"retry_count\":0");
        }

        for (String data : datas) {
            server.trigger("payment.failed", data);
        }

        for (String service : SERVICES) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            services.taken(service).size() + services.refused().size() >= datas.length);
        }
        assertThat(services.refused()).isEmpty();
        JsonNode slack = saying("slack", "ORD-1");
        assertThat(slack.at("/attachments/0/color").asText()).isEqualTo("#D7263D");
        assertThat(slack.at("/attachments/0/blocks/0/text/text").asText()).isEqualTo("payment.failed");
        assertThat(slack.toString()).contains("*customer.name*\\nAda &lt;!channel&gt;", "*total*\\n99.90");
        JsonNode embed = saying("discord", "ORD-1").at("/embeds/0");
        assertThat(embed.get("title").asText()).isEqualTo("payment.failed");
        assertThat(embed.get("color").asInt()).isEqualTo(0xD7263D);
        assertThat(embed.at("/fields/1/value").asText()).isEqualTo("99.90");
        assertThat(saying("discord", "ORD-1").at("/allowed_mentions/parse").isEmpty())
                .isTrue();
        JsonNode card = saying("teams", "ORD-1").at("/attachments/0/content");
        assertThat(card.at("/body/0/style").asText()).isEqualTo("attention");
        assertThat(saying("discord", "example.com").at("/embeds/0/url").asText())
                .isEqualTo("https://example.com/o/1?a=b");
    }

    private JsonNode saying(String service, String words) {
        return services.taken(service).stream()
                .filter(message -> message.toString().contains(words))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rateLimitedMessages_waitAsLongAsTheyAreAskedTo() {
        for (String service : SERVICES) {
            server.webhook(services.url(service), ",\"format\":\"" + service + "\",\"retry_schedule\":[0]");
        }
        services.rateLimit(1, 1.6);

        server.trigger("a.message", "{}");

        for (String service : SERVICES) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> services.taken(service).size() == 1);
            List<Long> calls = services.calls(service);
            assertThat(calls).as(service).hasSize(2);
            // Whole seconds in the header; Discord's body is exact.
            long asked = service.equals("discord") ? 1_600 : 2_000;
            assertThat(Duration.ofNanos(calls.get(1) - calls.get(0)))
                    .as(service)
                    .isBetween(Duration.ofMillis(asked), Duration.ofSeconds(8));
        }
        assertThat(services.refused()).isEmpty();
    }

    @Test
    void whatATemplateMakesTooLong_isCutRatherThanRefused() {
        String words = "{{data.words}}";
        Map<String, String> templates = Map.of(
                "slack",
                "{'text':'" + words + "','blocks':[{'type':'header','text':{'type':'plain_text','text':'" + words
                        + "'}},{'type':'section','text':{'type':'mrkdwn','text':'" + words + "'}}]}",
                "discord",
                "{'content':'" + words + "','embeds':[{'title':'" + words + "','description':'" + words
                        + "','fields':[{'name':'" + words + "','value':'" + words + "'}]}]}",
                "teams",
                "{'type':'AdaptiveCard','version':'1.4','body':[{'type':'TextBlock','text':'" + words + "'}]}");
        for (String service : SERVICES) {
            String template = templates.get(service).replace("'", "\\\"");
            server.webhook(
                    services.url(service),
                    ",\"format\":\"" + service + "\",\"retry_count\":0,\"template\":\"" + template + "\"");
        }

        server.trigger("a.message", "{\"words\":\"" + "words ".repeat(8_000) + "\"}");

        for (String service : SERVICES) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            services.taken(service).size() + services.refused().size() > 0);
            assertThat(services.refused()).as(service).isEmpty();
            assertThat(services.taken(service).get(0).toString()).contains("words", "…");
        }
    }

    @Test
    void templates_makeTheBodyAndTellWhereTheyFail() {
        ScriptedReceiver receiver = ScriptedReceiver.always(200);
        String template =
                "{\\\"who\\\":\\\"{{data.name}}\\\",\\n\\\"items\\\":[{{#data.items}}{{sku}}{{^-last}},{{/-last}}"
                        + "{{/data.items}}],\\n\\\"raw\\\":{{{data.more}}}}";
        JsonNode webhook = server.webhook(
                receiver.url(), ",\"format\":\"template\",\"retry_count\":0,\"template\":\"" + template + "\"");
        String id = webhook.get("id").asText();
        assertThat(webhook.get("format").asText()).isEqualTo("template");

        String good = server.trigger(
                "a", "{\"name\":\"O\\\"Hara\\n\",\"items\":[{\"sku\":1.50},{\"sku\":2}],\"more\":{\"x\":[1]}}");
        String bad = server.trigger("b", "{\"name\":\"x\"}");

        assertThat(receiver.awaitReceived(1).get(0).body())
                .isEqualTo("{\"who\":\"O\\\"Hara\\n\",\n\"items\":[1.50,2],\n\"raw\":{\"x\":[1]}}");
        assertThat(ReferenceCheck.isSignedBy(
                        webhook.get("secret").asText(), receiver.received().get(0)))
                .isTrue();
        await().until(() -> server.statusOf(good).equals("succeeded"));
        await().until(() -> server.statusOf(bad).equals("failed"));
        JsonNode attempt = server.deliveryOf(bad).at("/attempts/0");
        assertThat(attempt.get("error_message").asText()).contains("is not JSON", "line 3");
        assertThat(receiver.received()).hasSize(1);

        // What waits is rendered with the settings of the moment it is sent.
        server.patch("/api/webhooks/" + id, "{\"format\":\"raw\",\"template\":null}");
        server.post("/api/deliveries/" + server.deliveryOf(bad).get("id").asText() + "/retry", "");
        assertThat(receiver.awaitReceived(2).get(1).body()).isEqualTo("{\"name\":\"x\"}");
        server.patch("/api/webhooks/" + id, "{\"format\":\"cloudevents\"}");
        String event = server.trigger("c", "[1.0]");
        ScriptedReceiver.Received sent = receiver.awaitReceived(3).get(2);
        assertThat(sent.header("Content-Type")).isEqualTo("application/cloudevents+json; charset=UTF-8");
        assertThat(sent.body())
                .startsWith("{\"specversion\":\"1.0\",\"id\":\"" + event + "\",\"source\":\"/longline\",\"type\":\"c\"")
                .endsWith("\"datacontenttype\":\"application/json\",\"data\":[1.0]}");
        assertThat(ReferenceCheck.isSignedBy(webhook.get("secret").asText(), sent))
                .isTrue();
        server.patch("/api/webhooks/" + id, "{\"format\":\"raw\"}");

        // A test send looks as a delivery would, and a URL's as asked for.
        JsonNode test = server.post("/api/webhooks/test", "{\"webhook_id\":\"" + id + "\",\"data\":[1.0, 2]}");
        assertThat(test.at("/request/body").asText()).isEqualTo("[1.0, 2]");
        JsonNode slack = server.post(
                "/api/webhooks/test",
                "{\"url\":\"" + services.url("slack") + "\",\"format\":\"slack\",\"event\":\"deploy.completed\"}");
        assertThat(slack.get("success").asBoolean()).as(slack.toString()).isTrue();
        JsonNode failing = server.post(
                "/api/webhooks/test",
                "{\"url\":\"" + receiver.url() + "\",\"format\":\"template\",\"template\":\"{{data.test}}x\"}");
        assertThat(failing.get("success").asBoolean()).isFalse();
        assertThat(failing.get("error_message").asText()).contains("is not JSON: see line 1");
        receiver.close();
    }

    @Test
    void badTemplates_areRefusedAtTheirField() {
        String[][] cases = {
            {"\"format\":\"template\"", "/template", "is required"},
            {"\"format\":\"template\",\"template\":\"a\\n{{#b}}\"", "/template", "line 2"},
            {"\"format\":\"template\",\"template\":\"{{>other}}\"", "/template", "no other templates"},
            {"\"format\":\"template\",\"template\":\"{{}}\"", "/template", "empty"},
            {"\"format\":\"template\",\"template\":\"[{{data.n}]\"", "/template", "not closed"},
            {"\"template\":\"{}\"", "/template", "must be null"},
            {"\"format\":\"smoke\"", "/format", "must be one of"},
        };
        for (String[] each : cases) {
            HttpResponse<String> answer = server.call(
                    "POST", "/api/webhooks", "{\"url\":\"http://127.0.0.1:1/\",\"events\":[\"*\"]," + each[0] + "}");

            assertThat(answer.statusCode()).as(each[0]).isEqualTo(422);
            assertThat(answer.body())
                    .contains("\"pointer\":\"" + each[1] + "\"")
                    .contains(each[2]);
        }
    }
}
