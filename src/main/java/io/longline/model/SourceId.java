package io.longline.model;

import java.util.Optional;

/** Identifies a source: {@code src_} and 26 characters, as {@link IdGenerator} makes them. */
public record SourceId(String value) {
    /** What every such identifier starts with. */
    public static final String PREFIX = "src_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<SourceId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new SourceId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
