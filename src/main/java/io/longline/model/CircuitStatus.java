package io.longline.model;

import java.util.Locale;

/** A webhook's breaker as the API shows it. */
public enum CircuitStatus {
    /** Deliveries flow. */
    CLOSED,
    /** Nothing is sent until the next probe. */
    OPEN,
    /** One delivery is in flight to find out whether the receiver is back. */
    PROBING;

    /** The word used in the store and the API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
