package io.longline.store;

import io.longline.model.Source;
import io.longline.model.SourceId;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the store about sources. Reads a bounded number of rows, as {@link Queries} do. */
public interface SourceQueries {
    /** Every source. */
    Future<List<Source>> allSources();

    /** Sources, newest first: of one tenant, or of all when it is {@code null}. */
    Future<Page<Source>> sources(@Nullable String tenant, PageRequest page);

    /** One source. */
    Future<Optional<Source>> source(SourceId id);

    /** What an apply of that file made and may take away again, of sources and event types; at most {@link Applied#MOST}. */
    Future<List<Applied>> applied(String file);
}
