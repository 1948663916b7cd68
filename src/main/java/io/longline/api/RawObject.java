package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object as they stand in the body: text decoded, everything else as the bytes that were sent. What
 * only has to be carried is never turned into a tree.
 */
final class RawObject {
    private final Map<String, Value> values = new LinkedHashMap<>();

    /**
     * A field's value.
     *
     * @param text the decoded text of a string; {@code null} for anything else
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of the body, never compared
    record Value(JsonToken token, @Nullable String text, byte[] source, int from, int to) {
        /** The bytes as sent. */
        byte[] bytes() {
            return Arrays.copyOfRange(source, from, to);
        }

        /** The same as text. */
        String asSent() {
            return new String(source, from, to - from, StandardCharsets.UTF_8);
        }

        boolean isNull() {
            return token == JsonToken.VALUE_NULL;
        }

        boolean isObject() {
            return token == JsonToken.START_OBJECT;
        }
    }

    private RawObject() {}

    /** Reads a body that is one object. */
    static RawObject parse(byte[] body) {
        Json.checkText(body);
        try (JsonParser parser = Json.parser(body)) {
            RawObject object = read(parser, parser.nextToken(), body, 0);
            if (parser.nextToken() != null) {
                throw Problem.of(400, "The body has something after its JSON object");
            }
            return object;
        } catch (IOException malformed) {
            throw Json.notJson(malformed);
        }
    }

    /**
     * Reads the object that a parser stands at.
     *
     * @param offset where the parser's input begins in the source
     */
    static RawObject read(JsonParser parser, @Nullable JsonToken first, byte[] source, int offset) throws IOException {
        if (first != JsonToken.START_OBJECT) {
            throw Problem.of(
                    first == null ? 400 : 422,
                    first == null ? "The body is empty; it must be a JSON object" : "The body must be a JSON object");
        }
        RawObject object = new RawObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            int from = offset + (int) parser.currentTokenLocation().getByteOffset();
            String text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
            parser.finishToken();
            parser.skipChildren();
            int to = offset + (int) parser.currentLocation().getByteOffset();
            object.values.put(name, new Value(token, text, source, from, to));
        }
        return object;
    }

    /** A field's value; {@code null} when it is absent or null. */
    @Nullable Value get(String name) {
        Value value = values.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** A field's value, be it null; {@code null} when it is absent. */
    @Nullable Value getEvenNull(String name) {
        return values.get(name);
    }

    Set<String> names() {
        return values.keySet();
    }
}
