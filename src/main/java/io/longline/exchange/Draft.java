package io.longline.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a file describes.
 *
 * @param place where in the file, such as {@code row 900} or {@code webhooks[3]}
 * @param key what it is called where it comes from, the same each time the file is read; {@code null} when it has no name
 *     of its own
 * @param fields in the words of the API; a webhook's may have its {@code id} among them
 */
public record Draft(Kind kind, String place, @Nullable String key, ObjectNode fields) {
    /** What it is. */
    public enum Kind {
        WEBHOOK,
        SOURCE,
        EVENT_TYPE
    }
}
