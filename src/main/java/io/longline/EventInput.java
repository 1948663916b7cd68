package io.longline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event to be accepted, with all that can be said of one. What is wrong with a value is told by the call that uses it. */
public final class EventInput {
    private final ObjectNode fields = JsonValues.object();
    private @Nullable String idempotencyKey;

    /**
     * An event.
     *
     * @param event its name, 1 to 128 characters
     * @param data whatever can be written as JSON: maps, lists, plain values, records, trees
     */
    public EventInput(String event, @Nullable Object data) {
        fields.put("event", event);
        fields.set("data", JsonValues.tree("data", data));
    }

    /** What else receivers may want to know. */
    public EventInput metadata(Map<String, ?> value) {
        fields.set("metadata", JsonValues.tree("metadata", value));
        return this;
    }

    /** Whose it is; only this tenant's webhooks get it. */
    public EventInput tenant(String value) {
        fields.put("tenant", value);
        return this;
    }

    /** When it happened; the time of acceptance when nothing is said. */
    public EventInput timestamp(Instant value) {
        fields.put("timestamp", value.toString());
        return this;
    }

    /** The same key and event within 24 h are stored once, also across a crash; 1 to 255 characters. */
    public EventInput idempotencyKey(String value) {
        if (value.isBlank() || value.length() > 255) {
            throw LonglineException.invalid("the idempotency key must have 1 to 255 characters");
        }
        idempotencyKey = value;
        return this;
    }

    byte[] body() {
        return JsonValues.bytes(fields);
    }

    @Nullable String idempotencyKey() {
        return idempotencyKey;
    }
}
