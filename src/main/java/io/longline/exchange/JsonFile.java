package io.longline.exchange;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.JsonText;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Walks through a JSON file and reads what is wanted of it piece by piece, so that the file as a whole is never a tree in
 * memory. As strict as the API's own JSON: no key twice, bounded depth, well-formed Unicode.
 */
final class JsonFile {
    /** Reads and makes nodes, one after the other; numbers keep their digits. */
    static final ObjectMapper MAPPER = JsonText.TREES
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private JsonFile() {}

    /** Hears of what a file holds. */
    interface Visitor {
        /** Whether the elements of the array at that path, names with slashes between, are wanted one by one. */
        boolean wants(String path);

        /** An element of a wanted array. */
        void element(String path, int index, JsonNode element);

        /** A value that is neither an object nor a wanted array. */
        default void value(String path, JsonNode value) {}
    }

    /** Where a text begins, behind a byte order mark and white space. */
    static int start(byte[] file) {
        int at = hasMark(file) ? MARK.length : 0;
        while (at < file.length && (file[at] == ' ' || file[at] == '\t' || file[at] == '\r' || file[at] == '\n')) {
            at++;
        }
        return at;
    }

    /** Whether a text begins with the byte order mark of UTF-8. */
    static boolean hasMark(byte[] file) {
        return file.length >= MARK.length && file[0] == MARK[0] && file[1] == MARK[1] && file[2] == MARK[2];
    }

    /** The names of the outermost object's fields. */
    static Set<String> names(byte[] file) {
        Set<String> names = new LinkedHashSet<>();
        try (JsonParser parser = open(file)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME && names.size() < 100) {
                    names.add(parser.currentName());
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
            return names;
        } catch (IOException malformed) {
            throw unreadable(malformed);
        }
    }

    /** Walks through a file to its end. */
    static void walk(byte[] file, Visitor visitor) {
        JsonText.encodingFault(file).ifPresent(fault -> {
            throw UnreadableFileException.of("", "", fault);
        });
        try (JsonParser parser = open(file)) {
            if (parser.nextToken() == null) {
                throw UnreadableFileException.of("", "", "is empty");
            }
            walk(parser, "", visitor);
            if (parser.nextToken() != null) {
                throw UnreadableFileException.of("", "", "has something after its JSON value");
            }
        } catch (IOException malformed) {
            throw unreadable(malformed);
        } catch (NumberFormatException beyond) {
            throw UnreadableFileException.of("", "", "has a number with an exponent that is out of range");
        }
    }

    private static void walk(JsonParser parser, String path, Visitor visitor) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY && visitor.wants(path)) {
            int index = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (index >= Reading.MOST) {
                    throw UnreadableFileException.of(path, "", "has more than " + Reading.MOST + " elements; split it");
                }
                visitor.element(path, index++, MAPPER.readTree(parser));
            }
        } else if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String inner = path.isEmpty() ? parser.currentName() : path + "/" + parser.currentName();
                parser.nextToken();
                walk(parser, inner, visitor);
            }
        } else if (token == JsonToken.START_ARRAY) {
            parser.skipChildren();
            visitor.value(path, MAPPER.createArrayNode());
        } else {
            visitor.value(path, MAPPER.readTree(parser));
        }
    }

    private static JsonParser open(byte[] file) throws IOException {
        int from = hasMark(file) ? MARK.length : 0;
        return JsonText.STRICT.createParser(file, from, file.length - from);
    }

    private static UnreadableFileException unreadable(IOException fault) {
        return UnreadableFileException.of("", "", JsonText.fault(fault, 0));
    }

    /** A new object to fill. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The element as an object, which it must be. */
    static ObjectNode object(String place, JsonNode element) {
        if (element instanceof ObjectNode object) {
            return object;
        }
        throw UnreadableFileException.of(place, "", "must be an object");
    }
}
