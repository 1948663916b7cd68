package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.exchange.original.OriginalDatabase;
import io.longline.exchange.original.OriginalDatabase.UnreadableDatabaseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings a {@code webhooks.db} to a server: its webhooks in one call, all or none; then its delivery attempts in calls of a
 * few hundred deliveries each, which change nothing when they are repeated.
 */
final class OriginalImport {
    private static final String PREFIX = "original:";
    private static final int MOST_LINES = 500;
    private static final int MOST_CHARACTERS = 4 * 1_048_576;

    private final ServerClient client;
    private final Path file;
    private final ProgressBar bar;
    private final StringBuilder lines = new StringBuilder();
    private int waiting;
    private long done;
    private long all;
    private long deliveries;
    private long attempts;
    private long tooOld;

    OriginalImport(ServerClient client, Path file, ProgressBar bar) {
        this.client = client;
        this.file = file;
        this.bar = bar;
    }

    /**
     * Does it; answers what the server said of the webhooks, with the figures of the history.
     *
     * @param path where webhooks are imported, with its query
     * @param dryRun whether history is only counted
     */
    JsonNode run(String path, boolean dryRun) {
        try (OriginalDatabase database = OriginalDatabase.open(file)) {
            byte[] webhooks = database.webhooks().toString().getBytes(StandardCharsets.UTF_8);
            JsonNode answer = client.post(path, webhooks, "application/json");
            all = database.attempts();
            if (!dryRun) {
                Map<String, String> ids = new HashMap<>();
                answer.path("items").forEach(item -> {
                    String key = item.path("key").asText("");
                    if (key.startsWith(PREFIX)) {
                        ids.put(key.substring(PREFIX.length()), item.path("id").asText());
                    }
                });
                database.history(ids, this::add);
                send();
            }
            ((ObjectNode) answer)
                    .putObject("history")
                    .put("found", all)
                    .put("deliveries", deliveries)
                    .put("attempts", attempts)
                    .put("too_old", tooOld);
            return answer;
        } catch (UnreadableDatabaseException unreadable) {
            throw CommandFailure.failed(file + " " + unreadable.getMessage());
        } finally {
            bar.end();
        }
    }

    private void add(ObjectNode line) {
        lines.append(line).append('\n');
        waiting++;
        done += line.path("attempts").size();
        if (waiting >= MOST_LINES || lines.length() >= MOST_CHARACTERS) {
            send();
        }
    }

    private void send() {
        if (waiting > 0) {
            JsonNode made = client.post(
                    "/api/import/history", lines.toString().getBytes(StandardCharsets.UTF_8), "application/x-ndjson");
            deliveries += made.path("deliveries").path("created").asLong();
            attempts += made.path("attempts").path("created").asLong();
            tooOld += made.path("too_old").asLong();
            bar.at(done, Math.max(done, all));
        }
        lines.setLength(0);
        waiting = 0;
    }
}
