package io.longline.adapter.outbox;

import io.longline.adapter.outbox.OutboxDatabase.Mark;
import io.longline.adapter.outbox.OutboxReader.Read;
import io.longline.adapter.outbox.OutboxReader.Read.Ready;
import io.longline.adapter.outbox.OutboxReader.Read.Refused;
import io.longline.bus.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows that were claimed, read as events. Immutable.
 *
 * @param rows those that can be read, in order
 * @param events what they say, one for each
 * @param refused marks for the others
 */
record OutboxBatch(List<OutboxRow> rows, List<Ready> events, List<Mark> refused) {
    OutboxBatch {
        rows = List.copyOf(rows);
        events = List.copyOf(events);
        refused = List.copyOf(refused);
    }

    /**
     * What is known of a batch after it was published.
     *
     * @param marks for the rows that are done with
     * @param events those of them that were published
     */
    record Settled(List<Mark> marks, List<Ready> events) {}

    /** Reads rows, which takes time in proportion to their size. */
    static OutboxBatch of(List<OutboxRow> claimed, OutboxReader reader) {
        List<OutboxRow> rows = new ArrayList<>(claimed.size());
        List<Ready> events = new ArrayList<>(claimed.size());
        List<Mark> refused = new ArrayList<>();
        for (OutboxRow row : claimed) {
            Read read = reader.read(row);
            if (read instanceof Ready event) {
                rows.add(row);
                events.add(event);
            } else if (read instanceof Refused fault) {
                refused.add(new Mark(row, null, fault.why()));
            }
        }
        return new OutboxBatch(rows, events, refused);
    }

    boolean isEmpty() {
        return events.isEmpty() && refused.isEmpty();
    }

    /** Which rows are done with, given an answer for each event; none for any leaves all of them waiting. */
    Settled settle(List<Reply> replies) {
        List<Mark> marks = new ArrayList<>(refused);
        List<Ready> settled = new ArrayList<>(events.size());
        for (int place = 0; place < replies.size(); place++) {
            Optional<Mark> mark = OutboxVerdict.of(rows.get(place), replies.get(place));
            if (mark.isPresent()) {
                marks.add(mark.get());
                settled.add(events.get(place));
            }
        }
        return new Settled(marks, settled);
    }
}
