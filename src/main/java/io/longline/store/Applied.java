package io.longline.store;

import java.util.Locale;

/**
 * A source or event type that an apply made, and may take away again. Webhooks have that in their metadata.
 *
 * @param file what the applied file is called
 * @param subject the identifier of a source, which tells it from a later one of its name; an event type's name
 */
public record Applied(String file, Kind kind, String tenant, String name, String subject) {
    /** The most of one file that are read. */
    public static final int MOST = 12_000;

    /** What it is. */
    public enum Kind {
        SOURCE,
        EVENT_TYPE;

        /** As it is stored. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
