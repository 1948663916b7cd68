package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.BuiltInEventType;
import io.longline.model.EventType;
import io.longline.store.EventTypeQueries.Entry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the API shows of event types, as JSON. */
final class EventTypeViews {
    private EventTypeViews() {}

    /** An entry of the catalogue, whether it is built in, registered, or was only seen. */
    static ObjectNode of(Entry entry) {
        Optional<BuiltInEventType> builtIn = BuiltInEventType.named(entry.name());
        EventType definition = entry.definition();
        ObjectNode json = Json.object();
        json.put("name", entry.name());
        json.put("category", builtIn.map(type -> type.category().text()).orElse("custom"));
        json.put("built_in", builtIn.isPresent());
        json.put("registered", definition != null);
        json.put("tenant", definition == null ? null : definition.tenant());
        String written = definition == null ? null : definition.description();
        json.put(
                "description",
                written == null ? builtIn.map(BuiltInEventType::description).orElse(null) : written);
        raw(json, "schema", definition == null ? null : definition.schemaJson());
        raw(json, "example", definition == null ? null : definition.exampleJson());
        json.put("validate", definition != null && definition.validates());
        json.put("last_seen_at", Views.timeOrNull(entry.lastSeenAt()));
        json.put("archived_at", definition == null ? null : Views.timeOrNull(definition.archivedAt()));
        json.put("created_at", definition == null ? null : Views.time(definition.createdAt()));
        json.put("updated_at", definition == null ? null : Views.time(definition.updatedAt()));
        return json;
    }

    private static void raw(ObjectNode json, String field, @Nullable String text) {
        if (text == null) {
            json.putNull(field);
        } else {
            json.putRawValue(field, Json.raw(text));
        }
    }
}
