package io.longline.model;

import java.util.Locale;
import java.util.Optional;

/** The four stored states of a delivery; {@code held} and {@code retrying} are views of {@link #PENDING}. */
public enum DeliveryStatus {
    /** Waiting for its first or next attempt, or in flight. */
    PENDING,
    /** A receiver answered 2xx. */
    SUCCEEDED,
    /** Attempts used up, refused for good, or waited too long. */
    FAILED,
    /** Cancelled by hand, or its webhook was deleted. */
    CANCELLED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** Whether nothing more happens to the delivery by itself. */
    public boolean isFinal() {
        return this != PENDING;
    }

    /** The word used in the store and the API. */
    public String text() {
        return text;
    }

    /** The status of that word, if there is one. */
    public static Optional<DeliveryStatus> parse(String text) {
        for (DeliveryStatus status : values()) {
            if (status.text.equals(text)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
