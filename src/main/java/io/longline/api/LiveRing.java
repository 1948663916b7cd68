package io.longline.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The last changes, so that whoever lost the connection for a moment hears of what they missed. Identifiers are
 * {@code epoch-sequence}; those of another epoch, and those of what is no longer here, are unknown. For one thread.
 */
final class LiveRing {
    private final int most;
    private final ArrayDeque<LiveEntry> entries = new ArrayDeque<>();
    private String epoch = "0";
    private long last;

    /** @param most entries that are kept */
    LiveRing(int most) {
        this.most = most;
    }

    /** Forgets all, and begins anew under a name that no epoch of before had. */
    void begin(String newEpoch) {
        entries.clear();
        epoch = newEpoch;
        last = 0;
    }

    String epoch() {
        return epoch;
    }

    /** The place of the next entry. */
    long next() {
        return last + 1;
    }

    void add(LiveEntry entry) {
        entries.add(entry);
        last = entry.sequence();
        if (entries.size() > most) {
            entries.remove();
        }
    }

    /** What a client that has heard of everything so far has. */
    String lastId() {
        return LiveEntry.id(epoch, last);
    }

    /** Everything after that identifier, oldest first; empty when that cannot be told. */
    Optional<List<LiveEntry>> after(String id) {
        if (!id.startsWith(epoch + "-")) {
            return Optional.empty();
        }
        long sequence;
        try {
            sequence = Long.parseLong(id.substring(epoch.length() + 1));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
        long oldest = entries.isEmpty() ? last + 1 : entries.element().sequence();
        if (sequence > last || sequence < oldest - 1) {
            return Optional.empty();
        }
        List<LiveEntry> missed = new ArrayList<>();
        Iterator<LiveEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            LiveEntry entry = newestFirst.next();
            if (entry.sequence() <= sequence) {
                break;
            }
            missed.add(entry);
        }
        Collections.reverse(missed);
        return Optional.of(missed);
    }
}
