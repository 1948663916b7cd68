package io.longline.store.sql;

import io.longline.model.EventType;
import io.longline.store.Operation.EventTypeChange;
import io.longline.store.Operation.SaveEventTypes;
import java.sql.SQLException;

/** Writes the catalogue of event types. For one thread. */
final class EventTypeWriter {
    private static final String SELECT_VERSION =
            "SELECT version FROM event_type_definitions WHERE name = ? AND tenant = ?";
    private static final String UPSERT = """
            INSERT INTO event_type_definitions (name, tenant, validates, version, bytes, archived_at, created_at, updated_at,
                description, schema, example)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name, tenant) DO UPDATE
            SET validates = excluded.validates, version = excluded.version, bytes = excluded.bytes,
                archived_at = excluded.archived_at, updated_at = excluded.updated_at,
                description = excluded.description, schema = excluded.schema, example = excluded.example""";

    private final Statements statements;

    EventTypeWriter(Statements statements) {
        this.statements = statements;
    }

    /** Writes all of them, or nothing; answers which. */
    boolean save(SaveEventTypes save, Effects effects) throws SQLException {
        for (EventTypeChange change : save.changes()) {
            if (version(change.eventType()) != change.ifVersion()) {
                return false;
            }
        }
        for (EventTypeChange change : save.changes()) {
            write(change.eventType());
            effects.eventType(change.eventType());
        }
        return true;
    }

    private long version(EventType type) throws SQLException {
        long[] version = {0};
        statements.query(SELECT_VERSION, row -> version[0] = row.number("version"), type.name(), type.tenant());
        return version[0];
    }

    private void write(EventType type) throws SQLException {
        statements.update(
                UPSERT,
                type.name(),
                type.tenant(),
                type.validates(),
                type.version(),
                type.bytes(),
                type.archivedAt(),
                type.createdAt(),
                type.updatedAt(),
                type.description(),
                type.schemaJson(),
                type.exampleJson());
    }
}
