package io.longline.model;

import java.util.Locale;
import java.util.Optional;

/** Whose way of calling a source expects: how a call is signed, and where it tells what it is about. */
public enum SourceKind {
    GITHUB,
    GITLAB,
    STRIPE,
    SHOPIFY,
    SLACK,
    /** Standard Webhooks 1.0. */
    STANDARD,
    /** An HMAC over the body, in a header that the source names. */
    HMAC,
    /** A fixed text in a header that the source names. */
    TOKEN;

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a kind as it is written. */
    public static Optional<SourceKind> parse(String text) {
        for (SourceKind kind : values()) {
            if (kind.text().equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Whether a source of this kind names the header that holds the proof itself. */
    public boolean namesItsHeader() {
        return this == HMAC || this == TOKEN;
    }

    /** Whether calls come from one known provider, whose name begins the events' names unless the source says otherwise. */
    public boolean isOfOneProvider() {
        return !namesItsHeader() && this != STANDARD;
    }
}
