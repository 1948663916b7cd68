package io.longline.delivery;

import io.longline.model.TimeSource;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Ends what has a deadline, none too early and none more than two steps late, with a single timer however many there
 * are: nearly all are called off long before, and a timer for each would cost more than the rest of the bookkeeping of an
 * attempt. The timer runs while there is something to end. For the thread of one event loop.
 */
final class Deadlines {
    /** How finely deadlines are told apart. */
    static final long STEP_MILLIS = 50;

    private final Vertx vertx;
    private final TimeSource time;
    private final NavigableMap<Long, Set<Deadline>> bySteps = new TreeMap<>();
    private boolean running;

    Deadlines(Vertx vertx, TimeSource time) {
        this.vertx = vertx;
        this.time = time;
    }

    /** Something that happens once its time has come, unless it is called off before. */
    final class Deadline {
        private final long step;
        private final Runnable action;

        private Deadline(long step, Runnable action) {
            this.step = step;
            this.action = action;
        }

        /** Calls it off; does nothing once it has come. */
        void cancel() {
            Set<Deadline> same = bySteps.get(step);
            if (same != null && same.remove(this) && same.isEmpty()) {
                bySteps.remove(step);
            }
        }
    }

    /** Has an action happen after a time. */
    Deadline in(Duration after, Runnable action) {
        long step = Math.floorDiv(time.monotonicMillis() + after.toMillis(), STEP_MILLIS) + 1;
        Deadline deadline = new Deadline(step, action);
        bySteps.computeIfAbsent(step, key -> new LinkedHashSet<>()).add(deadline);
        if (!running) {
            running = true;
            tick();
        }
        return deadline;
    }

    private void tick() {
        vertx.setTimer(STEP_MILLIS, id -> {
            long now = Math.floorDiv(time.monotonicMillis(), STEP_MILLIS);
            while (!bySteps.isEmpty() && bySteps.firstKey() <= now) {
                bySteps.pollFirstEntry().getValue().forEach(deadline -> deadline.action.run());
            }
            running = !bySteps.isEmpty();
            if (running) {
                tick();
            }
        });
    }
}
