package io.longline.store;

import io.longline.model.EventType;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked of the store about event types. Reads a bounded number of rows, as {@link Queries} do. */
public interface EventTypeQueries {
    /** The most bytes of descriptions, schemas and examples on one page, but for the first entry's. */
    int MOST_PAGE_BYTES = 2 * 1_048_576;

    /** The most entries on a page of {@link #definitions}. */
    int MOST_DEFINITIONS = 20;

    /**
     * An event name's entry in the catalogue.
     *
     * @param lastSeenAt when such an event was last accepted; {@code null} for never, or not lately
     * @param definition what was registered; {@code null} when nothing was. Of all tenants it is the default one's, or else
     *     that of the first by name
     */
    record Entry(
            String name,
            @Nullable Instant lastSeenAt,
            @Nullable EventType definition) {}

    /** How many a tenant has, archived ones included, and the bytes of their descriptions, schemas and examples. */
    record Totals(int count, long bytes) {}

    /** One that judges events. */
    record Judging(String tenant, String name, long version) {}

    /**
     * Names that were seen or registered, in their order: of a tenant, or of all when it is {@code null}. A page ends early
     * rather than grow past {@link #MOST_PAGE_BYTES}; and without the archived ones it may be short, even empty.
     *
     * @param archived whether those that are archived are among them
     */
    Future<Page<Entry>> entries(@Nullable String tenant, boolean archived, PageRequest page);

    /** The entries of these names, in their order; of a name that nobody knows there is an empty one. */
    Future<List<Entry>> entries(@Nullable String tenant, List<String> names);

    /** A tenant's own entry for a name, be it archived. */
    Future<Optional<EventType>> eventType(String tenant, String name);

    /** All that a tenant has registered, by name, archived ones included. */
    Future<List<EventType>> registered(String tenant);

    /**
     * All that is registered, by tenant and name, archived ones included: of a tenant, or of all when it is {@code null}. A
     * page has at most {@link #MOST_DEFINITIONS}, since one may be large.
     */
    Future<Page<EventType>> definitions(@Nullable String tenant, @Nullable String cursor);

    /** How much a tenant has registered. */
    Future<Totals> totals(String tenant);

    /** Every one that judges events. */
    Future<List<Judging>> judging();
}
