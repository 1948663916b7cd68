package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The last requests that the built-in receiver got, in memory, up to a number and a size. Safe for use by several threads. */
public final class Inbox {
    private static final int MOST = 100;
    private static final int MOST_BYTES = 2 * 1_048_576;

    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private long bytes;

    private record Kept(ObjectNode request, int bytes) {}

    /** @param size about how much memory it takes, in bytes */
    synchronized void add(ObjectNode request, int size) {
        kept.add(new Kept(request, size));
        bytes += size;
        while (kept.size() > MOST || (bytes > MOST_BYTES && kept.size() > 1)) {
            bytes -= kept.remove().bytes;
        }
    }

    /** Newest first. */
    synchronized List<ObjectNode> all() {
        List<ObjectNode> all = new ArrayList<>(kept.size());
        Iterator<Kept> newestFirst = kept.descendingIterator();
        while (newestFirst.hasNext()) {
            all.add(newestFirst.next().request);
        }
        return all;
    }

    synchronized void clear() {
        kept.clear();
        bytes = 0;
    }
}
