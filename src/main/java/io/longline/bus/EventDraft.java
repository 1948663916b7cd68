package io.longline.bus;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
}
