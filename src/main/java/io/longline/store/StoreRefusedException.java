package io.longline.store;

/** The store cannot be opened: one line that names the file and what to do. Carries no stack trace. */
public final class StoreRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The line for the operator. */
    public StoreRefusedException(String message) {
        super(message, null, false, false);
    }
}
