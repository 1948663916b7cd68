package io.longline.model;

import java.util.Optional;

/** Identifies a accepted event: {@code evt_} and 26 characters, as {@link IdGenerator} makes them. */
public record EventId(String value) implements Comparable<EventId> {
    /** What every such identifier starts with. */
    public static final String PREFIX = "evt_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<EventId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new EventId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(EventId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
