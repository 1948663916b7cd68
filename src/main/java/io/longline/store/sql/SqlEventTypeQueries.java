package io.longline.store.sql;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.longline.model.EventType;
import io.longline.store.EventTypeQueries;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The catalogue of event types, in SQL. */
public final class SqlEventTypeQueries implements EventTypeQueries {
    private static final String COLUMNS =
            "d.name, d.tenant, d.description, d.schema, d.example, d.validates, d.version,"
                    + " d.archived_at, d.created_at, d.updated_at";

    private static final String NAMES_OF_TENANT = """
            SELECT name FROM (
                SELECT name FROM (SELECT name FROM event_types WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3)
                UNION
                SELECT name FROM (
                    SELECT name FROM event_type_definitions WHERE tenant = ?1 AND name > ?2 ORDER BY name LIMIT ?3))
            ORDER BY name LIMIT ?3""";
    private static final String NAMES_OF_ALL = """
            SELECT name FROM (
                SELECT name FROM (SELECT DISTINCT name FROM event_types WHERE name > ?2 ORDER BY name LIMIT ?3)
                UNION
                SELECT name FROM (
                    SELECT DISTINCT name FROM event_type_definitions WHERE name > ?2 ORDER BY name LIMIT ?3))
            ORDER BY name LIMIT ?3""";
    private static final String NAMES_GIVEN = "SELECT value AS name FROM json_each(?2)";

    private static final String SEEN_BY_TENANT =
            "(SELECT last_seen_at FROM event_types s WHERE s.name = z.name AND s.tenant = ?1)";
    private static final String SEEN_BY_ANY = "(SELECT max(last_seen_at) FROM event_types s WHERE s.name = z.name)";

    /** Whose definition is shown to those who see all of them. */
    private static final String OWNER_OF_ALL = """
            coalesce(
                (SELECT o.tenant FROM event_type_definitions o WHERE o.name = n.name AND o.tenant = 'default'),
                (SELECT min(o.tenant) FROM event_type_definitions o WHERE o.name = n.name))""";

    private final Reader reader;

    public SqlEventTypeQueries(Reader reader) {
        this.reader = reader;
    }

    /** An entry with what tells where its page ends. */
    private record Placed(Entry entry, long named) {}

    @Override
    public Future<Page<Entry>> entries(@Nullable String tenant, boolean archived, PageRequest page) {
        String cursor = page.cursor() == null ? "" : page.cursor();
        String sql = entriesOf(tenant, tenant == null ? NAMES_OF_ALL : NAMES_OF_TENANT);
        List<@Nullable Object> values = new ArrayList<>();
        values.add(tenant);
        values.add(cursor);
        values.add(page.limit() + 1);
        values.add(MOST_PAGE_BYTES);
        return reader.all(sql, row -> new Placed(entry(row), row.number("named")), values)
                .map(rows -> page(rows, archived, page.limit()));
    }

    private static Page<Entry> page(List<Placed> rows, boolean archived, int limit) {
        int shown = Math.min(limit, rows.size());
        boolean more = !rows.isEmpty() && rows.get(0).named > shown;
        List<Entry> entries = rows.subList(0, shown).stream()
                .map(Placed::entry)
                .filter(entry -> archived
                        || entry.definition() == null
                        || !entry.definition().isArchived())
                .toList();
        return new Page<>(entries, more ? rows.get(shown - 1).entry.name() : null);
    }

    @Override
    public Future<List<Entry>> entries(@Nullable String tenant, List<String> names) {
        String json = names.stream()
                .map(name -> '"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"')
                .collect(Collectors.joining(",", "[", "]"));
        List<@Nullable Object> values = new ArrayList<>();
        values.add(tenant);
        values.add(json);
        values.add(names.size());
        values.add(Long.MAX_VALUE);
        return reader.all(entriesOf(tenant, NAMES_GIVEN), SqlEventTypeQueries::entry, values)
                .map(found -> {
                    Map<String, Entry> byName = new HashMap<>();
                    found.forEach(entry -> byName.put(entry.name(), entry));
                    return names.stream()
                            .map(name -> byName.getOrDefault(name, new Entry(name, null, null)))
                            .toList();
                });
    }

    /** By sizes first, so that what is beyond the page is not read. */
    private static String entriesOf(@Nullable String tenant, String names) {
        String owner = tenant == null ? OWNER_OF_ALL : "?1";
        return """
                WITH names AS (%s),
                owned AS (SELECT n.name, %s AS owner FROM names n),
                sized AS (
                    SELECT o.name, o.owner,
                        sum(coalesce(b.bytes, 0)) OVER (ORDER BY o.name) - coalesce(b.bytes, 0) AS before
                    FROM owned o LEFT JOIN event_type_definitions b ON b.tenant = o.owner AND b.name = o.name)
                SELECT z.name AS entry, %s AS last_seen_at, (SELECT count(*) FROM names) AS named, %s
                FROM sized z LEFT JOIN event_type_definitions d ON d.name = z.name AND d.tenant = z.owner
                WHERE z.before < ?4 AND ?3 > 0 ORDER BY z.name""".formatted(names, owner, tenant == null ? SEEN_BY_ANY : SEEN_BY_TENANT, COLUMNS);
    }

    @Override
    public Future<Optional<EventType>> eventType(String tenant, String name) {
        return reader.one(
                "SELECT " + COLUMNS + " FROM event_type_definitions d WHERE d.name = ? AND d.tenant = ?",
                SqlEventTypeQueries::definition,
                List.of(name, tenant));
    }

    @Override
    public Future<List<EventType>> registered(String tenant) {
        return reader.all(
                "SELECT " + COLUMNS + " FROM event_type_definitions d WHERE d.tenant = ? ORDER BY d.name",
                SqlEventTypeQueries::definition,
                List.of(tenant));
    }

    @Override
    public Future<Page<EventType>> definitions(@Nullable String tenant, @Nullable String cursor) {
        int mark = cursor == null ? -1 : cursor.indexOf('\n');
        String afterTenant = cursor == null || mark < 0 ? "" : cursor.substring(0, mark);
        String afterName = cursor == null || mark < 0 ? "" : cursor.substring(mark + 1);
        String where = tenant == null ? "(d.tenant, d.name) > (?, ?)" : "d.tenant = ? AND d.name > ?";
        return reader.all(
                        "SELECT " + COLUMNS + " FROM event_type_definitions d WHERE " + where
                                + " ORDER BY d.tenant, d.name LIMIT ?",
                        SqlEventTypeQueries::definition,
                        List.of(tenant == null ? afterTenant : tenant, afterName, MOST_DEFINITIONS))
                .map(found -> new Page<>(found, found.size() < MOST_DEFINITIONS ? null : place(found)));
    }

    private static String place(List<EventType> page) {
        EventType last = page.get(page.size() - 1);
        return last.tenant() + '\n' + last.name();
    }

    @Override
    public Future<Totals> totals(String tenant) {
        return reader.one(
                        "SELECT count(*) AS types, coalesce(sum(bytes), 0) AS bytes FROM event_type_definitions"
                                + " WHERE tenant = ?",
                        row -> new Totals((int) row.number("types"), row.number("bytes")),
                        List.of(tenant))
                .map(Optional::orElseThrow);
    }

    @Override
    public Future<List<Judging>> judging() {
        return reader.all(
                "SELECT name, tenant, version FROM event_type_definitions WHERE validates = 1 AND archived_at IS NULL",
                row -> new Judging(row.text("tenant"), row.text("name"), row.number("version")),
                List.of());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.text("entry"),
                row.instantOrNull("last_seen_at"),
                row.textOrNull("name") == null ? null : definition(row));
    }

    private static EventType definition(Row row) {
        return new EventType(
                row.text("tenant"),
                row.text("name"),
                row.textOrNull("description"),
                row.textOrNull("schema"),
                row.textOrNull("example"),
                row.flag("validates"),
                row.number("version"),
                row.instantOrNull("archived_at"),
                Instant.ofEpochMilli(row.number("created_at")),
                Instant.ofEpochMilli(row.number("updated_at")));
    }
}
