package io.longline.bus;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.longline.model.Payload;
import io.longline.model.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Serialises an event, once: an envelope around data and metadata, whose bytes go in as they came. Number and key order
 * survive, since nothing is parsed and written again.
 */
public final class EventPayload {
    private static final byte[] DATA = "\",\"data\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] METADATA = ",\"metadata\":".getBytes(StandardCharsets.US_ASCII);

    private EventPayload() {}

    /** The payload of an event; its identifier is the one that receivers tell repetitions by. */
    public static Payload of(String id, String type, Instant timestamp, byte[] data, byte[] metadata) {
        StringBuilder head =
                new StringBuilder(128).append("{\"id\":\"").append(id).append("\",\"event\":\"");
        JsonStringEncoder.getInstance().quoteAsString(type, head);
        head.append("\",\"timestamp\":\"").append(Rfc3339.format(timestamp));
        byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[start.length + DATA.length + data.length + METADATA.length + metadata.length + 1];
        int at = 0;
        for (byte[] part : new byte[][] {start, DATA, data, METADATA, metadata}) {
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        bytes[at] = '}';
        return Payload.of(bytes);
    }
}
