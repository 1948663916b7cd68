package io.longline.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended. Expected failures are values; what becomes of the delivery is decided by the policy alone.
 */
public sealed interface Outcome {
    /** What went wrong in words for the receiver's developer; {@code null} when the attempt succeeded. */
    @Nullable String message();

    /**
     * The receiver answered.
     *
     * @param status the HTTP status
     * @param retryAfter its {@code Retry-After}, already turned into a wait; {@code null} without one
     */
    record Answered(int status, @Nullable Duration retryAfter) implements Outcome {
        /** Whether the status is 2xx. */
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        @Override
        public @Nullable String message() {
            if (isSuccess()) {
                return null;
            }
            return status >= 300 && status < 400
                    ? "The receiver answered with a redirect (" + status + "), which is never followed"
                    : "The receiver answered " + status;
        }
    }

    /** No complete answer within the attempt's time. */
    record TimedOut(String message) implements Outcome {}

    /** No connection, or one that broke: refused, reset, closed early, a name that does not resolve. */
    record Unreachable(String message) implements Outcome {}

    /** The TLS handshake failed: certificate, name, protocol. */
    record TlsFault(String message) implements Outcome {}

    /** The address is one that deliveries must not reach; nothing was connected to. */
    record Blocked(String message) implements Outcome {}

    /** The webhook's format or template makes no body of the event; nothing was sent. */
    record Unrenderable(String message) implements Outcome {}

    /** The webhook is a shadow: the request was made, and not sent. */
    record Shadowed() implements Outcome {
        @Override
        public @Nullable String message() {
            return null;
        }
    }

    /** What came back was not HTTP, or past a limit of its framing. */
    record Malformed(String message) implements Outcome {}
}
