package io.longline.adapter;

import org.jspecify.annotations.Nullable;

/** A verified call, as far as it tells what it is about. */
public interface InboundCall {
    /** A header's only value by its name; {@code null} when it is absent, or there several times. */
    @Nullable String header(String name);

    /**
     * A string of the body.
     *
     * @param path a name at the top, or one below another: {@code event.type}
     * @return {@code null} when there is none, or it is no string
     */
    @Nullable String text(String path);

    /** Whether the body is a form rather than JSON. */
    boolean isForm();
}
