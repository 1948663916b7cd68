package io.longline.exchange.original;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * Reads a {@code webhooks.db}: its webhooks as an export of Longline's, and its delivery attempts as lines of history.
 * Opened for reading alone, and read row by row. Times without an offset are taken for UTC. For one thread.
 */
public final class OriginalDatabase implements AutoCloseable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TEXT = 16_384;
    private static final int MOST_OF_A_DELIVERY = 100;
    private static final String WEBHOOKS = """
            SELECT id, url, events, secret, active, retry_count, retry_delay, timeout, headers, metadata
            FROM webhooks ORDER BY created_at, id""";
    /** Sorted by SQLite, in a file of its own where that takes more than a little memory. */
    private static final String ATTEMPTS = """
            SELECT id, webhook_id, payload_id, attempt_number, status, response_code,
                substr(response_body, 1, 16384) AS response_body, substr(error_message, 1, 16384) AS error_message,
                timestamp, duration_ms, min(timestamp) OVER (PARTITION BY payload_id) AS first_at
            FROM delivery_attempts ORDER BY payload_id, webhook_id, attempt_number, id""";

    private final Connection connection;

    private OriginalDatabase(Connection connection) {
        this.connection = connection;
    }

    /** What is wrong with a file, with the row where there is one. */
    public static final class UnreadableDatabaseException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableDatabaseException(String line) {
            super(line, null, false, false);
        }
    }

    /** Whether a file that begins so is a database at all. */
    public static boolean isDatabase(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Opens a file, which must have the two tables. */
    public static OriginalDatabase open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        try {
            OriginalDatabase database = new OriginalDatabase(config.createConnection("jdbc:sqlite:" + file));
            try {
                database.count("webhooks");
                database.count("delivery_attempts");
                return database;
            } catch (UnreadableDatabaseException other) {
                database.close();
                throw other;
            }
        } catch (SQLException fault) {
            throw new UnreadableDatabaseException("cannot be opened as a database");
        }
    }

    private long count(String table) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException missing) {
            throw new UnreadableDatabaseException("is no webhooks.db: there is no table " + table);
        }
    }

    /** How many attempts there are. */
    public long attempts() {
        return count("delivery_attempts");
    }

    /** Its webhooks, as an export: each has the key {@code original:} and the identifier that it had. */
    public ObjectNode webhooks() {
        ObjectNode export = JSON.createObjectNode().put("longline_export", 1);
        ArrayNode webhooks = export.putArray("webhooks");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(WEBHOOKS)) {
            while (rows.next()) {
                webhooks.add(webhook(rows));
            }
            return export;
        } catch (SQLException fault) {
            throw new UnreadableDatabaseException("has a table webhooks of another form, or is damaged");
        }
    }

    private static ObjectNode webhook(ResultSet row) throws SQLException {
        String id = row.getString("id");
        ObjectNode webhook = JSON.createObjectNode();
        webhook.put("key", "original:" + id);
        webhook.put("url", row.getString("url"));
        webhook.set("events", json(id, "events", row.getString("events"), "[]"));
        webhook.put("secret", row.getString("secret"));
        webhook.put("active", row.getBoolean("active"));
        webhook.put("retry_count", row.getInt("retry_count"));
        webhook.put("retry_delay", row.getInt("retry_delay"));
        webhook.put("timeout", row.getInt("timeout"));
        webhook.set("headers", json(id, "headers", row.getString("headers"), "{}"));
        webhook.set("metadata", json(id, "metadata", row.getString("metadata"), "{}"));
        return webhook;
    }

    private static JsonNode json(String id, String column, @Nullable String text, String none) {
        try {
            JsonNode node = JSON.readTree(text == null || text.isBlank() ? none : text);
            return node.isNull() ? JSON.readTree(none) : node;
        } catch (JsonProcessingException malformed) {
            throw new UnreadableDatabaseException("has no valid JSON in " + column + " of the webhook " + id);
        }
    }

    /**
     * Reads the attempts, those of one delivery together, and hands each delivery on as a line of history.
     *
     * @param ids what the webhooks are called here; attempts of others are left out
     */
    public void history(Map<String, String> ids, Consumer<ObjectNode> line) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ATTEMPTS)) {
            ObjectNode delivery = null;
            while (rows.next()) {
                String webhookId = ids.get(rows.getString("webhook_id"));
                if (webhookId == null) {
                    continue;
                }
                String payloadId = String.valueOf(rows.getString("payload_id"));
                boolean same = delivery != null
                        && delivery.path("webhook_id").asText().equals(webhookId)
                        && delivery.path("payload_id").asText().equals(payloadId)
                        && delivery.path("attempts").size() < MOST_OF_A_DELIVERY;
                if (!same) {
                    if (delivery != null) {
                        line.accept(delivery);
                    }
                    delivery = JSON.createObjectNode()
                            .put("webhook_id", webhookId)
                            .put("payload_id", payloadId)
                            .put("occurred_at", time(rows, "first_at"));
                    delivery.putArray("attempts");
                }
                if (delivery != null) {
                    delivery.withArrayProperty("attempts").add(attempt(rows));
                }
            }
            if (delivery != null) {
                line.accept(delivery);
            }
        } catch (SQLException fault) {
            throw new UnreadableDatabaseException("has a table delivery_attempts of another form, or is damaged");
        }
    }

    private static ObjectNode attempt(ResultSet row) throws SQLException {
        ObjectNode attempt = JSON.createObjectNode();
        attempt.put("id", row.getString("id"));
        attempt.put("attempt_number", Math.max(1, row.getInt("attempt_number")));
        attempt.put("status", row.getString("status"));
        int code = row.getInt("response_code");
        if (code >= 100 && code <= 999) {
            attempt.put("response_code", code);
        }
        attempt.put("response_body", cut(row.getString("response_body")));
        attempt.put("error_message", cut(row.getString("error_message")));
        attempt.put("timestamp", time(row, "timestamp"));
        attempt.put("duration_ms", Math.max(0, row.getDouble("duration_ms")));
        return attempt;
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    /** As RFC 3339: the other system wrote its machine's time, with or without an offset. */
    private static String time(ResultSet row, String column) throws SQLException {
        String text = String.valueOf(row.getString(column)).replace(' ', 'T');
        try {
            Instant time = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return time.truncatedTo(ChronoUnit.MILLIS)
                    .atOffset(ZoneOffset.UTC)
                    .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'"));
        } catch (DateTimeException unreadable) {
            throw new UnreadableDatabaseException(
                    "has a time that cannot be read, in the attempt " + row.getString("id"));
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException closed) {
            throw new UnreadableDatabaseException("cannot be closed");
        }
    }
}
