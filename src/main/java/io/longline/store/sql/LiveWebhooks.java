package io.longline.store.sql;

import io.longline.model.WebhookId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which webhooks deliveries can be made for. Those asked for before are remembered, so that the engine's writes, which ask
 * each time, look none of them up; the table is what counts. For one thread.
 */
final class LiveWebhooks {
    private static final int MOST_REMEMBERED = 100_000;
    private static final String SELECT_DELETION = "SELECT deleted_at FROM webhooks WHERE id = ?";

    private final Statements statements;
    private final Set<WebhookId> live = new HashSet<>();

    LiveWebhooks(Statements statements) {
        this.statements = statements;
    }

    /**
     * Whether a webhook is there and not deleted, the open transaction included.
     *
     * @param effects what the open transaction has done so far
     * @throws IllegalStateException when there never was such a webhook: nothing may be written that belongs to it
     */
    boolean contains(WebhookId id, Effects effects) throws SQLException {
        if (effects.deletes(id)) {
            return false;
        }
        if (live.contains(id)) {
            return true;
        }
        boolean[] found = {false, false};
        statements.query(
                SELECT_DELETION,
                row -> {
                    found[0] = true;
                    found[1] = row.numberOrNull("deleted_at") == null;
                },
                id.value());
        if (!found[0]) {
            throw new IllegalStateException("there is no webhook " + id);
        }
        if (found[1]) {
            if (live.size() >= MOST_REMEMBERED) {
                live.clear();
            }
            live.add(id);
        }
        return found[1];
    }

    /** The open transaction is durable. */
    void committed(Effects effects) {
        live.removeAll(effects.deleted());
    }

    /** Something was taken back, and with it perhaps a webhook. */
    void rolledBack() {
        live.clear();
    }
}
