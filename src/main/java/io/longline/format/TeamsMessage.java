package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Messages for Microsoft Teams: an Adaptive Card in the envelope that the webhook of a workflow takes
 * (<a href="https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using">Teams</a>,
 * <a href="https://adaptivecards.io/explorer/AdaptiveCard.html">cards</a>). A message may have 28 KB.
 */
final class TeamsMessage {
    private static final int BYTES = 28_000;
    private static final String CARD = "application/vnd.microsoft.card.adaptive";
    private static final Set<String> WORDS = Set.of("text", "value", "title", "altText", "fallbackText", "speak");
    /** How long words may be, tried one after the other until the message is small enough. */
    private static final int[] LENGTHS = {8_000, 4_000, 2_000, 1_000, 500, 200, 80};

    private TeamsMessage() {}

    /** An event's message: a coloured title, words, facts, and whence it comes. */
    static ObjectNode of(Card event) {
        ObjectNode card = Json.object();
        card.put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        card.put("type", "AdaptiveCard");
        card.put("version", "1.4");
        card.putObject("msteams").put("width", "Full");
        ArrayNode body = card.putArray("body");
        ObjectNode head = body.addObject().put("type", "Container");
        head.put("style", event.severity().containerStyle()).put("bleed", true);
        text(head.putArray("items"), event.title()).put("weight", "Bolder").put("size", "Medium");
        if (event.text() != null) {
            text(body, event.text());
        }
        if (!event.fields().isEmpty()) {
            ArrayNode facts = body.addObject().put("type", "FactSet").putArray("facts");
            event.fields()
                    .forEach(field ->
                            facts.addObject().put("title", field.name()).put("value", field.value()));
        }
        text(body, event.event() + " · " + event.id() + " · " + event.timestamp())
                .put("isSubtle", true)
                .put("size", "Small");
        if (event.url() != null) {
            card.putArray("actions")
                    .addObject()
                    .put("type", "Action.OpenUrl")
                    .put("title", "Open")
                    .put("url", event.url());
        }
        return card;
    }

    private static ObjectNode text(ArrayNode items, String text) {
        return items.addObject().put("type", "TextBlock").put("text", text).put("wrap", true);
    }

    /** Cuts a message to what Teams takes; a bare card gets its envelope. */
    static ObjectNode fit(ObjectNode made) throws UnrenderableException {
        ObjectNode message = made.path("type").asText().equals("AdaptiveCard") ? enveloped(made) : made;
        if (!message.path("attachments").isArray()
                || message.path("attachments").isEmpty()) {
            throw new UnrenderableException(
                    "The message is neither an AdaptiveCard nor a message with attachments, which Teams needs");
        }
        for (int length : LENGTHS) {
            if (Json.size(message) <= BYTES) {
                return message;
            }
            cut(message, length);
        }
        int size = Json.size(message);
        if (size > BYTES) {
            throw new UnrenderableException("The message has " + size + " bytes, and Teams takes " + BYTES);
        }
        return message;
    }

    private static ObjectNode enveloped(ObjectNode card) {
        ObjectNode message = Json.object().put("type", "message");
        message.putArray("attachments")
                .addObject()
                .put("contentType", CARD)
                .putNull("contentUrl")
                .set("content", card);
        return message;
    }

    private static void cut(JsonNode node, int most) {
        if (node instanceof ObjectNode object) {
            WORDS.forEach(name -> Shorten.field(object, name, most));
        }
        node.forEach(child -> cut(child, most));
    }
}
