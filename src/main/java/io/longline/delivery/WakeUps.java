package io.longline.delivery;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** When which lane is to be looked at again, in monotonic time; one timer serves all of them. */
final class WakeUps {
    private record WakeUp(long at, Lane lane) {}

    private final PriorityQueue<WakeUp> queue = new PriorityQueue<>(Comparator.comparingLong(WakeUp::at));
    private final LongConsumer timer;
    private long armedFor = Lane.NEVER;

    /** @param timer asks for a call of {@link #run} after so many milliseconds */
    WakeUps(LongConsumer timer) {
        this.timer = timer;
    }

    /** Wakes a lane at a time, or at an earlier one asked for before. */
    void at(Lane lane, long at, long now) {
        if (at < lane.wakeAt) {
            lane.wakeAt = at;
            queue.add(new WakeUp(at, lane));
            arm(now);
        }
    }

    /** Hands over every lane whose time has come. */
    void run(long now, Consumer<Lane> wake) {
        armedFor = Lane.NEVER;
        while (!queue.isEmpty() && queue.peek().at <= now) {
            WakeUp due = queue.remove();
            // A lane that asked for an earlier time since has left its later entry behind.
            if (due.lane.wakeAt == due.at) {
                due.lane.wakeAt = Lane.NEVER;
                wake.accept(due.lane);
            }
        }
        arm(now);
    }

    private void arm(long now) {
        WakeUp first = queue.peek();
        if (first != null && first.at < armedFor) {
            armedFor = first.at;
            timer.accept(Math.max(1, first.at - now));
        }
    }
}
