package io.longline.model;

import java.util.Optional;

/** Identifies a attempt, one HTTP request made for a delivery: {@code att_} and 26 characters, as {@link IdGenerator} makes them. */
public record AttemptId(String value) implements Comparable<AttemptId> {
    /** What every such identifier starts with. */
    public static final String PREFIX = "att_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<AttemptId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new AttemptId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(AttemptId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
