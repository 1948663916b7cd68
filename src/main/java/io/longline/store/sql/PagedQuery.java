package io.longline.store.sql;

import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list read newest first along one index. What the index can narrow down goes into {@link #along}; everything else is
 * judged on the rows found there, of which a page looks at a bounded number. So a page costs the same wherever it lies,
 * and one under a rare filter ends short with a cursor.
 */
final class PagedQuery {
    private static final int END_OF_PAGE = 2;

    private final String idColumn;
    private final List<String> along = new ArrayList<>();
    private final List<@Nullable Object> alongValues = new ArrayList<>();
    private final List<String> judged = new ArrayList<>();
    private final List<@Nullable Object> judgedValues = new ArrayList<>();

    /** @param idColumn the column that the list is ordered by, with its table's alias */
    PagedQuery(String idColumn) {
        this.idColumn = idColumn;
    }

    /** Narrows the range of the index. */
    PagedQuery along(String condition, @Nullable Object... values) {
        along.add(condition);
        alongValues.addAll(List.of(values));
        return this;
    }

    /** Judges the rows found. */
    PagedQuery judged(String condition, @Nullable Object... values) {
        judged.add(condition);
        judgedValues.addAll(List.of(values));
        return this;
    }

    /**
     * What is listed.
     *
     * @param columns what is selected
     * @param from table, alias and joins
     * @param idOf the cursor that stands for an item
     */
    record Listing<T>(String columns, String from, Function<Row, T> mapper, Function<T, String> idOf) {}

    /** Reads a page; a join in the listing must find exactly one row. */
    <T> Future<Page<T>> read(Reader reader, Listing<T> listing, PageRequest page) {
        return read(reader, listing, page, Queries.MOST_EXAMINED);
    }

    /** Reads a page for which so many rows are looked at. */
    <T> Future<Page<T>> read(Reader reader, Listing<T> listing, PageRequest page, int mostExamined) {
        if (page.cursor() != null) {
            along(idColumn + " < ?", page.cursor());
        }
        String where = along.isEmpty() ? "" : " WHERE " + String.join(" AND ", along);
        String verdict = judged.isEmpty() ? "1" : "(" + String.join(") AND (", judged) + ")";
        // The verdict is a column, so that rows which do not pass still count as looked at; they carry nothing else.
        String examined = "SELECT " + listing.columns() + ", coalesce(" + verdict + ", 0) AS passes FROM "
                + listing.from() + where + " ORDER BY " + idColumn + " DESC LIMIT " + mostExamined;
        // The last row looked at is where a short page ends. It comes from the same statement, and so from the same
        // state:
        // rows written meanwhile would shift it. A full page never asks for it.
        String last = "SELECT " + listing.columns() + ", " + END_OF_PAGE + " AS passes FROM " + listing.from() + where
                + " ORDER BY " + idColumn + " DESC LIMIT 1 OFFSET " + (mostExamined - 1);
        String sql = "SELECT * FROM (SELECT * FROM (" + examined + ") WHERE passes LIMIT ?) UNION ALL SELECT * FROM ("
                + last + ") LIMIT ?";
        int limit = page.limit();
        List<@Nullable Object> values = new ArrayList<>(judgedValues);
        values.addAll(alongValues);
        values.add(limit + 1);
        values.addAll(alongValues);
        values.add(limit + 1);
        return reader.all(sql, row -> new Found<>(listing.mapper().apply(row), isEnd(row)), values)
                .map(rows -> page(rows, listing, limit));
    }

    private static boolean isEnd(Row row) {
        return row.number("passes") == END_OF_PAGE;
    }

    private static <T> Page<T> page(List<Found<T>> rows, Listing<T> listing, int limit) {
        List<T> items =
                rows.stream().filter(found -> !found.end).map(Found::item).toList();
        if (items.size() > limit) {
            return new Page<>(items.subList(0, limit), listing.idOf().apply(items.get(limit - 1)));
        }
        String cursor = rows.stream()
                .filter(Found::end)
                .map(found -> listing.idOf().apply(found.item))
                .findFirst()
                .orElse(null);
        return new Page<>(items, cursor);
    }

    /**
     * A row that passed, or the one that a short page ends with.
     *
     * @param end whether it only tells where the page ends
     */
    private record Found<T>(T item, boolean end) {}
}
