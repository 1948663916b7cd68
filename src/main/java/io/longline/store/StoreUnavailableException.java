package io.longline.store;

/** The store cannot write or read at present: a full disk, a lock, a fault of the device. Carries no stack trace. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, in words for the operator. */
    public StoreUnavailableException(String message) {
        super(message, null, false, false);
    }
}
