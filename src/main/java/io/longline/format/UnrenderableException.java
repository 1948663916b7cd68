package io.longline.format;

/** A payload has no body in some format, and never will while neither changes; the message says why, in one line. */
public final class UnrenderableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message one line for whoever wrote the template */
    public UnrenderableException(String message) {
        super(message, null, false, false);
    }
}
