package io.longline.store.sql;

import io.longline.model.Replay;
import io.longline.store.Operation;
import io.longline.store.Operation.AdvanceReplay;
import io.longline.store.Operation.CancelReplay;
import io.longline.store.Operation.CreateReplay;
import java.sql.SQLException;

/** Writes replays, and what each of their steps does. For one thread. */
final class ReplayWriter {
    private static final String INSERT = """
            INSERT INTO replays (id, tenant, webhook_id, status, event_type, since, until, missed, upper_event, state,
                at_event, at_webhook, matched, is_exact, done, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)""";
    /** Moves a replay on, if it still is where the step began: what is written twice counts once. */
    private static final String MOVE = """
            UPDATE replays SET at_event = ?, at_webhook = ?
            WHERE id = ? AND state = 'running' AND at_event = ? AND at_webhook = ?""";

    private static final String COUNT = "UPDATE replays SET done = done + ? WHERE id = ?";
    private static final String FINISH = """
            UPDATE replays SET state = 'done', finished_at = ?,
                matched = CASE WHEN is_exact THEN matched ELSE done END, is_exact = 1
            WHERE id = ?""";
    private static final String CANCEL =
            "UPDATE replays SET state = 'cancelled', finished_at = ? WHERE id = ? AND state = 'running'";

    private final Statements statements;
    private final ChangeWriter changes;

    ReplayWriter(Statements statements, ChangeWriter changes) {
        this.statements = statements;
        this.changes = changes;
    }

    /** Whether an operation is one of these. */
    static boolean takes(Operation<?> operation) {
        return operation instanceof CreateReplay
                || operation instanceof AdvanceReplay
                || operation instanceof CancelReplay;
    }

    boolean write(Operation<?> operation, Effects effects) throws SQLException {
        if (operation instanceof CreateReplay create) {
            return create(create.replay());
        }
        if (operation instanceof AdvanceReplay step) {
            return advance(step, effects);
        }
        if (operation instanceof CancelReplay cancel) {
            return statements.update(CANCEL, cancel.nowMillis(), cancel.id().value()) > 0;
        }
        throw new IllegalArgumentException("not about a replay: " + operation.getClass());
    }

    private boolean create(Replay replay) throws SQLException {
        Replay.Filter filter = replay.filter();
        statements.update(
                INSERT,
                replay.id().value(),
                replay.tenant(),
                filter.webhookId() == null ? null : filter.webhookId().value(),
                filter.status() == null ? null : filter.status().text(),
                filter.eventType(),
                filter.since().toEpochMilli(),
                filter.until().toEpochMilli(),
                filter.missed(),
                replay.upperEvent(),
                replay.state().text(),
                replay.place().event(),
                replay.place().webhook(),
                replay.matched(),
                replay.exact(),
                replay.createdAt().toEpochMilli());
        return true;
    }

    private boolean advance(AdvanceReplay step, Effects effects) throws SQLException {
        Replay replay = step.replay();
        int moved = statements.update(
                MOVE,
                step.to().event(),
                step.to().webhook(),
                replay.id().value(),
                replay.place().event(),
                replay.place().webhook());
        if (moved == 0) {
            return false;
        }
        int done = 0;
        for (Operation.ReplayTarget target : step.targets()) {
            if (changes.deliverAgain(target, replay.filter(), step.nowMillis(), effects)) {
                done++;
            }
        }
        statements.update(COUNT, done, replay.id().value());
        if (step.last()) {
            statements.update(FINISH, step.nowMillis(), replay.id().value());
        }
        return true;
    }
}
