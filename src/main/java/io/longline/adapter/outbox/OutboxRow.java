package io.longline.adapter.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row as the application wrote it; any column may hold anything.
 *
 * @param id the driver's own type, by which the row is found again
 * @param event at most 200 characters of it
 * @param data {@code null} when it is missing or larger than is read at all
 * @param metadata {@code null} for none
 * @param bytes of data and metadata together
 * @param createdAt {@code null} for none
 * @param timeIsUnreadable whether there is a time that is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutboxRow(
        Object id,
        @Nullable String event,
        byte @Nullable [] data,
        byte @Nullable [] metadata,
        long bytes,
        @Nullable String tenant,
        @Nullable Instant createdAt,
        boolean timeIsUnreadable) {}
