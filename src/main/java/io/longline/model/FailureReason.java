package io.longline.model;

import java.util.Locale;

/** Why a delivery ended as {@link DeliveryStatus#FAILED}. */
public enum FailureReason {
    /** Every attempt of its budget failed. */
    ATTEMPTS_EXHAUSTED,
    /** The receiver answered 410: it will never want this again. */
    GONE,
    /** It waited longer than {@code delivery.max_age}. */
    EXPIRED;

    /** The word used in the store and the API. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
