package io.longline.store.sealed;

import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.security.Seal;
import io.longline.store.Applied;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.SourceQueries;
import io.longline.store.StoreRefusedException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Seals the secrets of sources, and opens those that are read. Each is bound to its source. */
final class SealedSources implements SourceQueries {
    private final SourceQueries sources;
    private final Seal seal;

    SealedSources(SourceQueries sources, Seal seal) {
        this.sources = sources;
        this.seal = seal;
    }

    Source seal(Source source) {
        return source.withSecret(seal.seal(source.secret(), place(source)));
    }

    private Source open(Source source) {
        try {
            return source.withSecret(seal.open(source.secret(), place(source)));
        } catch (Seal.BrokenSealException broken) {
            throw new StoreRefusedException(
                    "the secret of source " + source.id() + " cannot be opened: " + broken.getMessage());
        }
    }

    private static String place(Source source) {
        return "source " + source.id().value() + " secret";
    }

    @Override
    public Future<List<Source>> allSources() {
        return sources.allSources().map(found -> found.stream().map(this::open).toList());
    }

    @Override
    public Future<Page<Source>> sources(@Nullable String tenant, PageRequest page) {
        return sources.sources(tenant, page)
                .map(found -> new Page<>(found.items().stream().map(this::open).toList(), found.nextCursor()));
    }

    @Override
    public Future<Optional<Source>> source(SourceId id) {
        return sources.source(id).map(found -> found.map(this::open));
    }

    @Override
    public Future<List<Applied>> applied(String file) {
        return sources.applied(file);
    }
}
