package io.longline.model;

import java.util.Locale;
import java.util.Optional;

/** What a key may be used for. */
public enum Scope {
    /** Everything. */
    ADMIN,
    /** Looking at everything but secrets, keys and the audit log. */
    READ,
    /** Sending events, and nothing else. */
    PUBLISH;

    /** As it is written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Scope> parse(String text) {
        for (Scope scope : values()) {
            if (scope.text().equals(text)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
