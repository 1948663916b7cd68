package io.longline.store;

/**
 * How much room a store takes.
 *
 * @param bytes of the data
 * @param logBytes of what is written ahead of it
 */
public record StoreSize(long bytes, long logBytes) {
    /** Nothing is known yet. */
    public static final StoreSize NONE = new StoreSize(0, 0);
}
