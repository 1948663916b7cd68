package io.longline.store.sql;

import io.longline.model.WebhookId;
import io.longline.store.Operation;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes each kind of operation within the transaction that is open. For one thread. */
public final class OperationWriter {
    private static final int DELETED_REMEMBERED = 100_000;

    private final IntakeWriter intake;
    private final ResultWriter results;
    private final ChangeWriter changes;
    private final AccessWriter access;
    private final UpkeepWriter upkeep;
    private final CountedWriter counted;
    private final Set<WebhookId> deleted = new LinkedHashSet<>();

    /**
     * @param spaceReturner gives up to so many free pages back to the file system, in the dialect of the database
     */
    public OperationWriter(Statements statements, UpkeepWriter.SpaceReturner spaceReturner) {
        intake = new IntakeWriter(statements, deleted::contains);
        results = new ResultWriter(statements);
        changes = new ChangeWriter(statements);
        access = new AccessWriter(statements);
        upkeep = new UpkeepWriter(statements, spaceReturner);
        counted = new CountedWriter(statements);
    }

    /** Writes an operation; answers what it answers. */
    public @Nullable Object write(Operation<?> operation, Effects effects) throws SQLException {
        if (operation instanceof Operation.AcceptEvents accept) {
            return intake.accept(accept, effects);
        }
        if (operation instanceof Operation.RecordAttempt result) {
            return results.record(result, effects);
        }
        if (operation instanceof Operation.ExpireDeliveries expire) {
            results.expire(expire, effects);
            return null;
        }
        if (operation instanceof Operation.RecordCircuit circuit) {
            results.circuit(circuit);
            return null;
        }
        if (operation instanceof Operation.Upkeep step) {
            return upkeep.step(step);
        }
        if (AccessWriter.takes(operation)) {
            return access.write(operation);
        }
        return changes.write(operation, effects);
    }

    /**
     * Writes what was counted so far, so that the totals in the tables are those of this very moment. To be called before
     * the commit, and before an operation that reads them.
     */
    public void writeCounted(Effects effects) throws SQLException {
        counted.write(effects.counted);
        effects.counted.clear();
    }

    /** Whether an operation reads totals. */
    public static boolean readsTotals(Operation<?> operation) {
        return operation instanceof Operation.DeleteWebhook;
    }

    /** The transaction is durable. */
    public void committed(Effects effects) {
        deleted.addAll(effects.deleted());
        var oldest = deleted.iterator();
        while (deleted.size() > DELETED_REMEMBERED) {
            oldest.next();
            oldest.remove();
        }
    }

    /** The transaction came to nothing. */
    public void rolledBack() {
        intake.forgetEventTypes();
    }
}
