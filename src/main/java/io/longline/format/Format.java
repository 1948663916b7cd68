package io.longline.format;

import io.longline.model.Payload;

/** Makes the bodies of requests from frozen payloads. Immutable; for any thread, but not for an event loop. */
public interface Format {
    /** The media type of what it makes, which a webhook's own {@code Content-Type} goes before. */
    String contentType();

    /**
     * The body for an event.
     *
     * @param payload the event as it was frozen
     */
    Payload render(Payload payload) throws UnrenderableException;
}
