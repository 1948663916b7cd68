package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.SourceKind;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a third party's call: JSON, carried as the bytes that came, or a form. Of a form the field {@code payload}
 * is the JSON where the provider puts it there; any other becomes an object of its fields.
 */
final class InboundBody {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    /** How deep a provider's name of an event stands. */
    private static final int DEEPEST = 2;

    private final byte[] json;
    private final Map<String, String> texts;

    private InboundBody(byte[] json, Map<String, String> texts) {
        this.json = json;
        this.texts = texts;
    }

    /** Reads a body. */
    static InboundBody of(byte[] body, boolean isForm, SourceKind kind) {
        return isForm ? json(form(body, kind)) : json(body);
    }

    /** The JSON value, as it came, without what stands around it. */
    byte[] json() {
        return json;
    }

    /** A string at that place; {@code null} when there is none. */
    @Nullable String text(String path) {
        return texts.get(path);
    }

    private static InboundBody json(byte[] body) {
        boolean marked = body.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(Arrays.copyOf(body, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK);
        byte[] text = marked ? Arrays.copyOfRange(body, BYTE_ORDER_MARK.length, body.length) : body;
        Json.checkText(text);
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = Json.parser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw Problem.of(400, "The body is empty; it must be JSON");
            }
            int from = (int) parser.currentTokenLocation().getByteOffset();
            if (first == JsonToken.START_OBJECT) {
                fields(parser, "", 1, texts);
            } else {
                parser.finishToken();
                parser.skipChildren();
            }
            int to = (int) parser.currentLocation().getByteOffset();
            if (parser.nextToken() != null) {
                throw Problem.of(400, "The body has something after its JSON value");
            }
            return new InboundBody(Arrays.copyOfRange(text, from, to), texts);
        } catch (IOException malformed) {
            throw Json.notJson(malformed);
        }
    }

    private static void fields(JsonParser parser, String before, int depth, Map<String, String> texts)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String path = before + parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                texts.put(path, parser.getText());
            } else if (token == JsonToken.START_OBJECT && depth < DEEPEST) {
                fields(parser, path + ".", depth + 1, texts);
            } else {
                parser.finishToken();
                parser.skipChildren();
            }
        }
    }

    private static byte[] form(byte[] body, SourceKind kind) {
        ObjectNode fields = Json.object();
        for (String field : new String(body, StandardCharsets.UTF_8).split("&")) {
            int equals = field.indexOf('=');
            if (!field.isEmpty()) {
                String value = equals < 0 ? "" : decoded(field.substring(equals + 1));
                add(fields, decoded(equals < 0 ? field : field.substring(0, equals)), value);
            }
        }
        JsonNode payload = fields.path("payload");
        boolean wrapped = (kind == SourceKind.GITHUB || kind == SourceKind.SLACK) && payload.isTextual();
        return wrapped ? payload.textValue().getBytes(StandardCharsets.UTF_8) : Json.write(fields);
    }

    /** A field that is there several times has all of its values. */
    private static void add(ObjectNode fields, String name, String value) {
        JsonNode before = fields.get(name);
        if (before == null) {
            fields.put(name, value);
        } else if (before instanceof ArrayNode several) {
            several.add(value);
        } else {
            fields.putArray(name).add(before).add(value);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Problem.of(400, "The form cannot be decoded");
        }
    }
}
