package io.longline.store.sql;

import io.longline.model.AuditEntry;
import io.longline.model.DeliveryId;
import io.longline.model.EventId;
import io.longline.model.IdGenerator;
import io.longline.model.ReplayId;

/** Identifiers as bounds in time: the least one of a millisecond, by kind. */
final class Identifiers {
    private Identifiers() {}

    static String lowestDelivery(long atMillis) {
        return IdGenerator.lowest(DeliveryId.PREFIX, atMillis);
    }

    static String lowestEvent(long atMillis) {
        return IdGenerator.lowest(EventId.PREFIX, atMillis);
    }

    static String lowestReplay(long atMillis) {
        return IdGenerator.lowest(ReplayId.PREFIX, atMillis);
    }

    static String lowestAudit(long atMillis) {
        return IdGenerator.lowest(AuditEntry.PREFIX, atMillis);
    }
}
