package io.longline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells of rows that a program has written: {@code data.created}, {@code data.updated}, {@code data.deleted}, with {@code table},
 * {@code id}, {@code old}, {@code new}, and {@code changed}, the names of the fields that differ. What is absent is {@code null}.
 * An event stands for itself, apart from the program's own transaction.
 */
public final class DatabaseIntegration {
    private static final Map<String, String> METADATA = Map.of("source", "database");

    private final WebhookManager manager;

    /** @param manager accepts the events */
    public DatabaseIntegration(WebhookManager manager) {
        this.manager = manager;
    }

    /**
     * A row was inserted.
     *
     * @param id the row's key: a number, a string, or several in a list
     * @param record its fields by name: a map, a record, a tree
     */
    public Future<EventReceipt> onRecordCreated(String table, Object id, Object record) {
        return tell("data.created", table, id, null, record);
    }

    /** A row was changed from {@code before} to {@code after}. */
    public Future<EventReceipt> onRecordUpdated(String table, Object id, Object before, Object after) {
        return tell("data.updated", table, id, before, after);
    }

    /** A row was deleted, of which no more is known than its key. */
    public Future<EventReceipt> onRecordDeleted(String table, Object id) {
        return tell("data.deleted", table, id, null, null);
    }

    /** A row was deleted. */
    public Future<EventReceipt> onRecordDeleted(String table, Object id, Object before) {
        return tell("data.deleted", table, id, before, null);
    }

    private Future<EventReceipt> tell(
            String event, String table, Object id, @Nullable Object before, @Nullable Object after) {
        try {
            if (table.isBlank()) {
                throw LonglineException.invalid(event + ": table must not be blank");
            }
            String where = event + " of " + table + ", row " + id + ": ";
            JsonNode key = JsonValues.tree(where + "id", id);
            if (key.isNull() || key.isObject()) {
                throw LonglineException.invalid(where + "id must be a number, a string or a list of them");
            }
            ObjectNode data = JsonValues.object().put("table", table);
            data.set("id", key);
            data.set("old", fields(where + "old", before));
            data.set("new", fields(where + "new", after));
            if (before == null || after == null) {
                data.putNull("changed");
            } else {
                ArrayNode changed = data.putArray("changed");
                changed(data.get("old"), data.get("new")).forEach(changed::add);
            }
            return manager.triggerEvent(event, data, METADATA);
        } catch (LonglineException refused) {
            return Future.failedFuture(refused);
        }
    }

    private static JsonNode fields(String name, @Nullable Object record) {
        JsonNode tree = JsonValues.tree(name, record);
        if (record != null && !tree.isObject()) {
            throw LonglineException.invalid(name + " must be an object of fields");
        }
        return tree;
    }

    /** Names in alphabetical order; a field that is on one side only has changed. */
    private static Set<String> changed(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> before.path(name).equals(after.path(name)));
        return names;
    }
}
