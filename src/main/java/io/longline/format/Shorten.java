package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Cuts what is too long; an ellipsis shows where. Lengths are in UTF-16 units, of which no service counts more. */
final class Shorten {
    static final String ELLIPSIS = "…";

    /** The longest name of a character reference, with ampersand and semicolon. */
    private static final int LONGEST_ENTITY = 6;

    private Shorten() {}

    /** A text of that many characters at most; neither a character nor a character reference is cut in two. */
    static String text(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        if (most < 1) {
            return "";
        }
        int end = most - 1;
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        int reference = text.lastIndexOf('&', end - 1);
        if (reference >= 0 && end - reference < LONGEST_ENTITY && text.indexOf(';', reference) >= end) {
            end = reference;
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    /** Cuts a field of an object, if it is there as a string. */
    static void field(JsonNode parent, String name, int most) {
        if (parent instanceof ObjectNode object && object.path(name).isTextual()) {
            object.put(name, text(object.get(name).textValue(), most));
        }
    }

    /** Leaves only the first elements of an array, if there is one. */
    static void elements(JsonNode array, int most) {
        if (array instanceof ArrayNode elements) {
            while (elements.size() > most) {
                elements.remove(elements.size() - 1);
            }
        }
    }
}
