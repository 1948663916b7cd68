package io.longline.model;

import java.util.Optional;

/** Identifies a replay: {@code rpl_} and 26 characters, as {@link IdGenerator} makes them. */
public record ReplayId(String value) {
    /** What every such identifier starts with. */
    public static final String PREFIX = "rpl_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<ReplayId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new ReplayId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
