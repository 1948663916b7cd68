package io.longline.store;

import io.longline.model.ApiKey;
import io.longline.model.AuditEntry;
import io.longline.model.KeyId;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the store about who may call, and about what was done. Reads a bounded number of rows, as {@link Queries} do. */
public interface AccessQueries {
    /** Which audit entries; {@code null} does not restrict. */
    record AuditFilter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String subject,
            @Nullable String tenant,
            @Nullable Instant since,
            @Nullable Instant until) {}

    /** Every key. */
    Future<List<ApiKey>> allKeys();

    /** Keys, newest first: of one tenant, or of all when it is {@code null}. */
    Future<Page<ApiKey>> keys(@Nullable String tenant, PageRequest page);

    /** One key. */
    Future<Optional<ApiKey>> key(KeyId id);

    /** What was done, newest first. */
    Future<Page<AuditEntry>> audit(AuditFilter filter, PageRequest page);
}
