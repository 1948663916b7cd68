package io.longline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is read out of documents that describe event types, and the document that is made of them. */
class EventTypeDocumentTest {
    private static final String OPEN_API = """
            openapi: 3.1.0
            info: {title: Shop, version: '1'}
            webhooks:
              order.created:
                post:
                  summary: A customer has placed an order.
                  requestBody: {$ref: '#/components/requestBodies/order'}
                  responses: {'200': {description: ok}}
              orders/paid:
                $ref: '#/components/pathItems/paid'
              ping: {post: {responses: {'200': {description: ok}}}}
            components:
              requestBodies:
                order:
                  content:
                    application/json:
                      schema: {$ref: '#/components/schemas/Order'}
                      example: {id: ord_1, total: 19.90, next: {id: ord_2}}
              pathItems:
                paid:
                  description: Paid.
                  post:
                    requestBody:
                      content:
                        application/vnd.shop+json; charset=utf-8:
                          schema:
                            type: object
                            properties: {order: {$ref: '#/components/schemas/Order'}}
                            const: {$ref: 'not a reference'}
                          examples: {one: {$ref: '#/components/examples/paid'}}
              examples: {paid: {value: {$ref: 'not a reference'}}}
              schemas:
                Order:
                  type: object
                  required: [id]
                  properties:
                    id: {$ref: '#/components/schemas/order~1Id'}
                    total: {type: number}
                    next: {$ref: '#/components/schemas/Order'}
                order/Id: {type: string}
            """;

    private static final String ASYNC_API_2 = """
            {"asyncapi": "2.6.0", "info": {"title": "a", "version": "1"}, "channels": {
              "users": {"subscribe": {"message": {"oneOf": [
                {"$ref": "#/components/messages/UserMade"},
                {"name": "user.gone", "payload": {"type": "object"}, "schemaFormat": "application/schema+json;version=draft-07"}]}}},
              "user.renamed": {"publish": {"message": {"summary": "Renamed.", "payload": {"$ref": "#/components/schemas/User"}}}}},
             "components": {"messages": {"UserMade": {"name": "user.made", "payload": {"$ref": "#/components/schemas/User"},
                "examples": [{"payload": {"name": "Ada"}}]}},
              "schemas": {"User": {"type": "object", "properties": {"name": {"type": "string"}}}}}}""";

    private static Map<String, EventTypeDraft> read(String document) {
        try {
            Map<String, EventTypeDraft> drafts = new TreeMap<>();
            EventTypeDocument.read(document.getBytes(StandardCharsets.UTF_8))
                    .forEach(draft -> drafts.put(draft.name(), draft));
            return drafts;
        } catch (FaultyException faulty) {
            throw new AssertionError(faulty.faults().toString(), faulty);
        }
    }

    private static List<String> faults(String document) {
        try {
            EventTypeDocument.read(document.getBytes(StandardCharsets.UTF_8));
            return List.of();
        } catch (FaultyException faulty) {
            return faulty.faults().stream()
                    .map(fault -> fault.pointer() + " " + fault.detail())
                    .toList();
        }
    }

    @Test
    void openApi_webhooksBecomeEventTypes_withAllThatTheirSchemasReferTo() {
        Map<String, EventTypeDraft> drafts = read(OPEN_API);

        assertThat(drafts.keySet()).containsExactly("order.created", "orders/paid", "ping");
        assertThat(drafts.get("ping")).isEqualTo(new EventTypeDraft("ping", null, null, null, null));
        assertThat(drafts.get("order.created"))
                .isEqualTo(new EventTypeDraft(
                        "order.created",
                        "A customer has placed an order.",
                        "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"$ref\":\"#/$defs/order~1Id\"},"
                                + "\"total\":{\"type\":\"number\"},\"next\":{\"$ref\":\"#\"}},"
                                + "\"$defs\":{\"order/Id\":{\"type\":\"string\"}}}",
                        "{\"id\":\"ord_1\",\"total\":19.90,\"next\":{\"id\":\"ord_2\"}}",
                        null));
        assertThat(drafts.get("orders/paid").exampleJson()).isEqualTo("{\"$ref\":\"not a reference\"}");
        assertThat(drafts.get("orders/paid").schemaJson())
                .contains("\"order\":{\"$ref\":\"#/$defs/Order\"}")
                .contains("\"next\":{\"$ref\":\"#/$defs/Order\"}")
                .contains("\"const\":{\"$ref\":\"not a reference\"}");
    }

    @Test
    void asyncApi_messagesBecomeEventTypes() {
        Map<String, EventTypeDraft> drafts = read(ASYNC_API_2);

        assertThat(drafts.keySet()).containsExactly("user.gone", "user.made", "user.renamed");
        assertThat(drafts.get("user.made").exampleJson()).isEqualTo("{\"name\":\"Ada\"}");
        assertThat(drafts.get("user.renamed"))
                .isEqualTo(new EventTypeDraft(
                        "user.renamed",
                        "Renamed.",
                        "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}",
                        null,
                        null));
    }

    @Test
    void asyncApi_withoutChannels_isReadByItsMessages() {
        assertThat(
                        read(
                                "{\"asyncapi\":\"3.0.0\",\"components\":{\"messages\":{\"user.made\":{\"summary\":\"Made.\"}}}}"))
                .containsValue(new EventTypeDraft("user.made", "Made.", null, null, null));
    }

    @Test
    void documents_thatCannotBeTaken_areToldOfWithThePlace() {
        String openApi = "openapi: 3.1.0\nwebhooks:\n";

        assertThat(faults(openApi + "  a: {$ref: 'other.yaml#/a'}\n  b: {$ref: '#/none'}\n  c: {get: {}}\n"))
                .containsExactly(
                        "/webhooks/a/$ref leads out of the document, and nothing is fetched",
                        "/webhooks/b/$ref leads to nothing in the document",
                        "/webhooks/c has no operation post");
        String body = "{post: {requestBody: {content: {application/json: ";
        assertThat(faults(openApi + "  a: " + body + "{schema: {items: {$ref: 'https://x.example/s'}}}}}}}\n"))
                .containsExactly(
                        "/webhooks/a/post/requestBody/content/application~1json/schema/items/$ref leads out of the document,"
                                + " and nothing is fetched");
        assertThat(faults(openApi + "  a: " + body + "{schema: {type: string}, example: 1}}}}}\n  ' b': {post: {}}\n"
                        + "  c: " + body + "{schema: {pattern: '(?=a)'}}}}}}\n"))
                .containsExactly("/webhooks/ b is no name of an event type: it must not begin or end with a space");
        assertThat(faults(openApi + "  a: " + body + "{schema: {type: string}, example: 1}}}}}\n" + "  c: " + body
                        + "{schema: {pattern: '(?=a)'}}}}}}\n"))
                .hasSize(2)
                .anyMatch(fault ->
                        fault.equals("/webhooks/a /example integer found, string expected, by the schema given"))
                .anyMatch(fault -> fault.startsWith("/webhooks/c /schema/pattern is not an expression of RE2"));
        assertThat(faults("openapi: 3.0.3\npaths: {}\n"))
                .containsExactly("/openapi must be 3.1 or later: before, there were no webhooks");
        assertThat(faults("openapi: 3.1.0\npaths: {}\n")).containsExactly("/webhooks describes no event type");
        assertThat(faults("a: 1\n")).containsExactly(" is neither an OpenAPI nor an AsyncAPI document");
        assertThat(faults("openapi: &a 3.1.0\nwebhooks: *a\n"))
                .containsExactly(" has a YAML alias, which is not taken (line 2)");
        assertThat(faults("a: [1\nb: 2")).first().asString().startsWith(" is not valid YAML (line 2");
        assertThat(faults("a: 1\na: 2")).first().asString().startsWith(" is not valid YAML (line 2");
        assertThat(faults("{\"a\": }")).containsExactly(" is not valid JSON (line 1, column 7)");
        assertThat(faults("{".repeat(100_000))).first().asString().startsWith(" is not valid JSON");
        assertThat(faults("[".repeat(100_000))).first().asString().startsWith(" is not valid YAML");
        assertThat(faults(
                        ASYNC_API_2.replace("application/schema+json;version=draft-07", "application/vnd.apache.avro")))
                .containsExactly("/channels/users/subscribe/message/oneOf/1/schemaFormat is not one of JSON Schema");
        assertThat(faults(ASYNC_API_2.replace("user.gone", "user.made")))
                .containsExactly(
                        "/channels/users/subscribe/message/oneOf/1 describes the event type user.made otherwise"
                                + " than another part of the document");
    }

    @Test
    void asyncApiOfTheCatalogue_isValid_andSaysTheSameWhenItIsReadAgain() throws IOException {
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        List<EventTypeDraft> drafts = List.of(
                new EventTypeDraft(
                        "orders/paid ü",
                        "Paid.",
                        "{\"type\":\"object\",\"properties\":{\"a b\":{\"$ref\":\"#/$defs/x~1y\"},\"next\":{\"$ref\":\"#\"}},"
                                + "\"$defs\":{\"x/y\":{\"type\":\"number\",\"multipleOf\":0.01}}}",
                        "{\"a b\":12345678901234567890.10}",
                        true),
                new EventTypeDraft("orders.paid ü", null, null, "[1.0]", false),
                new EventTypeDraft("plain", "Nothing but a name.\nIn two lines.", null, null, false),
                new EventTypeDraft("any", null, "{}", null, false));
        List<EventType> types =
                drafts.stream().map(draft -> EventType.of("acme", draft, now)).toList();

        byte[] json = AsyncApi.json("acme", types);
        byte[] yaml = AsyncApi.yaml("acme", types);

        JsonNode document = new ObjectMapper().readTree(json);
        try (InputStream schema = getClass().getResourceAsStream("/asyncapi/3.0.0.json")) {
            assertThat(JsonSchemaFactory.getInstance(VersionFlag.V7)
                            .getSchema(schema)
                            .validate(document))
                    .isEmpty();
        }
        document.findValuesAsText("$ref")
                .forEach(reference -> assertThat(Pointers.at(
                                        document,
                                        Pointers.ofReference(reference).orElseThrow())
                                .isMissingNode())
                        .as(reference)
                        .isFalse());
        assertThat(document.path("channels").size()).isEqualTo(4);
        assertThat(document.at("/info/title").asText()).isEqualTo("Webhooks of acme");
        assertThat(read(new String(json, StandardCharsets.UTF_8)).values()).containsExactlyInAnyOrderElementsOf(drafts);
        assertThat(read(new String(yaml, StandardCharsets.UTF_8)).values()).containsExactlyInAnyOrderElementsOf(drafts);
    }
}
