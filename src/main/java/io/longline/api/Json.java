package io.longline.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The API's JSON: strict in what it takes (no key twice, no NaN, no unpaired surrogate, bounded depth), exact in what it
 * carries (numbers keep their digits).
 */
final class Json {
    /** The deepest nesting taken. */
    static final int MAX_DEPTH = 64;

    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_STRING_LENGTH = 64 * 1_048_576;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(STRICT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

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
        return STRICT.createParser(body);
    }

    /** The same over a part of it. */
    static JsonParser parser(byte[] body, int from, int length) throws IOException {
        return STRICT.createParser(body, from, length);
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
        if (fault instanceof StreamConstraintsException) {
            return Problem.of(
                    400,
                    "The body goes past a limit: at most " + MAX_DEPTH + " levels, and numbers of at most "
                            + MAX_NUMBER_LENGTH + " digits");
        }
        if (fault instanceof JsonProcessingException parse && parse.getLocation() != null) {
            boolean twice = String.valueOf(parse.getOriginalMessage()).startsWith("Duplicate");
            String what = twice ? "has the same key twice in one object" : "is not valid JSON";
            return Problem.of(
                    400,
                    "The body " + what + " (line "
                            + (linesBefore + parse.getLocation().getLineNr()) + ", column "
                            + parse.getLocation().getColumnNr() + ")");
        }
        return Problem.of(400, "The body is not valid JSON");
    }

    /** Text must be well-formed Unicode: valid UTF-8, and escaped surrogates in pairs. */
    static void checkText(byte[] body) {
        boolean ascii = true;
        boolean escapes = false;
        boolean zeros = false;
        for (byte each : body) {
            ascii &= each >= 0;
            escapes |= each == '\\';
            zeros |= each == 0;
        }
        if (zeros) {
            // Never JSON; a parser would take it for UTF-16 or UTF-32, in which nothing can be carried byte for byte.
            throw Problem.of(400, "The body is not JSON in UTF-8");
        }
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            } catch (CharacterCodingException malformed) {
                throw Problem.of(400, "The body is not valid UTF-8");
            }
        }
        if (escapes) {
            checkSurrogates(body);
        }
    }

    private static void checkSurrogates(byte[] body) {
        boolean expectsLow = false;
        for (int index = 0; index < body.length; index++) {
            boolean escape = body[index] == '\\' && index + 1 < body.length;
            int unit = escape && body[index + 1] == 'u' ? hex(body, index + 2) : -1;
            boolean low = unit >= 0xDC00 && unit <= 0xDFFF;
            if (expectsLow != low) {
                throw Problem.of(400, "The body has an unpaired surrogate in a \\u escape");
            }
            expectsLow = unit >= 0xD800 && unit <= 0xDBFF;
            if (escape) {
                index += unit >= 0 ? 5 : 1;
            }
        }
    }

    private static int hex(byte[] body, int from) {
        if (from + 4 > body.length) {
            return -1;
        }
        int value = 0;
        for (int index = from; index < from + 4; index++) {
            int digit = Character.digit(body[index], 16);
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }
}
