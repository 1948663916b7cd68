package io.longline;

import io.longline.api.Desk;
import org.jspecify.annotations.Nullable;

/** Something was refused, or could not be done now; the message is one line that names the field where it is one's. */
public final class LonglineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What kind of refusal it is. */
    public enum Reason {
        /** Something given is not as it must be; the message names the field. */
        INVALID,
        /** There is no such thing. */
        NOT_FOUND,
        /** Somebody else was faster, or an idempotency key was used for another event. */
        CONFLICT,
        /** The event, or what would come of it, is larger than allowed. */
        TOO_LARGE,
        /**
         * Too much is waiting, the store does not answer, or Longline is stopping. An event may have been stored: trigger
         * it again with the same idempotency key.
         */
        TRY_AGAIN,
        /** The start was refused: settings, store, port. */
        CANNOT_START
    }

    LonglineException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    static LonglineException invalid(String message) {
        return new LonglineException(Reason.INVALID, message, null);
    }

    static LonglineException startRefused(Throwable fault) {
        return new LonglineException(Reason.CANNOT_START, String.valueOf(fault.getMessage()), fault);
    }

    /** What a caller sees of a fault: a refusal in these words, anything else as it is. */
    static Throwable of(Throwable fault) {
        return Desk.refusal(fault)
                .<Throwable>map(refusal -> new LonglineException(reason(refusal.status()), refusal.line(), fault))
                .orElse(fault);
    }

    private static Reason reason(int status) {
        return switch (status) {
            case 404 -> Reason.NOT_FOUND;
            case 409 -> Reason.CONFLICT;
            case 413 -> Reason.TOO_LARGE;
            case 429, 503 -> Reason.TRY_AGAIN;
            default -> Reason.INVALID;
        };
    }

    /** What kind of refusal it is. */
    public Reason reason() {
        return reason;
    }

    /** Whether the same call may go through a little later. */
    public boolean isRetryable() {
        return reason == Reason.TRY_AGAIN;
    }
}
