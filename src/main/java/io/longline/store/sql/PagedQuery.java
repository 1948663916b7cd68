package io.longline.store.sql;

import io.longline.store.Page;
import io.longline.store.Queries;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list read newest first along one index, or along several one after the other. What the index can narrow down goes into
 * {@link #along}; everything else is judged on the rows found there, of which a page looks at a bounded number. So a page
 * costs the same wherever it lies, and one under a rare filter ends short with a cursor.
 */
final class PagedQuery {
    private static final int END_OF_PAGE = 2;

    private final String idColumn;
    private final List<Stretch> stretches;
    private @Nullable String notBelow;
    private @Nullable String below;
    private final List<String> along = new ArrayList<>();
    private final List<@Nullable Object> alongValues = new ArrayList<>();
    private final List<String> judged = new ArrayList<>();
    private final List<@Nullable Object> judgedValues = new ArrayList<>();

    /**
     * Where some of a list's rows are found.
     *
     * @param from tables, aliases and joins, each of which finds exactly one row
     * @param idColumn the column that the list is ordered by, with its table's alias
     * @param conditions what narrows the range of its index
     * @param values of the conditions
     * @param notBelow an expression for the lowest identifier of the stretch; {@code null} when there is none
     * @param below an expression for what every identifier of the stretch comes before; {@code null} when there is none
     */
    record Stretch(
            String from,
            String idColumn,
            List<String> conditions,
            List<Object> values,
            @Nullable String notBelow,
            @Nullable String below) {
        /** All rows, in one place. */
        Stretch(String from, String idColumn) {
            this(from, idColumn, List.of(), List.of(), null, null);
        }
    }

    /** @param idColumn the column that the list is ordered by, with its table's alias */
    PagedQuery(String idColumn) {
        this(idColumn, List.of());
    }

    /**
     * A list whose rows stand in several places.
     *
     * @param idColumn as above
     * @param stretches in place of the listing's own rows, each with none but older ones than those before it
     */
    PagedQuery(String idColumn, List<Stretch> stretches) {
        this.idColumn = idColumn;
        this.stretches = stretches;
    }

    /** Only what comes before an identifier. */
    PagedQuery below(String id) {
        below = below == null || id.compareTo(below) < 0 ? id : below;
        return this;
    }

    /** Only an identifier and what comes after it. */
    PagedQuery notBelow(String id) {
        notBelow = notBelow == null || id.compareTo(notBelow) > 0 ? id : notBelow;
        return this;
    }

    /** Narrows the range of each index. */
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
            below(page.cursor());
        }
        List<Stretch> all = stretches.isEmpty() ? List.of(new Stretch(listing.from(), idColumn)) : stretches;
        String verdict = judged.isEmpty() ? "1" : "(" + String.join(") AND (", judged) + ")";
        // The verdict is a column, so that rows which do not pass still count as looked at. They carry nothing else:
        // the columns are read once it is known which rows are on the page.
        String examined = rows(all, "coalesce(" + verdict + ", 0)", mostExamined) + " LIMIT " + mostExamined;
        // The last row looked at is where a short page ends. It comes from the same statement, and so from the same
        // state: rows written meanwhile would shift it. A full page never asks for it.
        String last = rows(all, String.valueOf(END_OF_PAGE), mostExamined) + " LIMIT 1 OFFSET " + (mostExamined - 1);
        String found = "SELECT * FROM (SELECT * FROM (" + examined + ") WHERE passes LIMIT ?) UNION ALL SELECT * FROM ("
                + last + ") LIMIT ?";
        String sql = "SELECT " + listing.columns() + ", found.passes FROM (" + found + ") found CROSS JOIN "
                + listing.from() + " WHERE " + idColumn + " = found.listed ORDER BY found.listed DESC";
        int limit = page.limit();
        List<@Nullable Object> values = new ArrayList<>();
        addValues(all, values, judgedValues);
        values.add(limit + 1);
        addValues(all, values, List.of());
        values.add(limit + 1);
        return reader.all(sql, row -> new Found<>(listing.mapper().apply(row), isEnd(row)), values)
                .map(rows -> page(rows, listing, limit));
    }

    /** The identifiers of all stretches, in their order, each with a verdict; a limit may follow. */
    private String rows(List<Stretch> all, String passes, int most) {
        if (all.size() == 1) {
            return rows(all.get(0), passes);
        }
        // Without a limit of its own SQLite would feel free not to keep the order within a stretch.
        return "SELECT * FROM ("
                + all.stream()
                        .map(stretch -> "SELECT * FROM (" + rows(stretch, passes) + " LIMIT " + most + ")")
                        .collect(Collectors.joining(" UNION ALL "))
                + ")";
    }

    private String rows(Stretch stretch, String passes) {
        List<String> conditions = new ArrayList<>(along);
        conditions.addAll(stretch.conditions);
        // SQLite begins at one bound of a kind and reads on to the other, so that there must be no more than one.
        if (notBelow != null || stretch.notBelow != null) {
            conditions.add(stretch.idColumn + " >= " + tightest("max", notBelow, stretch.notBelow));
        }
        if (below != null || stretch.below != null) {
            conditions.add(stretch.idColumn + " < " + tightest("min", below, stretch.below));
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "SELECT " + stretch.idColumn + " AS listed, " + passes + " AS passes FROM " + stretch.from + where
                + " ORDER BY " + stretch.idColumn + " DESC";
    }

    /** At least one of both is not {@code null}. */
    private static String tightest(String of, @Nullable String asked, @Nullable String own) {
        if (asked == null || own == null) {
            return asked == null ? String.valueOf(own) : "?";
        }
        return of + "(?, " + own + ")";
    }

    /** Adds what the rows of all stretches ask for. */
    private void addValues(List<Stretch> all, List<@Nullable Object> values, List<@Nullable Object> ofColumns) {
        for (Stretch stretch : all) {
            values.addAll(ofColumns);
            values.addAll(alongValues);
            values.addAll(stretch.values);
            Stream.of(notBelow, below).filter(Objects::nonNull).forEach(values::add);
        }
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
