package io.longline.adapter.outbox;

import io.longline.adapter.outbox.OutboxDatabase.Mark;
import io.longline.bus.Reply;
import java.util.List;
import java.util.Optional;

/** Decides what a row is marked with. */
final class OutboxVerdict {
    private static final int LONGEST = 300;

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
        if (reply instanceof Reply.Misfits misfits) {
            return refused(row, line(misfits.misfits().get(0)));
        }
        if (reply instanceof Reply.Refused) {
            return refused(row, "the store refuses the event; the server's log says why");
        }
        return Optional.empty();
    }

    /** Names in the data are a stranger's: they neither begin a line of their own nor go on for ever. */
    private static String line(Reply.Misfit misfit) {
        String line = ("data" + misfit.pointer() + " " + misfit.detail()).replaceAll("[\\p{Cntrl}\\v]", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    private static Mark stored(OutboxRow row, List<Reply.Receipt> receipts) {
        return new Mark(row, receipts.get(0).id(), null);
    }

    private static Optional<Mark> refused(OutboxRow row, String why) {
        return Optional.of(new Mark(row, null, why));
    }
}
