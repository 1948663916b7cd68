package io.longline.model;

import java.util.Optional;

/** Identifies an API key: {@code key_} and 26 characters, as {@link IdGenerator} makes them. It is no secret. */
public record KeyId(String value) {
    /** What every such identifier starts with. */
    public static final String PREFIX = "key_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<KeyId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new KeyId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
