package io.longline;

import io.longline.bus.Reply.Receipt;
import java.time.Instant;

/**
 * An event that was accepted: it is stored with all of its deliveries, and whatever crashes now, they are made.
 *
 * @param id {@code evt_} and 26 characters; receivers tell repetitions by it
 * @param deliveries how many webhooks it goes to
 */
public record EventReceipt(String id, String event, Instant timestamp, int deliveries) {
    static EventReceipt of(Receipt receipt) {
        return new EventReceipt(receipt.id(), receipt.event(), receipt.timestamp(), receipt.deliveries());
    }
}
