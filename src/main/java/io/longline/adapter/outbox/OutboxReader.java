package io.longline.adapter.outbox;

import io.longline.bus.EventDraft;
import io.longline.bus.JsonText;
import io.longline.bus.Request.Idempotency;
import io.longline.model.Grants;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import io.longline.policy.EventPattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a row as an event, or says what is wrong with it.
 *
 * @param scope of the idempotency keys
 * @param mostBytes of data and metadata
 */
record OutboxReader(String scope, int mostBytes) {
    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);
    /** Rows of all tenants stand in one table, and so do their keys. */
    static final String KEYS_OF = Webhook.DEFAULT_TENANT;

    /** A row's identifier and content are its key; a repetition has no other body. */
    private static final String WHATEVER_THE_BODY = "";

    /** What a row comes to. */
    sealed interface Read {
        /** An event, with the key by which it is stored once. */
        record Ready(EventDraft draft, Idempotency key) implements Read {}

        /** No event; in words that tell nothing of the content. */
        record Refused(String why) implements Read {}
    }

    Read read(OutboxRow row) {
        Optional<String> fault = fault(row);
        if (fault.isPresent()) {
            return new Read.Refused(fault.get());
        }
        byte[] data = row.data() == null ? NO_METADATA : row.data();
        byte[] metadata = row.metadata() == null ? NO_METADATA : row.metadata();
        EventDraft draft = new EventDraft(
                row.tenant() == null ? Webhook.DEFAULT_TENANT : row.tenant(),
                row.event() == null ? "" : row.event(),
                data,
                metadata,
                row.createdAt());
        return new Read.Ready(draft, new Idempotency(KEYS_OF, scope, key(row, draft), WHATEVER_THE_BODY));
    }

    private Optional<String> fault(OutboxRow row) {
        Optional<String> name = EventPattern.nameFault(row.event());
        if (name.isPresent()) {
            return Optional.of("event " + name.get());
        }
        if (row.tenant() != null && !Grants.isTenant(row.tenant())) {
            return Optional.of("tenant must have 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        if (row.timeIsUnreadable()) {
            return Optional.of("created_at is not a time");
        }
        if (row.bytes() > mostBytes) {
            return Optional.of("data and metadata have " + row.bytes() + " bytes; a payload has at most " + mostBytes);
        }
        if (row.data() == null) {
            return Optional.of("data is missing");
        }
        return JsonText.fault(row.data(), false).map(fault -> "data " + fault).or(() -> metadataFault(row));
    }

    private static Optional<String> metadataFault(OutboxRow row) {
        byte[] metadata = row.metadata();
        return metadata == null
                ? Optional.empty()
                : JsonText.fault(metadata, true).map(fault -> "metadata " + fault);
    }

    /** The content is part of it: a table that counts from 1 again has other rows under the same identifiers. */
    private static String key(OutboxRow row, EventDraft draft) {
        byte[] event = draft.type().getBytes(StandardCharsets.UTF_8);
        ByteBuffer content =
                ByteBuffer.allocate(Long.BYTES + event.length + draft.data().length + draft.metadata().length + 2);
        content.putLong(row.createdAt() == null ? 0 : row.createdAt().toEpochMilli());
        content.put(event).put((byte) 0).put(draft.data()).put((byte) 0).put(draft.metadata());
        return row.id() + "/" + Payload.sha256(content.array());
    }
}
