package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages for Discord's webhooks, and their limits
 * (<a href="https://discord.com/developers/docs/resources/webhook#execute-webhook">execute webhook</a>,
 * <a href="https://discord.com/developers/docs/resources/message#embed-object-embed-limits">embed limits</a>).
 */
public final class DiscordMessage {
    private static final int CONTENT = 2_000;
    private static final int USERNAME = 80;
    private static final int EMBEDS = 10;
    private static final int TITLE = 256;
    private static final int DESCRIPTION = 4_096;
    private static final int FIELDS = 25;
    private static final int FIELD_NAME = 256;
    private static final int FIELD_VALUE = 1_024;
    private static final int FOOTER = 2_048;
    private static final int AUTHOR = 256;
    private static final int ALL_EMBEDS = 6_000;
    /** Too little to be worth a field. */
    private static final int LEAST = 20;

    private DiscordMessage() {}

    /** An event's message: one embed with title, words, fields, and whence it comes. */
    static ObjectNode of(Card card) {
        ObjectNode message = Json.object();
        ObjectNode embed = message.putArray("embeds").addObject();
        embed.put("title", card.title());
        if (card.text() != null) {
            embed.put("description", card.text());
        }
        if (card.url() != null) {
            embed.put("url", card.url());
        }
        embed.put("color", card.severity().colour());
        ArrayNode fields = embed.putArray("fields");
        card.fields()
                .forEach(field -> fields.addObject()
                        .put("name", field.name())
                        .put("value", field.value())
                        .put("inline", field.isShort()));
        embed.putObject("footer").put("text", card.event() + " · " + card.id());
        embed.put("timestamp", card.timestamp());
        return message;
    }

    /** A message of one text, in which nobody is called. */
    public static ObjectNode plain(String text) throws UnrenderableException {
        return fit(Json.object().put("content", text));
    }

    /**
     * A message of one embed.
     *
     * @param colour red, green and blue in one number, 0 to 0xFFFFFF; {@code null} for Discord's own
     */
    public static ObjectNode embed(String title, String description, @Nullable Integer colour)
            throws UnrenderableException {
        ObjectNode message = Json.object();
        ObjectNode embed = message.putArray("embeds").addObject();
        embed.put("title", title).put("description", description);
        if (colour != null) {
            embed.put("color", colour);
        }
        return fit(message);
    }

    /** Cuts a message to what Discord takes; unless it says otherwise itself, nobody is called by what it holds. */
    static ObjectNode fit(ObjectNode message) throws UnrenderableException {
        Shorten.field(message, "content", CONTENT);
        Shorten.field(message, "username", USERNAME);
        Shorten.elements(message.path("embeds"), EMBEDS);
        Room room = new Room();
        for (JsonNode embed : message.path("embeds")) {
            room.fit(embed);
        }
        boolean says = !message.path("content").asText().isBlank()
                || !message.path("embeds").isEmpty()
                || message.has("poll")
                || message.has("components");
        if (!says) {
            throw new UnrenderableException("The message has neither content nor embeds, of which Discord needs one");
        }
        if (!message.has("allowed_mentions")) {
            message.putObject("allowed_mentions").putArray("parse");
        }
        return message;
    }

    /** The characters that all embeds of a message may still have together. */
    private static final class Room {
        private int left = ALL_EMBEDS;

        void fit(JsonNode embed) {
            take(embed, "title", TITLE);
            take(embed.path("footer"), "text", FOOTER);
            take(embed.path("author"), "name", AUTHOR);
            take(embed, "description", DESCRIPTION);
            Shorten.elements(embed.path("fields"), FIELDS);
            int kept = 0;
            for (JsonNode field : embed.path("fields")) {
                if (left < LEAST) {
                    break;
                }
                fill(field);
                // Of what is left, the value gets half at least.
                take(field, "name", Math.min(FIELD_NAME, left / 2));
                take(field, "value", FIELD_VALUE);
                kept++;
            }
            Shorten.elements(embed.path("fields"), kept);
        }

        private void take(JsonNode parent, String name, int most) {
            if (left <= 0 && parent instanceof ObjectNode object) {
                object.remove(name);
                return;
            }
            Shorten.field(parent, name, Math.min(most, left));
            left -= parent.path(name).asText().length();
        }

        /** A field without a name or a value would be refused. */
        private static void fill(JsonNode field) {
            for (String name : List.of("name", "value")) {
                if (field instanceof ObjectNode object
                        && object.path(name).asText().isBlank()) {
                    object.put(name, "-");
                }
            }
        }
    }
}
