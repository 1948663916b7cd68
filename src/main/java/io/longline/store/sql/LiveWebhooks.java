package io.longline.store.sql;

import io.longline.model.WebhookId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Which webhooks deliveries can be made for. Those found before are remembered, so that the engine's writes, which ask each
 * time, look none of them up; the table is what counts. For one thread.
 */
final class LiveWebhooks {
    private static final int MOST_REMEMBERED = 100_000;
    private static final String SELECT_LIVE = "SELECT id FROM webhooks WHERE id = ? AND deleted_at IS NULL";
    private static final String SELECT_ANY = "SELECT id FROM webhooks WHERE id = ?";

    private final Statements statements;
    private final Set<WebhookId> live = new HashSet<>();

    LiveWebhooks(Statements statements) {
        this.statements = statements;
    }

    /**
     * Whether a webhook is there and not deleted, the open transaction included.
     *
     * @param effects what the open transaction has done so far
     */
    boolean contains(WebhookId id, Effects effects) throws SQLException {
        if (effects.deletes(id)) {
            return false;
        }
        if (live.contains(id)) {
            return true;
        }
        boolean found = isFound(SELECT_LIVE, id);
        if (found) {
            if (live.size() >= MOST_REMEMBERED) {
                live.clear();
            }
            live.add(id);
        }
        return found;
    }

    /** Whether there is, or was, a webhook of that identifier. */
    boolean isKnown(WebhookId id) throws SQLException {
        return isFound(SELECT_ANY, id);
    }

    /** @throws IllegalStateException when there never was such a webhook: nothing may be written that belongs to it */
    void requireKnown(WebhookId id) throws SQLException {
        if (!isKnown(id)) {
            throw new IllegalStateException("there is no webhook " + id);
        }
    }

    private boolean isFound(String select, WebhookId id) throws SQLException {
        boolean[] found = {false};
        statements.query(select, row -> found[0] = true, id.value());
        return found[0];
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
