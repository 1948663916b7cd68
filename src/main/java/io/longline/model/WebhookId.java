package io.longline.model;

import java.util.Optional;

/** Identifies a registered destination: {@code wh_} and 26 characters, as {@link IdGenerator} makes them. */
public record WebhookId(String value) implements Comparable<WebhookId> {
    /** What every such identifier starts with. */
    public static final String PREFIX = "wh_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<WebhookId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new WebhookId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(WebhookId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
