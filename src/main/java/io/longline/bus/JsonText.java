package io.longline.bus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What JSON is taken to be carried: strict (no key twice, no NaN, no unpaired surrogate, bounded depth), in UTF-8. Faults
 * are worded to follow what is at fault, without a word of its content.
 */
public final class JsonText {
    /** The deepest nesting taken. */
    public static final int MAX_DEPTH = 64;

    private static final int DECODED_AT_ONCE = 8_192;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_STRING_LENGTH = 64 * 1_048_576;

    /** Makes parsers that take nothing else. */
    public static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .build())
            .build();

    /** Reads and writes the same as trees, whose numbers keep their digits. */
    public static final JsonMapper TREES = JsonMapper.builder(STRICT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonText() {}

    /**
     * What is wrong with a text that is to be one JSON value; empty when nothing is.
     *
     * @param mustBeObject whether no other value will do
     */
    public static Optional<String> fault(byte[] text, boolean mustBeObject) {
        Optional<String> encoding = encodingFault(text);
        if (encoding.isPresent()) {
            return encoding;
        }
        try (JsonParser parser = STRICT.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return Optional.of("is empty; it must be JSON");
            }
            parser.finishToken();
            parser.skipChildren();
            if (parser.nextToken() != null) {
                return Optional.of("has something after its JSON value");
            }
            return mustBeObject && first != JsonToken.START_OBJECT
                    ? Optional.of("must be a JSON object")
                    : Optional.empty();
        } catch (IOException malformed) {
            return Optional.of(fault(malformed, 0));
        }
    }

    /**
     * What a parser has found wrong.
     *
     * @param linesBefore lines that come before what was parsed
     */
    public static String fault(IOException fault, int linesBefore) {
        if (fault instanceof StreamConstraintsException) {
            return "goes past a limit: at most " + MAX_DEPTH + " levels, and numbers of at most " + MAX_NUMBER_LENGTH
                    + " digits";
        }
        if (fault instanceof JsonProcessingException parse && parse.getLocation() != null) {
            boolean twice = String.valueOf(parse.getOriginalMessage()).startsWith("Duplicate");
            String what = twice ? "has the same key twice in one object" : "is not valid JSON";
            return what + " (line " + (linesBefore + parse.getLocation().getLineNr()) + ", column "
                    + parse.getLocation().getColumnNr() + ")";
        }
        return "is not valid JSON";
    }

    /** What is wrong with the encoding: text must be well-formed Unicode, valid UTF-8, and escaped surrogates in pairs. */
    public static Optional<String> encodingFault(byte[] body) {
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
            return Optional.of("is not JSON in UTF-8");
        }
        if (!ascii && !isUtf8(body)) {
            return Optional.of("is not valid UTF-8");
        }
        return escapes && hasUnpairedSurrogate(body)
                ? Optional.of("has an unpaired surrogate in a \\u escape")
                : Optional.empty();
    }

    /** Whether bytes are valid UTF-8; found out in steps, so that nothing of their size is made. */
    public static boolean isUtf8(byte[] text) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(text);
        CharBuffer out = CharBuffer.allocate(DECODED_AT_ONCE);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        return !result.isError();
    }

    private static boolean hasUnpairedSurrogate(byte[] body) {
        boolean expectsLow = false;
        for (int index = 0; index < body.length; index++) {
            boolean escape = body[index] == '\\' && index + 1 < body.length;
            int unit = escape && body[index + 1] == 'u' ? hex(body, index + 2) : -1;
            boolean low = unit >= 0xDC00 && unit <= 0xDFFF;
            if (expectsLow != low) {
                return true;
            }
            expectsLow = unit >= 0xD800 && unit <= 0xDBFF;
            if (escape) {
                index += unit >= 0 ? 5 : 1;
            }
        }
        return false;
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
