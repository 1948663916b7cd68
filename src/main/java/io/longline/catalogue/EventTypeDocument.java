package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import io.longline.policy.EventPattern;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event types that a document describes: the webhooks of an OpenAPI 3.1 document
 * (<a href="https://spec.openapis.org/oas/v3.1.0#oasWebhooks">webhooks</a>), or the messages of an AsyncAPI document
 * (<a href="https://www.asyncapi.com/docs/reference/specification/v2.6.0">2.x</a>,
 * <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">3.x</a>). What a webhook or a message carries is
 * taken for an event's data; in a document that Longline has made itself, it is the part that is the data.
 */
public final class EventTypeDocument {
    /** The longest document taken, in bytes. */
    public static final int MOST_BYTES = 8 * 1_048_576;

    /** Messages and webhooks gone through, some of which may be the same. */
    private static final int MOST_READ = 5 * EventType.MOST;

    /** The most faults told of one document. */
    private static final int MOST_FAULTS = 50;

    private final JsonNode document;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, EventTypeDraft> drafts = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private int read;
    private long bytes;
    private boolean tooMuch;

    private EventTypeDocument(JsonNode document) {
        this.document = document;
    }

    /**
     * Reads a document in JSON or YAML. Their schemas are sound, and their examples fit. Not for an event loop.
     *
     * @return at least one, of different names
     * @throws FaultyException with the place of each fault in the document
     */
    public static List<EventTypeDraft> read(byte[] bytes) throws FaultyException {
        if (bytes.length > MOST_BYTES) {
            throw new FaultyException("", "has more than " + MOST_BYTES + " bytes");
        }
        return new EventTypeDocument(DocumentText.read(bytes)).read();
    }

    private List<EventTypeDraft> read() throws FaultyException {
        String openApi = document.path("openapi").asText();
        String asyncApi = document.path("asyncapi").asText();
        if (openApi.startsWith("3.") && !openApi.startsWith("3.0")) {
            webhooks();
        } else if (asyncApi.startsWith("3.")) {
            channels("/channels", this::channelOfThree);
        } else if (asyncApi.startsWith("2.")) {
            channels("/channels", this::channelOfTwo);
        } else if (!openApi.isEmpty()) {
            faults.add(new Fault("/openapi", "must be 3.1 or later: before, there were no webhooks"));
        } else if (!asyncApi.isEmpty()) {
            faults.add(new Fault("/asyncapi", "must be 2.x or 3.x"));
        } else {
            faults.add(new Fault("", "is neither an OpenAPI nor an AsyncAPI document"));
        }
        if (faults.isEmpty() && drafts.isEmpty() && openApi.isEmpty()) {
            looseMessages();
        }
        if (faults.isEmpty() && drafts.isEmpty()) {
            String section = openApi.isEmpty() ? "/channels" : "/webhooks";
            faults.add(new Fault(section, "describes no event type"));
        }
        if (tooMuch) {
            faults.add(
                    new Fault("", "describes more than the " + EventType.MOST_BYTES + " bytes that a tenant may have"));
        } else if (drafts.size() > EventType.MOST) {
            faults.add(new Fault("", "describes more than " + EventType.MOST + " event types"));
        }
        if (faults.isEmpty()) {
            drafts.forEach((name, draft) -> EventTypeCheck.faults(draft)
                    .forEach(fault -> fault(places.getOrDefault(name, ""), fault.pointer() + " " + fault.detail())));
        }
        if (!faults.isEmpty()) {
            throw new FaultyException(faults);
        }
        return List.copyOf(drafts.values());
    }

    private void fault(String place, String detail) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(new Fault(place, detail));
        }
    }

    /** Something in the document, and where it is. */
    private record Found(JsonNode node, String place) {
        Found child(String name) {
            return new Found(node.path(name), Fault.pointer(place, name));
        }

        @Nullable String text(String... names) {
            for (String name : names) {
                if (node.path(name).isTextual() && !node.path(name).textValue().isBlank()) {
                    return node.path(name).textValue();
                }
            }
            return null;
        }

        boolean isThere() {
            return !node.isMissingNode() && !node.isNull();
        }
    }

    /** Follows references to where they end, within the document. */
    private Found resolve(Found found) {
        Found at = found;
        Set<String> visited = new LinkedHashSet<>();
        while (at.node.path("$ref").isTextual()) {
            String reference = at.node.path("$ref").textValue();
            Optional<String> target = Pointers.ofReference(reference);
            JsonNode node =
                    target.map(pointer -> Pointers.at(document, pointer)).orElse(document.path(""));
            if (target.isEmpty() || node.isMissingNode() || !visited.add(target.get())) {
                boolean leaves = target.isEmpty();
                fault(
                        at.place + "/$ref",
                        leaves
                                ? "leads out of the document, and nothing is fetched"
                                : "leads to nothing in the document");
                return new Found(document.path(""), at.place);
            }
            at = new Found(node, target.get());
        }
        return at;
    }

    private void webhooks() {
        document.path("webhooks").properties().forEach(webhook -> {
            Found item = resolve(new Found(webhook.getValue(), Fault.pointer("/webhooks", webhook.getKey())));
            Found operation = null;
            for (String method : List.of("post", "put", "patch")) {
                if (operation == null && item.child(method).isThere()) {
                    operation = item.child(method);
                }
            }
            if (operation == null) {
                if (item.isThere()) {
                    fault(item.place, "has no operation post");
                }
                return;
            }
            String description = operation.text("description", "summary");
            Found body = resolve(operation.child("requestBody"));
            add(
                    webhook.getKey(),
                    description == null ? item.text("description", "summary") : description,
                    json(body),
                    item.place);
        });
    }

    /** The media type of a body that is JSON. */
    private static @Nullable Found json(Found body) {
        Found content = body.child("content");
        for (Map.Entry<String, JsonNode> media : content.node.properties()) {
            String type = media.getKey().replaceAll(";.*", "").strip();
            if (type.equals("application/json") || type.endsWith("+json") || type.equals("*/*")) {
                return content.child(media.getKey());
            }
        }
        return null;
    }

    private void add(String name, @Nullable String description, @Nullable Found media, String place) {
        Found schema = media == null ? null : media.child("schema");
        JsonNode example = media == null ? null : example(media);
        add(name, description, schema, example, null, place);
    }

    private @Nullable JsonNode example(Found media) {
        if (media.node.has("example")) {
            return media.node.get("example");
        }
        for (Map.Entry<String, JsonNode> named : media.node.path("examples").properties()) {
            Found example = resolve(media.child("examples").child(named.getKey()));
            if (example.node.has("value")) {
                return example.node.get("value");
            }
        }
        return null;
    }

    /** Goes through a channel. */
    private interface Channel {
        void read(String name, Found channel);
    }

    private void channels(String place, Channel reader) {
        Pointers.at(document, place)
                .properties()
                .forEach(channel -> reader.read(
                        channel.getKey(),
                        resolve(new Found(channel.getValue(), Fault.pointer(place, channel.getKey())))));
    }

    private void channelOfThree(String name, Found channel) {
        Found messages = channel.child("messages");
        messages.node
                .properties()
                .forEach(message -> message(message.getKey(), resolve(messages.child(message.getKey()))));
    }

    private void channelOfTwo(String name, Found channel) {
        for (String direction : List.of("publish", "subscribe")) {
            Found message = resolve(channel.child(direction).child("message"));
            JsonNode several = message.node.path("oneOf");
            if (several.isArray()) {
                for (int index = 0; index < several.size(); index++) {
                    message(name, resolve(new Found(several.get(index), message.place + "/oneOf/" + index)));
                }
            } else if (message.isThere()) {
                message(name, message);
            }
        }
    }

    /** Messages that no channel carries, for documents that have no more. */
    private void looseMessages() {
        document.path("components")
                .path("messages")
                .properties()
                .forEach(message -> message(
                        message.getKey(),
                        resolve(new Found(
                                message.getValue(), Fault.pointer("/components/messages", message.getKey())))));
    }

    private void message(String key, Found message) {
        if (!message.isThere()) {
            return;
        }
        String named = message.text("name", "messageId", "title");
        String name = named == null ? key : named;
        Found payload = resolveMulti(message);
        JsonNode own = message.node.path(AsyncApi.EXTENSION);
        JsonNode example = message.node.path("examples").path(0).path("payload");
        Boolean validates = null;
        if (own.isObject()) {
            payload = payload.child("properties").child("data");
            example = example.path("data");
            validates = own.path("validate").asBoolean();
        }
        add(
                name,
                message.text("description", "summary"),
                payload,
                example.isMissingNode() ? null : example,
                validates,
                message.place);
    }

    /** A payload's schema, which since version 3 may stand beside the name of its language. */
    private Found resolveMulti(Found message) {
        Found payload = message.child("payload");
        boolean several = payload.node.has("schemaFormat");
        Found holder = several ? payload : message;
        String format = holder.text("schemaFormat");
        boolean json = format == null
                || format.startsWith("application/vnd.aai.asyncapi")
                || format.startsWith("application/schema+json")
                || format.startsWith("application/schema+yaml")
                || format.startsWith("application/vnd.oai.openapi");
        if (!json) {
            fault(holder.place + "/schemaFormat", "is not one of JSON Schema");
        }
        return several ? payload.child("schema") : payload;
    }

    private void add(
            String name,
            @Nullable String description,
            @Nullable Found schema,
            @Nullable JsonNode example,
            @Nullable Boolean validates,
            String place) {
        if (place.equals(places.get(name)) || isPastBounds()) {
            return;
        }
        EventPattern.nameFault(name).ifPresent(fault -> fault(place, "is no name of an event type: it " + fault));
        if (description != null && description.length() > EventType.LONGEST_DESCRIPTION) {
            fault(place, "has a description of more than " + EventType.LONGEST_DESCRIPTION + " characters");
        }
        EventTypeDraft draft =
                new EventTypeDraft(name, description, schema(schema), json(example, place, "example"), validates);
        bytes += EventType.of("", draft, Instant.EPOCH).bytes();
        EventTypeDraft before = drafts.put(name, draft);
        places.put(name, place);
        if (before != null && !before.equals(draft)) {
            fault(place, "describes the event type " + name + " otherwise than another part of the document");
        }
    }

    /** What is beyond them is not read: it is refused in any case. */
    private boolean isPastBounds() {
        read++;
        if (read > MOST_READ || bytes > EventType.MOST_BYTES) {
            tooMuch = true;
        }
        return tooMuch || faults.size() >= MOST_FAULTS;
    }

    private @Nullable String schema(@Nullable Found schema) {
        if (schema == null || !schema.isThere() || schema.node.isBoolean()) {
            return null;
        }
        Found only = schema.node.size() == 1 && schema.node.has("$ref") ? resolve(schema) : schema;
        JsonNode bundle = only.isThere() ? SchemaBundle.of(document, only.place, faults) : null;
        return bundle == null ? null : json(bundle, schema.place, "schema");
    }

    private @Nullable String json(@Nullable JsonNode value, String place, String what) {
        if (value == null || value.isNull()) {
            return null;
        }
        String json = Trees.write(value);
        if (json.getBytes(StandardCharsets.UTF_8).length > EventType.LONGEST_JSON) {
            fault(
                    place,
                    "has " + (what.equals("example") ? "an example" : "a schema") + " of more than "
                            + EventType.LONGEST_JSON + " bytes");
        }
        return json;
    }
}
