package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.catalogue.EventTypeCheck;
import io.longline.model.BuiltInEventType;
import io.longline.model.EventType;
import io.longline.model.EventTypeDraft;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says of an event type.
 *
 * @param tenant whose it is
 */
record EventTypeForm(EventTypeDraft draft, String tenant) {
    /** Reads a body, but for what only the schema's own check can tell; every fault at once. */
    static EventTypeForm of(JsonNode body, String name, Caller caller) {
        Faults faults = new Faults();
        Fields fields = Fields.of(body, faults);
        String description = fields.text("description", EventType.LONGEST_DESCRIPTION);
        JsonNode schema = fields.get("schema");
        if (schema != null && !schema.isObject()) {
            faults.add("/schema", "must be a JSON Schema that is an object, or null");
        }
        boolean validates = fields.flag("validate", false);
        if (validates && schema == null) {
            faults.add("/validate", "must be false without a schema");
        } else if (validates && BuiltInEventType.isRaisedByLongline(name)) {
            faults.add("/validate", "must be false for events that Longline raises itself");
        }
        String tenant = fields.tenant();
        EventTypeDraft draft = new EventTypeDraft(
                name,
                description,
                json("schema", schema, faults),
                json("example", fields.get("example"), faults),
                validates);
        fields.refuseOthers();
        faults.refuseIfAny();
        return new EventTypeForm(draft, caller.tenantFor(tenant));
    }

    /** Refuses what only the schema's own check can tell. Compiles the schema, so that it is to run off the event loops. */
    void check() {
        Faults faults = new Faults();
        EventTypeCheck.faults(draft).forEach(fault -> faults.add(fault.pointer(), fault.detail()));
        faults.refuseIfAny();
    }

    private static @Nullable String json(String field, @Nullable JsonNode value, Faults faults) {
        if (value == null) {
            return null;
        }
        byte[] json = Json.write(value);
        if (json.length > EventType.LONGEST_JSON) {
            faults.add("/" + field, "must have at most " + EventType.LONGEST_JSON + " bytes without white space");
        }
        return new String(json, StandardCharsets.UTF_8);
    }
}
