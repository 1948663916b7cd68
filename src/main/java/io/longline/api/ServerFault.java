package io.longline.api;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/** Something went wrong inside the server: it is logged, and the caller told no more than that. */
final class ServerFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ServerFault(Throwable cause) {
        super(cause);
    }

    /** What a request over the event bus failed with: no answer in time is a matter of trying again. */
    static RuntimeException of(Throwable fault) {
        boolean noAnswer =
                fault instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
        return noAnswer
                ? Problem.unavailable("No answer came in time; the call may have been stored: repeat it with the same"
                        + " Idempotency-Key")
                : new ServerFault(fault);
    }
}
