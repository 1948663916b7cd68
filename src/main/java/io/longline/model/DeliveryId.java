package io.longline.model;

import java.util.Optional;

/** Identifies a delivery, one event on its way to one webhook: {@code dlv_} and 26 characters, as {@link IdGenerator} makes them. */
public record DeliveryId(String value) implements Comparable<DeliveryId> {
    /** What every such identifier starts with. */
    public static final String PREFIX = "dlv_";

    /** Reads an identifier that a caller gave; empty when it cannot be one, so that nothing needs to be looked up. */
    public static Optional<DeliveryId> parse(String text) {
        return IdGenerator.isWellFormed(PREFIX, text) ? Optional.of(new DeliveryId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(DeliveryId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
