package io.longline.catalogue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON pointers (RFC 6901) as fragments of references. */
final class Pointers {
    private Pointers() {}

    /** The pointer in a reference that stays in its document; empty when it leaves it, or is no pointer. */
    static Optional<String> ofReference(String reference) {
        if (!reference.startsWith("#")) {
            return Optional.empty();
        }
        try {
            String decoded = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.isEmpty() || decoded.startsWith("/") ? Optional.of(decoded) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The reference to a place in the same document. */
    static String reference(String pointer) {
        return "#"
                + URLEncoder.encode(pointer, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/")
                        .replace("%7E", "~")
                        .replace("%24", "$");
    }

    /** What lies there. */
    static JsonNode at(JsonNode document, String pointer) {
        return document.at(JsonPointer.compile(pointer));
    }

    /** The last part of a pointer, as a name. */
    static String name(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }
}
