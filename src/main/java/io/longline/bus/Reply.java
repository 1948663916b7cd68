package io.longline.bus;

import io.longline.model.Replay;
import io.longline.model.Webhook;
import io.longline.store.Operation.Manual;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a verticle answers another. Expected failures are values. */
public sealed interface Reply extends LocalMessage {
    /** Events are committed. */
    record Published(List<Receipt> receipts) implements Reply {}

    /** What the sender of an event is told. */
    record Receipt(String id, String event, Instant timestamp, int deliveries) {}

    /** The call repeats an earlier one with the same key; nothing was stored. */
    record Replayed(List<Receipt> receipts) implements Reply {}

    /** The key was used for another body. */
    record KeyConflict() implements Reply {}

    /** More is waiting than may wait; nothing was stored. */
    record Overloaded() implements Reply {}

    /** One payload is larger than allowed; nothing was stored. */
    record PayloadTooLarge(int index, int bytes, int most) implements Reply {}

    /** One call would make more deliveries than allowed; nothing was stored. */
    record TooManyDeliveries(int deliveries, int most) implements Reply {}

    /** Data that does not fit the schema of its event type; nothing was stored. */
    record Misfits(List<Misfit> misfits) implements Reply {
        public Misfits {
            misfits = List.copyOf(misfits);
        }
    }

    /**
     * What does not fit.
     *
     * @param index which event it is, of those that were sent together
     * @param pointer where in its data, as a JSON pointer (RFC 6901)
     */
    record Misfit(int index, String pointer, String detail) {}

    /** The store does not take it now. */
    record Unavailable(String why) implements Reply {}

    /** The store has something against the event itself. */
    record Refused() implements Reply {}

    /** What became of each of several, in their order. */
    record Each(List<Reply> replies) implements Reply {
        public Each {
            replies = List.copyOf(replies);
        }
    }

    /** A webhook as it was stored. */
    record Saved(Webhook webhook) implements Reply {}

    /** It was done. */
    record Done() implements Reply {}

    /** Somebody else changed it meanwhile. */
    record Stale() implements Reply {}

    /** There is no such thing. */
    record Unknown() implements Reply {}

    /** A delivery cannot be retried or called off while it is in flight, or once it is final. */
    record Conflict(String why) implements Reply {}

    /** An event is being delivered again. */
    record Replaying(int deliveries) implements Reply {}

    /** A replay as it begins, or as it would. */
    record ReplayCounted(Replay replay) implements Reply {}

    /** What a test came to; both sides of it. */
    record TestSent(
            boolean success,
            @Nullable Integer responseCode,
            double durationMillis,
            Map<String, String> responseHeaders,
            @Nullable String responseBody,
            @Nullable String errorMessage,
            String url,
            Map<String, String> requestHeaders,
            String requestBody)
            implements Reply {}

    /** What the store says of something done by hand. */
    static Reply of(Manual manual) {
        return switch (manual) {
            case DONE -> new Done();
            case FINAL -> new Conflict("the delivery is final");
            case UNKNOWN -> new Unknown();
        };
    }
}
