package io.longline.store.sql;

import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.model.SourceKind;
import io.longline.model.SourceScheme;
import io.longline.store.Applied;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.SourceQueries;
import io.longline.store.sql.PagedQuery.Listing;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sources, in SQL. */
public final class SqlSourceQueries implements SourceQueries {
    private static final String COLUMNS = "id, tenant, name, kind, secret, event_prefix, created_at, header, algorithm,"
            + " encoding, signature_prefix, event_header, id_header";
    private static final Listing<Source> LIST = new Listing<>(
            COLUMNS, "sources", SqlSourceQueries::source, item -> item.id().value());

    private final Reader reader;

    public SqlSourceQueries(Reader reader) {
        this.reader = reader;
    }

    @Override
    public Future<List<Source>> allSources() {
        return reader.all("SELECT " + COLUMNS + " FROM sources", SqlSourceQueries::source, List.of());
    }

    @Override
    public Future<Page<Source>> sources(@Nullable String tenant, PageRequest page) {
        PagedQuery query = new PagedQuery("id");
        if (tenant != null) {
            query.along("tenant = ?", tenant);
        }
        return query.read(reader, LIST, page);
    }

    @Override
    public Future<Optional<Source>> source(SourceId id) {
        return reader.one(
                "SELECT " + COLUMNS + " FROM sources WHERE id = ?", SqlSourceQueries::source, List.of(id.value()));
    }

    @Override
    public Future<List<Applied>> applied(String file) {
        return reader.all(
                "SELECT kind, tenant, name, subject FROM applied WHERE file = ? ORDER BY kind, tenant, name LIMIT "
                        + Applied.MOST,
                row -> new Applied(
                        file,
                        row.text("kind").equals(Applied.Kind.SOURCE.text())
                                ? Applied.Kind.SOURCE
                                : Applied.Kind.EVENT_TYPE,
                        row.text("tenant"),
                        row.text("name"),
                        row.text("subject")),
                List.of(file));
    }

    private static Source source(Row row) {
        return new Source(
                new SourceId(row.text("id")),
                row.text("tenant"),
                row.text("name"),
                known(SourceKind.parse(row.text("kind"))),
                row.text("secret"),
                row.text("event_prefix"),
                new SourceScheme(
                        row.textOrNull("header"),
                        known(SourceScheme.Algorithm.parse(row.text("algorithm"))),
                        known(SourceScheme.Encoding.parse(row.text("encoding"))),
                        row.text("signature_prefix"),
                        row.textOrNull("event_header"),
                        row.textOrNull("id_header")),
                Instant.ofEpochMilli(row.number("created_at")));
    }

    private static <T> T known(Optional<T> word) {
        return word.orElseThrow(() -> new IllegalStateException("a source's row holds a word that is not known"));
    }
}
