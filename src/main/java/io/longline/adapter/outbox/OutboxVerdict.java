package io.longline.adapter.outbox;

import io.longline.adapter.outbox.OutboxDatabase.Mark;
import io.longline.bus.Reply;
import java.util.List;
import java.util.Optional;

/** Decides what a row is marked with. */
final class OutboxVerdict {
    private OutboxVerdict() {}

    /** The mark that an answer amounts to; empty when the row has to wait, since the store or its room is at fault. */
    static Optional<Mark> of(OutboxRow row, Reply reply) {
        if (reply instanceof Reply.Published published) {
            return Optional.of(stored(row, published.receipts()));
        }
        if (reply instanceof Reply.Replayed replayed) {
            return Optional.of(stored(row, replayed.receipts()));
        }
        if (reply instanceof Reply.PayloadTooLarge large) {
            return refused(row, "the payload has " + large.bytes() + " bytes; at most " + large.most() + " are taken");
        }
        if (reply instanceof Reply.TooManyDeliveries many) {
            return refused(
                    row,
                    "the event would make " + many.deliveries() + " deliveries; at most " + many.most() + " are made");
        }
        if (reply instanceof Reply.Refused) {
            return refused(row, "the store refuses the event; the server's log says why");
        }
        return Optional.empty();
    }

    private static Mark stored(OutboxRow row, List<Reply.Receipt> receipts) {
        return new Mark(row, receipts.get(0).id(), null);
    }

    private static Optional<Mark> refused(OutboxRow row, String why) {
        return Optional.of(new Mark(row, null, why));
    }
}
