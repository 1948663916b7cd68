package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as people read it: the same for every chat service, which only lays it out its own way.
 *
 * @param title what happened, in one line
 * @param text more of it; {@code null} when the event has no words
 * @param url where to read on; {@code null} when the event names no page
 * @param fields the rest of the data, one value each
 * @param id the event's identifier
 * @param timestamp when it happened, RFC 3339
 */
record Card(
        String title,
        @Nullable String text,
        @Nullable String url,
        List<Field> fields,
        Severity severity,
        String event,
        String id,
        String timestamp) {
    private static final List<String> TITLES = List.of("title", "subject", "summary");
    private static final List<String> TEXTS = List.of("message", "description", "text", "reason");
    private static final List<String> PAGES = List.of("url", "html_url", "link");
    private static final int MOST_FIELDS = 25;
    private static final int DEEPEST = 3;
    private static final int SHORT = 40;
    private static final int LONGEST_URL = 2_000;

    /**
     * A value with its name.
     *
     * @param isShort whether two fit beside each other
     */
    record Field(String name, String value, boolean isShort) {}

    static Card of(ObjectNode event) {
        JsonNode data = event.path("data");
        String type = event.path("event").asText();
        Set<String> used = new HashSet<>();
        String title = words(data, TITLES, used);
        String text = data.isObject() ? words(data, TEXTS, used) : value(data);
        String url = page(data, used);
        List<Field> fields = new ArrayList<>();
        if (data.isObject()) {
            collect(data, "", 1, used, fields);
        }
        int hidden = fields.size() - MOST_FIELDS;
        if (hidden > 0) {
            fields.subList(MOST_FIELDS - 1, fields.size()).clear();
            fields.add(new Field(Shorten.ELLIPSIS, "and " + (hidden + 1) + " more", true));
        }
        return new Card(
                title == null ? type : title,
                text == null || text.isBlank() ? null : text,
                url,
                fields,
                severity(event, type),
                type,
                event.path("id").asText(),
                event.path("timestamp").asText());
    }

    private static @Nullable String words(JsonNode data, List<String> names, Set<String> used) {
        for (String name : names) {
            JsonNode value = data.get(name);
            if (value != null && value.isTextual() && !value.textValue().isBlank()) {
                used.add(name);
                return value.textValue();
            }
        }
        return null;
    }

    private static @Nullable String page(JsonNode data, Set<String> used) {
        for (String name : PAGES) {
            String text = data.path(name).asText();
            if (isPage(text)) {
                used.add(name);
                return text;
            }
        }
        return null;
    }

    /** Whether it is an address of the web that every service takes. */
    private static boolean isPage(String text) {
        if (text.length() > LONGEST_URL || !text.matches("https?://[!-;=?-{}~]+")) {
            return false;
        }
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException noAddress) {
            return false;
        }
    }

    /** What somebody says of the severity goes before what the name speaks of; a circuit that closes is good news. */
    private static Severity severity(ObjectNode event, String type) {
        for (String parent : List.of("data", "metadata")) {
            for (String name : List.of("severity", "level")) {
                Optional<Severity> said =
                        Severity.ofWord(event.path(parent).path(name).asText());
                if (said.isPresent()) {
                    return said.get();
                }
            }
        }
        boolean isRelief = event.path("data").path("alert").asText().equals("circuit_closed");
        return isRelief ? Severity.GOOD : Severity.ofEvent(type);
    }

    private static void collect(JsonNode object, String path, int depth, Set<String> used, List<Field> fields) {
        object.properties().forEach(entry -> {
            String name = path + entry.getKey();
            JsonNode value = entry.getValue();
            if (used.contains(name) || value.isNull()) {
                return;
            }
            if (value.isObject() && !value.isEmpty() && depth < DEEPEST) {
                collect(value, name + ".", depth + 1, used, fields);
            } else {
                String text = value(value);
                fields.add(new Field(name.isBlank() ? "-" : name, text.isBlank() ? "-" : text, text.length() <= SHORT));
            }
        });
    }

    /** Plain values as they are, lists of them with commas, anything else as JSON. */
    private static String value(JsonNode node) {
        if (node.isArray() && !node.isEmpty()) {
            List<String> parts = new ArrayList<>();
            node.forEach(element -> parts.add(element.isContainerNode() ? element.toString() : element.asText()));
            return String.join(", ", parts);
        }
        return node.isContainerNode() ? node.toString() : node.asText();
    }
}
