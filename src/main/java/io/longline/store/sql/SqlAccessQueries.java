package io.longline.store.sql;

import io.longline.model.ApiKey;
import io.longline.model.AuditEntry;
import io.longline.model.Grants;
import io.longline.model.KeyId;
import io.longline.store.AccessQueries;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.sql.PagedQuery.Listing;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may call and what was done, in SQL. */
public final class SqlAccessQueries implements AccessQueries {
    private static final String KEY_COLUMNS = "id, name, sha256, hint, scopes, created_at, expires_at, last_used_at";
    private static final Listing<ApiKey> KEY_LIST = new Listing<>(
            KEY_COLUMNS, "api_keys", SqlAccessQueries::key, item -> item.id().value());
    private static final Listing<AuditEntry> AUDIT_LIST = new Listing<>(
            "id, at, actor, address, action, subject, tenant, detail",
            "audit",
            SqlAccessQueries::entry,
            AuditEntry::id);

    private final Reader reader;

    public SqlAccessQueries(Reader reader) {
        this.reader = reader;
    }

    @Override
    public Future<List<ApiKey>> allKeys() {
        return reader.all("SELECT " + KEY_COLUMNS + " FROM api_keys", SqlAccessQueries::key, List.of());
    }

    @Override
    public Future<Page<ApiKey>> keys(@Nullable String tenant, PageRequest page) {
        PagedQuery query = new PagedQuery("id");
        if (tenant != null) {
            query.along("tenant = ?", tenant);
        }
        return query.read(reader, KEY_LIST, page);
    }

    @Override
    public Future<Optional<ApiKey>> key(KeyId id) {
        return reader.one(
                "SELECT " + KEY_COLUMNS + " FROM api_keys WHERE id = ?", SqlAccessQueries::key, List.of(id.value()));
    }

    /** Goes along the index of the narrowest filter given; the others are judged. */
    @Override
    public Future<Page<AuditEntry>> audit(AuditFilter filter, PageRequest page) {
        PagedQuery query = new PagedQuery("id");
        boolean narrowed = narrow(query, "subject", filter.subject(), false);
        narrowed = narrow(query, "actor", filter.actor(), narrowed);
        narrow(query, "tenant", filter.tenant(), narrowed);
        if (filter.action() != null) {
            query.judged("action = ?", filter.action());
        }
        if (filter.since() != null) {
            query.notBelow(Identifiers.lowestAudit(filter.since().toEpochMilli()));
        }
        if (filter.until() != null) {
            query.below(Identifiers.lowestAudit(filter.until().toEpochMilli()));
        }
        return query.read(reader, AUDIT_LIST, page);
    }

    private static boolean narrow(PagedQuery query, String column, @Nullable String value, boolean narrowed) {
        if (value == null) {
            return narrowed;
        }
        if (narrowed) {
            query.judged(column + " = ?", value);
        } else {
            query.along(column + " = ?", value);
        }
        return true;
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                new KeyId(row.text("id")),
                row.text("name"),
                row.text("sha256"),
                row.text("hint"),
                Grants.of(List.of(row.text("scopes").split(" "))),
                Instant.ofEpochMilli(row.number("created_at")),
                row.instantOrNull("expires_at"),
                row.instantOrNull("last_used_at"));
    }

    private static AuditEntry entry(Row row) {
        return new AuditEntry(
                row.text("id"),
                Instant.ofEpochMilli(row.number("at")),
                row.text("actor"),
                row.text("address"),
                row.text("action"),
                row.text("subject"),
                row.text("tenant"),
                row.text("detail"));
    }
}
