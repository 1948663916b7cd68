package io.longline.store.sql;

import io.longline.store.Clash;
import io.longline.store.Operation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes each kind of operation within the transaction that is open. For one thread. */
public final class OperationWriter {
    private final Statements statements;
    private final IntakeWriter intake;
    private final ResultWriter results;
    private final ChangeWriter changes;
    private final ReplayWriter replays;
    private final AccessWriter access;
    private final SourceWriter sources;
    private final HistoryWriter history;
    private final EventTypeWriter eventTypes;
    private final UpkeepWriter upkeep;
    private final StatisticsLedger statistics;
    private final DeliveryLedger deliveries;
    private final LiveWebhooks webhooks;

    /**
     * @param spaceReturner gives up to so many free pages back to the file system, in the dialect of the database
     * @param monotonicMillis tells how long something has waited to be written to its table
     */
    public OperationWriter(
            Statements statements, UpkeepWriter.SpaceReturner spaceReturner, LongSupplier monotonicMillis) {
        this.statements = statements;
        webhooks = new LiveWebhooks(statements);
        intake = new IntakeWriter(statements, webhooks);
        results = new ResultWriter(statements, webhooks);
        changes = new ChangeWriter(statements, webhooks);
        replays = new ReplayWriter(statements, changes);
        access = new AccessWriter(statements);
        sources = new SourceWriter(statements);
        history = new HistoryWriter(statements, results, webhooks);
        eventTypes = new EventTypeWriter(statements);
        statistics = new StatisticsLedger(statements, monotonicMillis);
        deliveries = new DeliveryLedger(statements, monotonicMillis);
        upkeep = new UpkeepWriter(statements, deliveries, spaceReturner);
    }

    /** Writes an operation; answers what it answers. */
    public @Nullable Object write(Operation<?> operation, Effects effects) throws SQLException {
        if (operation instanceof Operation.ChangeAll all) {
            return changeAll(all.changes(), effects);
        }
        if (operation instanceof Operation.AcceptEvents accept) {
            return intake.accept(accept, effects);
        }
        if (operation instanceof Operation.RecallAnswer recall) {
            return intake.recall(recall.claim());
        }
        if (operation instanceof Operation.ExpireClaims expire) {
            intake.expire(expire);
            return null;
        }
        if (operation instanceof Operation.RecordAttempt result) {
            return results.record(result, effects);
        }
        if (operation instanceof Operation.ExpireDeliveries expire) {
            results.expire(expire, effects);
            return null;
        }
        if (operation instanceof Operation.RecordCircuit circuit) {
            results.circuit(circuit, effects);
            return null;
        }
        if (operation instanceof Operation.NoteApplied note) {
            sources.note(note);
            return null;
        }
        if (operation instanceof Operation.ImportHistory past) {
            return history.write(past, effects);
        }
        if (operation instanceof Operation.Upkeep step) {
            if (step.job() instanceof Operation.Job.CatchUp) {
                statistics.hurry();
                deliveries.hurry();
                return 0;
            }
            return upkeep.step(step);
        }
        if (AccessWriter.takes(operation)) {
            return access.write(operation);
        }
        if (SourceWriter.takes(operation)) {
            return sources.write(operation);
        }
        if (operation instanceof Operation.SaveEventTypes save) {
            return eventTypes.save(save, effects);
        }
        if (ReplayWriter.takes(operation)) {
            return replays.write(operation, effects);
        }
        return changes.write(operation, effects);
    }

    /** Writes changes one after the other, and takes all of them back when one cannot be made. */
    private Optional<Clash> changeAll(List<Operation<?>> all, Effects effects) throws SQLException {
        Effects own = effects.own();
        statements.update("SAVEPOINT changes");
        for (int index = 0; index < all.size(); index++) {
            Optional<Clash.Reason> reason = change(all.get(index), own);
            if (reason.isPresent()) {
                statements.update("ROLLBACK TO changes");
                statements.update("RELEASE changes");
                rolledBack();
                return Optional.of(new Clash(index, reason.get()));
            }
        }
        statements.update("RELEASE changes");
        effects.add(own);
        return Optional.empty();
    }

    private Optional<Clash.Reason> change(Operation<?> change, Effects effects) throws SQLException {
        if (change instanceof Operation.CreateWebhook create
                && webhooks.isKnown(create.webhook().id())) {
            return Optional.of(Clash.Reason.TAKEN);
        }
        return Clash.of(change, write(change, effects));
    }

    /** Brings the tables up to date that follow commits, where an earlier process has not. */
    public void recover() throws SQLException {
        statistics.recover();
        deliveries.recover();
    }

    /** Whether tables that follow commits are behind. */
    public boolean isBehind() {
        return statistics.isBehind() || deliveries.isBehind();
    }

    /** Writes what follows from the transaction's operations. To be called once, right before the commit. */
    public void writeEffects(Effects effects) throws SQLException {
        statistics.write(effects.counted);
        effects.counted.clear();
        deliveries.write(effects.inserted);
    }

    /** Brings the totals up to date that an operation reads. To be called before it is written. */
    public void showTotals(Operation<?> operation, Effects effects) throws SQLException {
        if (operation instanceof Operation.DeleteWebhook delete) {
            statistics.show(Counted.webhook(delete.id()), effects.counted);
        } else if (operation instanceof Operation.ChangeAll all) {
            for (Operation<?> change : all.changes()) {
                showTotals(change, effects);
            }
        }
    }

    /** The transaction is durable. */
    public void committed(Effects effects) {
        statistics.committed();
        deliveries.committed();
        webhooks.committed(effects);
    }

    /** An operation by itself came to nothing. */
    public void rolledBack() {
        intake.forgetEventTypes();
        webhooks.rolledBack();
    }

    /** The transaction as a whole came to nothing. */
    public void transactionRolledBack() {
        rolledBack();
        statistics.rolledBack();
        deliveries.rolledBack();
    }
}
