package io.longline.adapter.outbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that make an outbox, and triggers that write to it. They may be run again. */
public final class OutboxDdl {
    /**
     * A table whose rows' changes become events.
     *
     * @param name perhaps after its schema's and a dot
     * @param key the column that tells its rows apart
     * @param columns all of them, where the database cannot name them itself; else empty
     */
    public record Watched(String name, String key, List<String> columns) {
        public Watched {
            columns = List.copyOf(columns);
        }
    }

    private OutboxDdl() {}

    /** A name, or a schema's and a table's with a dot between, as SQL takes it literally. */
    static String quoted(String name) {
        return Arrays.stream(name.split("\\."))
                .map(part -> '"' + part.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining("."));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String plain(String name) {
        return name.replace('.', '_');
    }

    /** For PostgreSQL. */
    public static String postgres(String table, List<Watched> watched) {
        StringBuilder ddl = new StringBuilder(POSTGRES.formatted(quoted(table), plain(table), PostgresOutbox.CHANNEL));
        if (!watched.isEmpty()) {
            ddl.append(POSTGRES_FUNCTION.formatted(quoted(table), plain(table)));
        }
        for (Watched each : watched) {
            ddl.append(POSTGRES_WATCH.formatted(plain(table), quoted(each.name()), literal(each.key())));
        }
        return ddl.toString();
    }

    /** For SQLite. */
    public static String sqlite(String table, List<Watched> watched) {
        StringBuilder ddl = new StringBuilder(SQLITE.formatted(quoted(table), plain(table)));
        for (Watched each : watched) {
            ddl.append(sqliteTrigger(table, each, "created", "INSERT", "NULL", fields(each, "new"), "NULL"));
            ddl.append(sqliteTrigger(
                    table, each, "updated", "UPDATE", fields(each, "old"), fields(each, "new"), changed(each)));
            ddl.append(sqliteTrigger(table, each, "deleted", "DELETE", fields(each, "old"), "NULL", "NULL"));
        }
        return ddl.toString();
    }

    private static String sqliteTrigger(
            String table,
            Watched watched,
            String event,
            String operation,
            String before,
            String after,
            String changed) {
        String row = operation.equals("DELETE") ? "old" : "new";
        String condition = operation.equals("UPDATE") ? "\nWHEN " + anyDiffers(watched) : "";
        return """

                DROP TRIGGER IF EXISTS %1$s;
                CREATE TRIGGER %1$s AFTER %2$s ON %3$s FOR EACH ROW%4$s
                BEGIN
                    INSERT INTO %5$s (event, data, metadata) VALUES (
                        'data.%6$s',
                        json_object(
                            'table', %7$s,
                            'id', %8$s,
                            'old', %9$s,
                            'new', %10$s,
                            'changed', %11$s),
                        '{"source":"outbox"}');
                END;
                """.formatted(
                        quoted(plain(table) + "_" + watched.name() + "_" + event),
                        operation,
                        quoted(watched.name()),
                        condition,
                        quoted(table),
                        event,
                        literal(watched.name()),
                        value(row, watched.key()),
                        before,
                        after,
                        changed);
    }

    /** JSON has no bytes; they are shown in hexadecimal digits. */
    private static String value(String row, String column) {
        String cell = row + "." + quotedColumn(column);
        return "CASE typeof(" + cell + ") WHEN 'blob' THEN hex(" + cell + ") ELSE " + cell + " END";
    }

    private static String quotedColumn(String column) {
        return '"' + column.replace("\"", "\"\"") + '"';
    }

    private static String fields(Watched watched, String row) {
        return watched.columns().stream()
                .map(column -> "(" + literal(column) + ", " + value(row, column) + ")")
                .collect(Collectors.joining(
                        ",\n                ",
                        "json((SELECT json_group_object(column1, column2) FROM (VALUES\n                ",
                        ")))"));
    }

    private static String changed(Watched watched) {
        List<String> names = new ArrayList<>();
        for (String column : watched.columns()) {
            names.add("(" + literal(column) + ", " + differs(column) + ")");
        }
        return "json((SELECT json_group_array(column1) FROM (VALUES\n                "
                + String.join(",\n                ", names) + ") WHERE column2))";
    }

    private static String anyDiffers(Watched watched) {
        return watched.columns().stream().map(OutboxDdl::differs).collect(Collectors.joining("\n    OR "));
    }

    private static String differs(String column) {
        return "old." + quotedColumn(column) + " IS NOT new." + quotedColumn(column);
    }

    private static final String POSTGRES = """
            -- The outbox. The application inserts event and data, and metadata, tenant and created_at if it likes.
            CREATE TABLE IF NOT EXISTS %1$s (
                id            BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                event         TEXT NOT NULL,
                data          JSON NOT NULL,
                metadata      JSON,
                tenant        TEXT,
                created_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
                -- The rest is Longline's.
                claimed_by    TEXT,
                claimed_until TIMESTAMPTZ,
                processed_at  TIMESTAMPTZ,
                event_id      TEXT,
                error         TEXT
            );
            CREATE INDEX IF NOT EXISTS "%2$s_waiting" ON %1$s (id) WHERE processed_at IS NULL;
            CREATE INDEX IF NOT EXISTS "%2$s_processed" ON %1$s (processed_at) WHERE processed_at IS NOT NULL;

            -- Wakes Longline at the commit. Without it rows are found at the next poll.
            CREATE OR REPLACE FUNCTION "%2$s_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify('%3$s', TG_TABLE_NAME);
                RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS "%2$s_notify" ON %1$s;
            CREATE TRIGGER "%2$s_notify" AFTER INSERT ON %1$s
                FOR EACH STATEMENT EXECUTE FUNCTION "%2$s_notify"();
            """;

    private static final String POSTGRES_FUNCTION = """

            -- Writes what becomes of a watched row. An update that changes nothing is none.
            CREATE OR REPLACE FUNCTION "%2$s_row"() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                old_row json;
                new_row json;
                changed json;
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    old_row := to_json(OLD);
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    new_row := to_json(NEW);
                END IF;
                IF TG_OP = 'UPDATE' THEN
                    SELECT json_agg(name) INTO changed FROM json_object_keys(new_row) AS names(name)
                    WHERE (old_row -> name)::jsonb IS DISTINCT FROM (new_row -> name)::jsonb;
                    IF changed IS NULL THEN
                        RETURN NULL;
                    END IF;
                END IF;
                INSERT INTO %1$s (event, data, metadata) VALUES (
                    CASE TG_OP WHEN 'INSERT' THEN 'data.created' WHEN 'UPDATE' THEN 'data.updated' ELSE 'data.deleted' END,
                    json_build_object(
                        'table', TG_TABLE_NAME,
                        'id', coalesce(new_row, old_row) -> TG_ARGV[0],
                        'old', old_row,
                        'new', new_row,
                        'changed', changed),
                    '{"source":"outbox"}');
                RETURN NULL;
            END $$;
            """;

    private static final String POSTGRES_WATCH = """

            DROP TRIGGER IF EXISTS "%1$s_row" ON %2$s;
            CREATE TRIGGER "%1$s_row" AFTER INSERT OR UPDATE OR DELETE ON %2$s
                FOR EACH ROW EXECUTE FUNCTION "%1$s_row"(%3$s);
            """;

    private static final String SQLITE = """
            -- The outbox. The application inserts event and data, and metadata, tenant and created_at if it likes.
            CREATE TABLE IF NOT EXISTS %1$s (
                id            INTEGER PRIMARY KEY AUTOINCREMENT,
                event         TEXT NOT NULL,
                data          TEXT NOT NULL,
                metadata      TEXT,
                tenant        TEXT,
                created_at    TEXT NOT NULL DEFAULT (strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', 'now')),
                -- The rest is Longline's.
                claimed_by    TEXT,
                claimed_until INTEGER,
                processed_at  TEXT,
                event_id      TEXT,
                error         TEXT
            );
            CREATE INDEX IF NOT EXISTS "%2$s_waiting" ON %1$s (id) WHERE processed_at IS NULL;
            CREATE INDEX IF NOT EXISTS "%2$s_processed" ON %1$s (processed_at) WHERE processed_at IS NOT NULL;
            """;
}
