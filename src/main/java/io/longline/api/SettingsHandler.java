package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.config.EffectiveSetting;
import io.vertx.core.Future;

/** The route of the settings in force. */
final class SettingsHandler {
    private final ApiParts parts;

    SettingsHandler(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> read(Call call) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        for (EffectiveSetting setting : parts.settings().effective()) {
            ObjectNode one = data.addObject().put("key", setting.key());
            put(one, "value", setting.value());
            put(one, "default", setting.defaultValue());
            one.put("origin", setting.origin()).put("description", setting.description());
        }
        return Future.succeededFuture(Response.ok(json).with("Cache-Control", "no-store"));
    }

    private static void put(ObjectNode one, String name, Object value) {
        if (value instanceof Long number) {
            one.put(name, number);
        } else if (value instanceof Boolean flag) {
            one.put(name, flag);
        } else {
            one.put(name, String.valueOf(value));
        }
    }
}
