package io.longline.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Payload;
import java.io.IOException;
import java.util.Arrays;

/** JSON of formats: numbers keep their digits, nesting and lengths are bounded. */
final class Json {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build();

    static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The event of a payload: an object with id, event, timestamp, data and metadata. */
    static ObjectNode event(Payload payload) throws UnrenderableException {
        try {
            if (MAPPER.readTree(payload.bytes()) instanceof ObjectNode event) {
                return event;
            }
        } catch (IOException | NumberFormatException unreadable) {
            // A number whose exponent no computer has room for is carried as it is, but cannot be computed with.
        }
        throw new UnrenderableException("The event has data that no other format can be made of");
    }

    static Payload payload(JsonNode node) {
        try {
            return Payload.of(MAPPER.writeValueAsBytes(node));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree has a JSON form", impossible);
        }
    }

    /** The bytes that a tree takes as JSON. */
    static int size(JsonNode node) {
        return payload(node).size();
    }

    /** The bytes of the value that a parser of a text stands at, as they are; the parser goes on behind it. */
    static byte[] cut(JsonParser parser, byte[] text) throws IOException {
        int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.finishToken();
        parser.skipChildren();
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        // A parser has to look past a number to see its end.
        while (end > from + 1 && (text[end - 1] == ',' || text[end - 1] == ' ')) {
            end--;
        }
        return Arrays.copyOfRange(text, from, end);
    }

    /** What a template made, which must be JSON. */
    static JsonNode result(String text) throws UnrenderableException {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new UnrenderableException("The template made nothing, where JSON is to be sent");
            }
            return node;
        } catch (JsonProcessingException malformed) {
            String where = malformed.getLocation() == null
                    ? ""
                    : ": see line " + malformed.getLocation().getLineNr() + ", column "
                            + malformed.getLocation().getColumnNr() + " of the result";
            throw new UnrenderableException("What the template made is not JSON" + where);
        } catch (NumberFormatException beyond) {
            throw new UnrenderableException(
                    "What the template made has a number with an exponent that is out of range");
        }
    }
}
