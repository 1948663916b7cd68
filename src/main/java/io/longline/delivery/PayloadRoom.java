package io.longline.delivery;

import io.longline.bus.PayloadMemory;
import io.longline.bus.PayloadMemory.Share;
import io.longline.model.DeliveryId;
import io.longline.store.WaitingDelivery;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The payload memory as a shard uses it: what its attempts have loaded, and the lanes whose turn came to nothing for want
 * of room. Those stand in no line meanwhile, so that they keep nobody from going on; they are called back in the order
 * they came, those of each share by themselves. Plain state for the shard's thread.
 */
final class PayloadRoom {
    private final PayloadMemory memory;
    private final Map<DeliveryId, Share> loaded = new HashMap<>();
    /** Lanes that wait for room, with the bytes they want. */
    private final Map<Share, Map<Lane, Integer>> waiting = new EnumMap<>(Share.class);

    PayloadRoom(PayloadMemory memory) {
        this.memory = memory;
    }

    /**
     * Takes room for the delivery whose turn it is; without any, its lane waits until it is called back.
     *
     * @param anyway whether room is taken past the bound
     */
    boolean take(Lane lane, WaitingDelivery delivery, Share share, boolean anyway) {
        int bytes = delivery.payloadBytes();
        Map<Lane, Integer> others = waitingFor(share);
        boolean mayTry = others.isEmpty() || lane.calledBack;
        lane.calledBack = false;
        if (anyway) {
            memory.reserveAnyway(bytes, share);
        } else if (!mayTry || !memory.reserve(bytes, share)) {
            lane.inLine = true;
            lane.wantsRoomIn = share;
            others.put(lane, bytes);
            return false;
        }
        loaded.put(delivery.id(), share);
        return true;
    }

    /** An attempt ended that had taken room. */
    void giveBack(WaitingDelivery delivery) {
        Share share = loaded.remove(delivery.id());
        if (share != null) {
            memory.release(delivery.payloadBytes(), share);
        }
    }

    /**
     * The lanes for which there is room again; they wait no longer, and go before those that still do.
     *
     * @param one whether one is called back though there is no room for it
     */
    List<Lane> callBack(boolean one, long now) {
        List<Lane> called = new ArrayList<>();
        for (Map.Entry<Share, Map<Lane, Integer>> each : waiting.entrySet()) {
            if (!each.getValue().isEmpty()) {
                callBack(each.getKey(), each.getValue(), one, now, called);
            }
        }
        return called;
    }

    private void callBack(Share share, Map<Lane, Integer> lanes, boolean one, long now, List<Lane> called) {
        long bytes = 0;
        Iterator<Map.Entry<Lane, Integer>> each = lanes.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Lane, Integer> first = each.next();
            Lane lane = first.getKey();
            // One that may not go by now stands in line again when it may.
            boolean mayGo = lane.mayGo(now);
            bytes += mayGo ? first.getValue() : 0;
            if (mayGo && !memory.fits(bytes, share) && !(one && called.isEmpty())) {
                return;
            }
            each.remove();
            waitsNoLonger(lane);
            if (mayGo) {
                lane.calledBack = true;
                called.add(lane);
            }
        }
    }

    /** A lane that waits for room in another share than it has by now waits no longer. */
    void review(Lane lane, Share share) {
        Share wanted = lane.wantsRoomIn;
        if (wanted != null && wanted != share) {
            waitingFor(wanted).remove(lane);
            waitsNoLonger(lane);
        }
    }

    private Map<Lane, Integer> waitingFor(Share share) {
        return waiting.computeIfAbsent(share, none -> new LinkedHashMap<>());
    }

    private static void waitsNoLonger(Lane lane) {
        lane.inLine = false;
        lane.wantsRoomIn = null;
    }
}
