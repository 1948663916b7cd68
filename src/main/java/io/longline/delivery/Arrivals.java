package io.longline.delivery;

import io.longline.model.DeliveryId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * New deliveries that came while a read of first attempts was under way. Should the read show that nothing older is left
 * in the store, they go into the window as they are, so that a lane catches up however fast deliveries come; otherwise a
 * later read brings them.
 *
 * <p>Plain state for the shard's thread.
 */
final class Arrivals {
    private final Map<DeliveryId, Window.Waiting> waiting = new LinkedHashMap<>();
    private final int most;

    /** @param most how many are kept at once */
    Arrivals(int most) {
        this.most = most;
    }

    boolean isFull() {
        return waiting.size() >= most;
    }

    void add(Window.Waiting delivery) {
        Window.Waiting same = waiting.put(delivery.id(), delivery);
        if (same != null) {
            same.release();
        }
    }

    /** Takes one out; {@code null} when it is not here. */
    Window.@Nullable Waiting take(DeliveryId id) {
        return waiting.remove(id);
    }

    /** Something else happened to a delivery: a later read brings it, should it still wait. */
    void forget(DeliveryId id) {
        Window.Waiting gone = waiting.remove(id);
        if (gone != null) {
            gone.release();
        }
    }

    /**
     * Hands them over in the order in which they came, and keeps none.
     *
     * @param taker answers whether it took the delivery, with what it holds
     * @return whether it took all
     */
    boolean handOver(Predicate<Window.Waiting> taker) {
        boolean all = true;
        for (Window.Waiting delivery : waiting.values()) {
            if (!taker.test(delivery)) {
                delivery.release();
                all = false;
            }
        }
        waiting.clear();
        return all;
    }

    /** Gives them all up; answers whether there were any. */
    boolean clear() {
        boolean any = !waiting.isEmpty();
        waiting.values().forEach(Window.Waiting::release);
        waiting.clear();
        return any;
    }
}
