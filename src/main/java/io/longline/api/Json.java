package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.longline.bus.JsonText;
import java.io.IOException;

/**
 * The API's JSON: strict in what it takes (no key twice, no NaN, no unpaired surrogate, bounded depth), exact in what it
 * carries (numbers keep their digits).
 */
final class Json {
    private static final ObjectMapper MAPPER = JsonText.TREES;

    private Json() {}

    /** A new object to fill. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A value written as it stands, which must be JSON. */
    static RawValue raw(String json) {
        return new RawValue(json);
    }

    /** Reads a body as a tree. */
    static JsonNode read(byte[] body) {
        try {
            checkText(body);
            JsonNode node = MAPPER.readTree(body);
            if (node == null || node.isMissingNode()) {
                throw Problem.of(400, "The body is empty; it must be JSON");
            }
            return node;
        } catch (IOException malformed) {
            throw notJson(malformed);
        } catch (NumberFormatException beyond) {
            throw Problem.of(400, "The body has a number with an exponent that is out of range");
        }
    }

    /** Reads an object that was stored or made by this server. */
    static JsonNode readStored(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("stored JSON cannot be read", damaged);
        }
    }

    /** A parser over a whole body, to be read through to its end. */
    static JsonParser parser(byte[] body) throws IOException {
        return JsonText.STRICT.createParser(body);
    }

    /** The same over a part of it. */
    static JsonParser parser(byte[] body, int from, int length) throws IOException {
        return JsonText.STRICT.createParser(body, from, length);
    }

    /** Writes a tree. */
    static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree has a JSON form", impossible);
        }
    }

    /** The problem with a body that cannot be read, without a word of its content. */
    static Problem notJson(IOException fault) {
        return notJson(fault, 0);
    }

    /**
     * The same for a part of a body.
     *
     * @param linesBefore lines of the body that come before the part
     */
    static Problem notJson(IOException fault, int linesBefore) {
        return Problem.of(400, "The body " + JsonText.fault(fault, linesBefore));
    }

    /** Text must be well-formed Unicode: valid UTF-8, and escaped surrogates in pairs. */
    static void checkText(byte[] body) {
        JsonText.encodingFault(body).ifPresent(fault -> {
            throw Problem.of(400, "The body " + fault);
        });
    }
}
