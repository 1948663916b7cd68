package io.longline.store.sql;

import io.longline.model.Webhook;
import io.longline.policy.EventPattern;
import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.WebhookFilter;
import io.longline.store.sql.PagedQuery.Listing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lists of webhooks. Patterns and text are judged here rather than in SQL, which knows neither; for that nothing but
 * what is judged is read, some rows at a time. Whole webhooks, which may be tens of kilobytes each, are read only for the
 * page that is answered.
 */
final class WebhookQueries {
    private static final int EXAMINED_AT_ONCE = 250;

    private static final Listing<Webhook> WHOLE = new Listing<>(
            WebhookRows.COLUMNS,
            "webhooks",
            WebhookRows::read,
            item -> item.id().value());
    private static final Listing<Candidate> CANDIDATES =
            new Listing<>("id, url, description, events", "webhooks", Candidate::read, Candidate::id);
    private static final String BY_ID = "SELECT " + WebhookRows.COLUMNS + """
             FROM webhooks WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL
            ORDER BY id DESC""";

    private final Reader reader;

    WebhookQueries(Reader reader) {
        this.reader = reader;
    }

    Future<Page<Webhook>> page(WebhookFilter filter, PageRequest page) {
        if (filter.event() == null && filter.text() == null) {
            return query(filter).read(reader, WHOLE, page);
        }
        return new Search(filter, page.limit()).from(page.cursor());
    }

    private static PagedQuery query(WebhookFilter filter) {
        PagedQuery query = new PagedQuery("id");
        if (filter.tenant() == null) {
            query.judged("deleted_at IS NULL");
        } else {
            query.along("deleted_at IS NULL AND tenant = ?", filter.tenant());
        }
        if (filter.active() != null) {
            query.judged("active = ?", filter.active());
        }
        if (filter.event() != null) {
            query.judged("active = 1");
        }
        return query;
    }

    /** What a webhook is judged by. */
    private record Candidate(
            String id, String url, @Nullable String description, List<String> events) {
        static Candidate read(Row row) {
            return new Candidate(
                    row.text("id"), row.text("url"), row.textOrNull("description"), WebhookRows.events(row));
        }

        boolean receives(String event) {
            return events.stream().anyMatch(pattern -> EventPattern.of(pattern).matches(event));
        }

        /** @param text in lower case */
        boolean contains(String text) {
            return url.toLowerCase(Locale.ROOT).contains(text)
                    || (description != null
                            && description.toLowerCase(Locale.ROOT).contains(text));
        }
    }

    /** One page's search. */
    private final class Search {
        private final WebhookFilter filter;
        private final @Nullable String text;
        private final int limit;
        private final List<String> found = new ArrayList<>();
        private int examined;

        Search(WebhookFilter filter, int limit) {
            this.filter = filter;
            this.text = filter.text() == null ? null : filter.text().toLowerCase(Locale.ROOT);
            this.limit = limit;
        }

        /** Looks on from a place until the page is full, the list ends, or enough was looked at. */
        Future<Page<Webhook>> from(@Nullable String cursor) {
            PageRequest some = new PageRequest(cursor, EXAMINED_AT_ONCE);
            return query(filter)
                    .read(reader, CANDIDATES, some, EXAMINED_AT_ONCE)
                    .compose(candidates -> {
                        examined += EXAMINED_AT_ONCE;
                        candidates.items().stream()
                                .filter(this::isWanted)
                                .map(Candidate::id)
                                .forEach(found::add);
                        String next = candidates.nextCursor();
                        boolean over = next == null || found.size() > limit || examined >= Queries.MOST_EXAMINED;
                        return over ? end(next) : from(next);
                    });
        }

        private boolean isWanted(Candidate candidate) {
            return (filter.event() == null || candidate.receives(filter.event()))
                    && (text == null || candidate.contains(text));
        }

        private Future<Page<Webhook>> end(@Nullable String next) {
            boolean full = found.size() > limit;
            List<String> ids = full ? found.subList(0, limit) : found;
            String cursor = full ? ids.get(limit - 1) : next;
            return reader.all(BY_ID, WebhookRows::read, List.of(new JsonArray(ids).encode()))
                    .map(webhooks -> new Page<>(webhooks, cursor));
        }
    }
}
