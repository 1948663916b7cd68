package io.longline.bus;

import io.longline.model.BuiltInEventType;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells subscribers by a {@code system.error} that something failed inside the server, which is always a bug or a fault
 * of the machine: of each place not more than once a minute, and never for an event that Longline raised itself, so that
 * no failure feeds on itself. What failed exactly is in the log. Safe for use by several threads.
 */
public final class SystemErrors {
    private static final long EVERY_MILLIS = 60_000;

    private final EventBus bus;
    private final TimeSource time;
    private final String version;
    private final Map<Where, Long> raisedAt = new EnumMap<>(Where.class);

    /** What failed. */
    public enum Where {
        /** A call of the API was answered 500. */
        API("api"),
        /** The dispatcher could not do what it was asked. */
        DISPATCHER("dispatcher"),
        /** The store works, and yet refused something. */
        STORE("store"),
        /** The outbox cannot be read or marked. */
        OUTBOX("outbox"),
        /** An exception was handled by nobody. */
        PROCESS("process");

        private final String text;

        Where(String text) {
            this.text = text;
        }
    }

    public SystemErrors(EventBus bus, TimeSource time, String version) {
        this.bus = bus;
        this.time = time;
        this.version = version;
    }

    /**
     * Raises the event, unless one of that place was raised within the last minute.
     *
     * @param what in words of our own, without anybody's input
     */
    public void raise(Where where, String what) {
        if (isDue(where)) {
            send(where, what);
        }
    }

    /** The same, unless the failure has to do with an event that Longline raised itself. */
    public void raise(Where where, String what, @Nullable String eventType) {
        if (eventType == null || !BuiltInEventType.isRaisedByLongline(eventType)) {
            raise(where, what);
        }
    }

    private synchronized boolean isDue(Where where) {
        long now = time.monotonicMillis();
        Long before = raisedAt.get(where);
        if (before != null && now - before < EVERY_MILLIS) {
            return false;
        }
        raisedAt.put(where, now);
        return true;
    }

    private void send(Where where, String what) {
        JsonObject data =
                new JsonObject().put("where", where.text).put("what", what).put("version", version);
        EventDraft draft = new EventDraft(
                Webhook.DEFAULT_TENANT,
                BuiltInEventType.SYSTEM_ERROR.typeName(),
                data.encode().getBytes(StandardCharsets.UTF_8),
                EventDraft.LONGLINE_METADATA,
                null);
        bus.send(Addresses.EVENTS, new Request.Publish(List.of(draft), null));
    }
}
