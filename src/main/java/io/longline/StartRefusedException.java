package io.longline;

/** The server cannot start as it is set: one line that says why and what to do. Carries no stack trace. */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The line for the operator. */
    public StartRefusedException(String message) {
        super(message, null, false, false);
    }
}
