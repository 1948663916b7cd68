package io.longline.delivery;

import io.longline.bus.PayloadMemory.Share;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shares a shard's slots out among its lanes, one attempt a turn. Lanes without a recent success hold at most half of
 * all slots together, so that any number of hanging webhooks leaves the rest room. Of that half, the second part is kept
 * for lanes that have nothing under way and did not run out of time when last heard of, so that a webhook which is new,
 * or seldom has anything to do, is not shut out by those that hang.
 */
final class Turns {
    private final int slots;
    private final ArrayDeque<Lane> proven = new ArrayDeque<>();
    private final ArrayDeque<Lane> unproven = new ArrayDeque<>();
    private final ArrayDeque<Lane> doubtful = new ArrayDeque<>();
    private final Set<Lane> busy = new LinkedHashSet<>();
    private int inFlight;
    private int unprovenInFlight;
    private boolean unprovenTurn;

    Turns(int slots) {
        this.slots = slots;
    }

    int inFlight() {
        return inFlight;
    }

    int unprovenInFlight() {
        return unprovenInFlight;
    }

    /** Puts a lane at the end of its line, unless it stands there; one that stands in another by now leaves that. */
    void enter(Lane lane, long now) {
        Share share = shareOf(lane, now);
        if (lane.line != null && lane.line != share) {
            // Otherwise it would wait with those that hang, though it has answered.
            line(lane.line).remove(lane);
            lane.inLine = false;
        }
        if (!lane.inLine) {
            lane.inLine = true;
            lane.line = share;
            line(share).addLast(lane);
        }
    }

    /** Puts a lane at the head of its line: its turn had come before, and came to nothing for want of memory. */
    void enterFirst(Lane lane, long now) {
        if (!lane.inLine) {
            lane.inLine = true;
            lane.line = shareOf(lane, now);
            line(lane.line).addFirst(lane);
        }
    }

    /** The lane whose turn it is; {@code null} when no slot is free for any that stands in line. */
    @Nullable Lane next(long now) {
        if (inFlight >= slots) {
            return null;
        }
        unprovenTurn = !unprovenTurn;
        Lane lane = unprovenTurn ? nextUnproven(now) : nextOf(proven, now);
        if (lane == null) {
            lane = unprovenTurn ? nextOf(proven, now) : nextUnproven(now);
        }
        return lane;
    }

    private @Nullable Lane nextUnproven(long now) {
        int half = Math.max(1, slots / 2);
        if (unprovenInFlight >= half) {
            return null;
        }
        Lane lane = nextOf(unproven, now);
        if (lane == null && unprovenInFlight < Math.max(1, half / 2)) {
            lane = nextOf(doubtful, now);
        }
        return lane;
    }

    /** The head of a line; lanes that belong into another by now are moved on the way. */
    private @Nullable Lane nextOf(ArrayDeque<Lane> line, long now) {
        for (int left = line.size(); left > 0; left--) {
            Lane lane = line.removeFirst();
            Share share = shareOf(lane, now);
            if (line(share) == line) {
                lane.inLine = false;
                lane.line = null;
                return lane;
            }
            lane.line = share;
            line(share).addLast(lane);
        }
        return null;
    }

    /** An attempt of the lane begins. */
    void began(Lane lane, long now) {
        inFlight++;
        busy.add(lane);
        if (lane.inFlightCount() == 1) {
            lane.countedUnproven = isUnproven(lane, now);
        }
        if (lane.countedUnproven) {
            unprovenInFlight++;
        }
    }

    /** An attempt of the lane ended; to be called after the lane has been told. */
    void ended(Lane lane) {
        inFlight--;
        if (lane.countedUnproven) {
            unprovenInFlight--;
        }
        if (lane.inFlightCount() == 0) {
            busy.remove(lane);
        }
    }

    /** Counts lanes anew whose last success has meanwhile come, or grown old. */
    void review(long now) {
        busy.forEach(lane -> review(lane, now));
    }

    /** Counts a lane anew. */
    void review(Lane lane, long now) {
        boolean unprovenNow = isUnproven(lane, now);
        if (lane.countedUnproven != unprovenNow) {
            unprovenInFlight += unprovenNow ? lane.inFlightCount() : -lane.inFlightCount();
            lane.countedUnproven = unprovenNow;
        }
    }

    private ArrayDeque<Lane> line(Share share) {
        return switch (share) {
            case PROVEN -> proven;
            case UNPROVEN -> unproven;
            case DOUBTFUL -> doubtful;
        };
    }

    /** Whose part of the slots, and of the payload memory, a lane's next attempt takes from. */
    Share shareOf(Lane lane, long now) {
        if (!isUnproven(lane, now)) {
            return Share.PROVEN;
        }
        return lane.inFlightCount() == 0 && !lane.pace().isSlow() ? Share.UNPROVEN : Share.DOUBTFUL;
    }

    private static boolean isUnproven(Lane lane, long now) {
        return !lane.pace().isProven(now);
    }
}
