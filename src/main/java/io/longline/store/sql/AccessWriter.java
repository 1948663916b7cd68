package io.longline.store.sql;

import io.longline.model.ApiKey;
import io.longline.model.AuditEntry;
import io.longline.store.Operation;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes who may call, and what was done. For one thread. */
final class AccessWriter {
    private static final String INSERT_AUDIT = """
            INSERT INTO audit (id, at, actor, address, action, subject, tenant, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String INSERT_KEY = """
            INSERT INTO api_keys (id, name, sha256, hint, scopes, tenant, created_at, expires_at, last_used_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String TOUCH_KEY = "UPDATE api_keys SET last_used_at = ? WHERE id = ?";
    private static final String DELETE_KEY = "DELETE FROM api_keys WHERE id = ?";

    private final Statements statements;

    AccessWriter(Statements statements) {
        this.statements = statements;
    }

    /** Whether an operation is one of these. */
    static boolean takes(Operation<?> operation) {
        return operation instanceof Operation.RecordAudit
                || operation instanceof Operation.CreateKey
                || operation instanceof Operation.TouchKey
                || operation instanceof Operation.DeleteKey;
    }

    @Nullable Object write(Operation<?> operation) throws SQLException {
        if (operation instanceof Operation.RecordAudit audit) {
            record(audit.entry());
        } else if (operation instanceof Operation.CreateKey create) {
            create(create.key());
        } else if (operation instanceof Operation.TouchKey touch) {
            statements.update(TOUCH_KEY, touch.at(), touch.id().value());
        } else if (operation instanceof Operation.DeleteKey delete) {
            return statements.update(DELETE_KEY, delete.id().value()) > 0;
        }
        return null;
    }

    private void record(AuditEntry entry) throws SQLException {
        statements.update(
                INSERT_AUDIT,
                entry.id(),
                entry.at(),
                entry.actor(),
                entry.address(),
                entry.action(),
                entry.subject(),
                entry.tenant(),
                entry.detail());
    }

    private void create(ApiKey key) throws SQLException {
        statements.update(
                INSERT_KEY,
                key.id().value(),
                key.name(),
                key.sha256(),
                key.hint(),
                String.join(" ", key.grants().words()),
                key.grants().tenant(),
                key.createdAt(),
                key.expiresAt(),
                key.lastUsedAt());
    }
}
