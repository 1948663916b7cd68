package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.longline.model.EventType;
import io.longline.model.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A catalogue as an AsyncAPI document (<a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">3.0.0</a>), for
 * those who receive the events: what is sent to a webhook of the standard format, and how it is signed. The address of a
 * channel is the receiver's own, and so it has none here.
 */
public final class AsyncApi {
    /** What tells a message made here, and holds what AsyncAPI has no word for. */
    static final String EXTENSION = "x-longline";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SCHEME = "#/components/securitySchemes/";

    private final ObjectNode document = NODES.objectNode();
    private final ObjectNode channels = NODES.objectNode();
    private final ObjectNode operations = NODES.objectNode();
    private final ObjectNode messages = NODES.objectNode();

    private AsyncApi() {}

    /** The document in JSON. Not for an event loop. */
    public static byte[] json(String tenant, List<EventType> types) {
        return Trees.write(of(tenant, types)).getBytes(StandardCharsets.UTF_8);
    }

    /** The same in YAML. */
    public static byte[] yaml(String tenant, List<EventType> types) {
        try {
            return YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build()
                    .writeValueAsBytes(of(tenant, types));
        } catch (IOException impossible) {
            throw new UncheckedIOException("a tree has a YAML form", impossible);
        }
    }

    /** @param types of the tenant, none of them archived */
    static ObjectNode of(String tenant, List<EventType> types) {
        return new AsyncApi().write(tenant, types);
    }

    private ObjectNode write(String tenant, List<EventType> types) {
        keys(types).forEach(this::message);
        document.put("asyncapi", "3.0.0");
        document.set("info", info(tenant, types));
        document.put("defaultContentType", "application/json");
        document.set("channels", channels);
        document.set("operations", operations);
        ObjectNode components = document.putObject("components");
        components.set("messages", messages);
        components.putObject("schemas").set("deliveryHeaders", headers());
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.set("standardWebhooks", scheme("webhook-signature", """
                Standard Webhooks 1.0: for each live secret a signature "v1," and the base64 of the HMAC-SHA256 of \
                "<webhook-id>.<webhook-timestamp>.<body>", keyed with the decoded secret ("v1a," and Ed25519 for a key \
                pair), separated by spaces. Refuse a request whose timestamp is more than five minutes off."""));
        schemes.set("xWebhookSignature", scheme("X-Webhook-Signature", """
                "sha256=" and the hexadecimal HMAC-SHA256 of the body, keyed with the secret as it is given. Not sent where \
                a key pair signs."""));
        return document;
    }

    private static ObjectNode info(String tenant, List<EventType> types) {
        String newest = types.stream()
                .map(EventType::updatedAt)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH)
                .toString();
        ObjectNode info = NODES.objectNode();
        info.put("title", tenant.equals(Webhook.DEFAULT_TENANT) ? "Webhooks" : "Webhooks of " + tenant);
        info.put("version", newest);
        info.put(
                "description",
                "Events as they are sent: each as one POST of JSON to the URL that a receiver has registered, repeated"
                        + " until it answers with a status of 2xx. The same event may come more than once; webhook-id"
                        + " tells.");
        return info;
    }

    /** Names of event types are any text; keys in a document are not. */
    private static Map<String, EventType> keys(List<EventType> types) {
        Map<String, EventType> keys = new LinkedHashMap<>();
        for (EventType type : types) {
            String wanted = type.name().replaceAll("[^A-Za-z0-9._-]", "_");
            String key = wanted;
            for (int number = 2; keys.containsKey(key); number++) {
                key = wanted + "_" + number;
            }
            keys.put(key, type);
        }
        return keys;
    }

    private void message(String key, EventType type) {
        ObjectNode channel = channels.putObject(key);
        channel.putNull("address");
        channel.put("title", type.name());
        channel.putObject("messages").putObject(key).put("$ref", "#/components/messages/" + key);

        ObjectNode operation = operations.putObject("send." + key);
        operation.put("action", "send");
        operation.putObject("channel").put("$ref", "#/channels/" + key);
        ArrayNode sent = operation.putArray("messages");
        sent.addObject().put("$ref", "#/channels/" + key + "/messages/" + key);
        ArrayNode security = operation.putArray("security");
        security.addObject().put("$ref", SCHEME + "standardWebhooks");
        security.addObject().put("$ref", SCHEME + "xWebhookSignature");
        operation.putObject("bindings").putObject("http").put("method", "POST").put("bindingVersion", "0.3.0");

        ObjectNode message = messages.putObject(key);
        message.put("name", type.name());
        message.put("title", type.name());
        String description = type.description();
        if (description != null) {
            message.put("description", description);
        }
        message.put("contentType", "application/json");
        message.putObject("headers").put("$ref", "#/components/schemas/deliveryHeaders");
        message.set("payload", payload(key, type));
        String example = type.exampleJson();
        if (example != null) {
            message.putArray("examples").addObject().set("payload", example(type, tree(example)));
        }
        message.putObject(EXTENSION).put("validate", type.validates());
    }

    private static ObjectNode payload(String key, EventType type) {
        ObjectNode payload = NODES.objectNode();
        payload.put("type", "object");
        ArrayNode required = payload.putArray("required");
        List.of("id", "event", "timestamp", "data", "metadata").forEach(required::add);
        ObjectNode properties = payload.putObject("properties");
        properties
                .putObject("id")
                .put("type", "string")
                .put("pattern", "^evt_[0-9a-z]{26}$")
                .put("description", "The same for every repetition; webhook-id holds it too.");
        properties.putObject("event").put("const", type.name());
        properties
                .putObject("timestamp")
                .put("type", "string")
                .put("format", "date-time")
                .put("description", "When it happened.");
        String schema = type.schemaJson();
        properties.set(
                "data",
                schema == null
                        ? NODES.booleanNode(true)
                        : SchemaPlan.placed(tree(schema), "/components/messages/" + key + "/payload/properties/data"));
        properties.putObject("metadata").put("type", "object");
        return payload;
    }

    private static ObjectNode example(EventType type, JsonNode data) {
        ObjectNode payload = NODES.objectNode();
        payload.put("id", "evt_01kg72ych0evrs77abdajvsnwh");
        payload.put("event", type.name());
        payload.put("timestamp", "2026-01-31T12:00:00.000Z");
        payload.set("data", data);
        payload.putObject("metadata");
        return payload;
    }

    private static ObjectNode headers() {
        ObjectNode headers = NODES.objectNode();
        headers.put("type", "object");
        ObjectNode properties = headers.putObject("properties");
        header(properties, "webhook-id", "The event's id, the same for every repetition.");
        header(properties, "webhook-timestamp", "When this attempt was made, in seconds since 1970.");
        header(
                properties,
                "webhook-signature",
                "The signatures by Standard Webhooks; not sent by a webhook without secret.");
        header(properties, "X-Webhook-Signature", "The signature of the body alone.");
        header(properties, "X-Webhook-Event", "The event's name, percent-encoded outside of printable ASCII.");
        header(properties, "X-Webhook-Id", "The webhook's id.");
        header(properties, "X-Webhook-Delivery", "The delivery's id.");
        header(properties, "X-Webhook-Attempt", "Which attempt this is, from 1 on.");
        ArrayNode required = headers.putArray("required");
        List.of("webhook-id", "webhook-timestamp", "X-Webhook-Event", "X-Webhook-Id", "X-Webhook-Delivery")
                .forEach(required::add);
        return headers;
    }

    private static void header(ObjectNode properties, String name, String description) {
        properties.putObject(name).put("type", "string").put("description", description);
    }

    private static ObjectNode scheme(String header, String description) {
        return NODES.objectNode()
                .put("type", "httpApiKey")
                .put("in", "header")
                .put("name", header)
                .put("description", description);
    }

    private static JsonNode tree(String json) {
        return Trees.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
