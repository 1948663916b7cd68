package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages for Slack's incoming webhooks, and their limits
 * (<a href="https://docs.slack.dev/reference/block-kit/blocks">Block Kit</a>,
 * <a href="https://docs.slack.dev/messaging/formatting-message-text">text</a>).
 */
public final class SlackMessage {
    private static final int TEXT = 40_000;
    private static final int BLOCKS = 50;
    private static final int ATTACHMENTS = 20;
    private static final int HEADER = 150;
    private static final int SECTION = 3_000;
    private static final int SECTION_FIELDS = 10;
    private static final int FIELD = 2_000;
    private static final int CONTEXT_ELEMENTS = 10;
    private static final int ACTIONS = 25;
    private static final int BUTTON = 75;
    private static final int URL = 3_000;
    private static final int ALT_TEXT = 2_000;
    private static final int FOOTER = 300;

    /** Group 1 stays as it is; what else matches is escaped. */
    private static final Pattern MARKUP = Pattern.compile(
            "(&(?:amp|lt|gt);|<(?:[@#!]|https?://|mailto:|tel:)[^<>\\n]++>|^>{1,3})|[&<>]", Pattern.MULTILINE);

    private SlackMessage() {}

    /** An event's message: a coloured attachment with title, words, fields, and whence it comes. */
    static ObjectNode of(Card card) {
        ObjectNode message = Json.object();
        String summary = card.text() == null ? card.title() : card.title() + ": " + card.text();
        message.put("text", Shorten.text(escaped(summary), SECTION));
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("color", card.severity().hexColour());
        ArrayNode blocks = attachment.putArray("blocks");
        text(blocks.addObject().put("type", "header").putObject("text"), "plain_text", card.title());
        if (card.text() != null) {
            text(section(blocks).putObject("text"), "mrkdwn", escaped(card.text()));
        }
        List<Card.Field> waiting = new ArrayList<>(card.fields());
        while (!waiting.isEmpty()) {
            List<Card.Field> some = waiting.subList(0, Math.min(SECTION_FIELDS, waiting.size()));
            ArrayNode fields = section(blocks).putArray("fields");
            some.forEach(field ->
                    text(fields.addObject(), "mrkdwn", "*" + escaped(field.name()) + "*\n" + escaped(field.value())));
            some.clear();
        }
        if (card.url() != null) {
            text(section(blocks).putObject("text"), "mrkdwn", "<" + escaped(card.url()) + ">");
        }
        text(
                blocks.addObject().put("type", "context").putArray("elements").addObject(),
                "mrkdwn",
                escaped(card.event()) + " · " + escaped(card.id()) + " · " + card.timestamp());
        return message;
    }

    /**
     * A message of one text.
     *
     * @param text in Slack's own markup, in which {@code <!channel>} calls everybody
     */
    public static ObjectNode plain(String text) throws UnrenderableException {
        return fit(Json.object().put("text", markup(text)));
    }

    /**
     * A message with a coloured bar.
     *
     * @param colour {@code good}, {@code warning}, {@code danger}, or {@code #RRGGBB}
     */
    public static ObjectNode alert(String title, String description, String colour) throws UnrenderableException {
        ObjectNode message = Json.object();
        message.put("text", Shorten.text(markup(title), SECTION));
        ObjectNode attachment = message.putArray("attachments").addObject();
        attachment.put("color", colour);
        ArrayNode blocks = attachment.putArray("blocks");
        text(blocks.addObject().put("type", "header").putObject("text"), "plain_text", title);
        text(section(blocks).putObject("text"), "mrkdwn", markup(description));
        return fit(message);
    }

    /** The characters that mean something to Slack, as references: neither links nor mentions come from data. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Slack's markup with what it asks to be escaped as references: the three characters wherever they are no part of a
     * reference, of a link or mention in angle brackets, or of the sign before a quoted line.
     */
    static String markup(String text) {
        return MARKUP.matcher(text).replaceAll(found -> {
            String token = found.group();
            return Matcher.quoteReplacement(found.group(1) == null ? escaped(token) : token);
        });
    }

    private static ObjectNode section(ArrayNode blocks) {
        return blocks.addObject().put("type", "section");
    }

    private static void text(ObjectNode object, String type, String text) {
        object.put("type", type).put("text", text.isBlank() ? "-" : text);
    }

    /** Cuts a message to what Slack takes. */
    static ObjectNode fit(ObjectNode message) throws UnrenderableException {
        Shorten.field(message, "text", TEXT);
        int blocks = fitBlocks(message.path("blocks"), BLOCKS);
        Shorten.elements(message.path("attachments"), ATTACHMENTS);
        for (JsonNode attachment : message.path("attachments")) {
            for (String name : List.of("text", "pretext", "fallback", "title")) {
                Shorten.field(attachment, name, SECTION);
            }
            Shorten.field(attachment, "footer", FOOTER);
            for (JsonNode field : attachment.path("fields")) {
                Shorten.field(field, "value", FIELD);
                Shorten.field(field, "title", FIELD);
            }
            blocks += fitBlocks(attachment.path("blocks"), BLOCKS - blocks);
        }
        boolean says = !message.path("text").asText().isBlank()
                || !message.path("blocks").isEmpty()
                || !message.path("attachments").isEmpty();
        if (!says) {
            throw new UnrenderableException("The message has no text, blocks or attachments, of which Slack needs one");
        }
        return message;
    }

    /** Cuts blocks, and answers how many there are then. */
    private static int fitBlocks(JsonNode blocks, int most) {
        Shorten.elements(blocks, most);
        for (JsonNode block : blocks) {
            boolean isHeader = block.path("type").asText().equals("header");
            Shorten.field(block.path("text"), "text", isHeader ? HEADER : SECTION);
            Shorten.elements(block.path("fields"), SECTION_FIELDS);
            for (JsonNode field : block.path("fields")) {
                Shorten.field(field, "text", FIELD);
            }
            Shorten.elements(
                    block.path("elements"), block.path("type").asText().equals("actions") ? ACTIONS : CONTEXT_ELEMENTS);
            for (JsonNode element : block.path("elements")) {
                fitElement(element);
            }
            fitElement(block.path("accessory"));
            Shorten.field(block, "alt_text", ALT_TEXT);
            Shorten.field(block.path("title"), "text", ALT_TEXT);
        }
        return blocks.size();
    }

    private static void fitElement(JsonNode element) {
        Shorten.field(element, "text", SECTION);
        Shorten.field(element.path("text"), "text", BUTTON);
        Shorten.field(element, "alt_text", ALT_TEXT);
        Shorten.field(element, "url", URL);
        Shorten.field(element, "value", FIELD);
    }
}
