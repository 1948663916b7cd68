package io.longline.store.sql;

import io.longline.model.Source;
import io.longline.model.SourceScheme;
import io.longline.store.Applied;
import io.longline.store.Operation;
import java.sql.SQLException;

/** Writes sources. For one thread. */
final class SourceWriter {
    private static final String INSERT_SOURCE = """
            INSERT INTO sources (id, tenant, name, kind, secret, event_prefix, created_at, header, algorithm, encoding,
                signature_prefix, event_header, id_header)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING""";
    private static final String UPDATE_SECRET = "UPDATE sources SET secret = ? WHERE id = ?";
    private static final String DELETE_SOURCE = "DELETE FROM sources WHERE id = ?";

    private static final String NOTE_APPLIED = """
            INSERT INTO applied (file, kind, tenant, name, subject) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (file, kind, tenant, name) DO UPDATE SET subject = excluded.subject""";
    private static final String FORGET_APPLIED =
            "DELETE FROM applied WHERE file = ? AND kind = ? AND tenant = ? AND name = ?";

    private final Statements statements;

    SourceWriter(Statements statements) {
        this.statements = statements;
    }

    /** Whether an operation is one of these. */
    static boolean takes(Operation<?> operation) {
        return operation instanceof Operation.CreateSource
                || operation instanceof Operation.SaveSourceSecret
                || operation instanceof Operation.DeleteSource;
    }

    /** Answers whether anything changed. */
    boolean write(Operation<?> operation) throws SQLException {
        if (operation instanceof Operation.CreateSource create) {
            return create(create.source());
        }
        if (operation instanceof Operation.SaveSourceSecret save) {
            return statements.update(
                            UPDATE_SECRET,
                            save.source().secret(),
                            save.source().id().value())
                    > 0;
        }
        if (operation instanceof Operation.DeleteSource delete) {
            return statements.update(DELETE_SOURCE, delete.id().value()) > 0;
        }
        throw new IllegalArgumentException("not about a source: " + operation.getClass());
    }

    void note(Operation.NoteApplied note) throws SQLException {
        Applied applied = note.applied();
        if (note.made()) {
            statements.update(
                    NOTE_APPLIED,
                    applied.file(),
                    applied.kind().text(),
                    applied.tenant(),
                    applied.name(),
                    applied.subject());
        } else {
            statements.update(FORGET_APPLIED, applied.file(), applied.kind().text(), applied.tenant(), applied.name());
        }
    }

    private boolean create(Source source) throws SQLException {
        SourceScheme scheme = source.scheme();
        return statements.update(
                        INSERT_SOURCE,
                        source.id().value(),
                        source.tenant(),
                        source.name(),
                        source.kind().text(),
                        source.secret(),
                        source.eventPrefix(),
                        source.createdAt(),
                        scheme.header(),
                        scheme.algorithm().text(),
                        scheme.encoding().text(),
                        scheme.signaturePrefix(),
                        scheme.eventHeader(),
                        scheme.idHeader())
                > 0;
    }
}
