package io.longline.delivery;

import io.longline.bus.SharedPayload;
import io.longline.model.DeliveryId;
import io.longline.store.WaitingDelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The waiting deliveries of a lane that are in memory, all of them due: first attempts and retries in a queue each, that
 * take turns. Plain state for the shard's thread.
 */
final class Window {
    /** A delivery in the window; its payload is held where memory allows. */
    record Waiting(WaitingDelivery delivery, @Nullable SharedPayload payload) {
        DeliveryId id() {
            return delivery.id();
        }

        /** Gives back what it holds. */
        void release() {
            if (payload != null) {
                payload.release();
            }
        }
    }

    private final ArrayDeque<Waiting> firsts = new ArrayDeque<>();
    private final ArrayDeque<Waiting> retries = new ArrayDeque<>();
    private final int firstRoom;
    private final int retryRoom;
    private boolean retriesTurn;

    Window(ShardSettings settings) {
        firstRoom = settings.firstWindow();
        retryRoom = settings.retryWindow();
    }

    boolean isEmpty() {
        return firsts.isEmpty() && retries.isEmpty();
    }

    int size() {
        return firsts.size() + retries.size();
    }

    /** How many more deliveries of a kind may come in. */
    int room(boolean ofRetries) {
        return Math.max(0, ofRetries ? retryRoom - retries.size() : firstRoom - firsts.size());
    }

    /** Whether so few of a kind are left that more should be read. */
    boolean runsLow(boolean ofRetries) {
        return ofRetries ? retries.size() * 2 <= retryRoom : firsts.size() * 2 <= firstRoom;
    }

    void add(boolean ofRetries, Waiting waiting) {
        queue(ofRetries).add(waiting);
    }

    /** Takes the next delivery: first attempts and retries in turn, so that neither starves. */
    @Nullable Waiting next() {
        retriesTurn = !retriesTurn;
        boolean takeRetry = firsts.isEmpty() || (retriesTurn && !retries.isEmpty());
        return queue(takeRetry).poll();
    }

    /** Puts a delivery back whose turn came to nothing. */
    void putBack(Waiting waiting) {
        queue(waiting.delivery.attempts() > 0).addFirst(waiting);
    }

    /** Takes deliveries from the heads of the queues that have waited since before a time, and gives back what they hold. */
    List<DeliveryId> takeExpired(long openedBeforeWall, int most) {
        List<DeliveryId> expired = new ArrayList<>();
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            for (Waiting head = queue.peek();
                    head != null && head.delivery.openedAtMillis() < openedBeforeWall && expired.size() < most;
                    head = queue.peek()) {
                expired.add(head.id());
                queue.remove().release();
            }
        }
        return expired;
    }

    boolean contains(DeliveryId id) {
        return firsts.stream().anyMatch(waiting -> waiting.id().equals(id))
                || retries.stream().anyMatch(waiting -> waiting.id().equals(id));
    }

    /** Puts a changed delivery in the place of what it was; does nothing when the window does not have it. */
    void replace(DeliveryId id, UnaryOperator<WaitingDelivery> change) {
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            List<Waiting> all = List.copyOf(queue);
            queue.clear();
            for (Waiting waiting : all) {
                boolean same = waiting.id().equals(id);
                queue.add(same ? new Waiting(change.apply(waiting.delivery), waiting.payload) : waiting);
            }
        }
    }

    /** Takes a delivery out, wherever it stands. */
    void remove(DeliveryId id) {
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            for (Iterator<Waiting> each = queue.iterator(); each.hasNext(); ) {
                Waiting waiting = each.next();
                if (waiting.id().equals(id)) {
                    waiting.release();
                    each.remove();
                    return;
                }
            }
        }
    }

    /** Takes everything out. */
    void clear(Consumer<DeliveryId> taken) {
        for (ArrayDeque<Waiting> queue : List.of(firsts, retries)) {
            for (Waiting waiting : queue) {
                taken.accept(waiting.id());
                waiting.release();
            }
            queue.clear();
        }
    }

    private ArrayDeque<Waiting> queue(boolean ofRetries) {
        return ofRetries ? retries : firsts;
    }
}
