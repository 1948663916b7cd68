package io.longline.bus;

import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as its sender gave it: data and metadata are JSON text, carried byte for byte.
 *
 * @param occurredAt when it happened; {@code null} for the time of acceptance
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and shared rather than copied on the hot path
public record EventDraft(
        String tenant,
        String type,
        byte[] data,
        byte[] metadata,
        @Nullable Instant occurredAt) {
    /** The metadata of events that Longline raises itself. */
    public static final byte[] LONGLINE_METADATA = "{\"source\":\"longline\"}".getBytes(StandardCharsets.UTF_8);

    /** What tells the same events from others, whatever form they were given in. */
    public static String sha256(List<EventDraft> drafts) {
        StringBuilder whole = new StringBuilder();
        for (EventDraft draft : drafts) {
            whole.append(draft.type())
                    .append('\n')
                    .append(Payload.sha256(draft.data()))
                    .append(Payload.sha256(draft.metadata()))
                    .append(draft.occurredAt());
        }
        return Payload.sha256(whole.toString().getBytes(StandardCharsets.UTF_8));
    }
}
