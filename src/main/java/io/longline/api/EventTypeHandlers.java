package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.BuiltInEventType;
import io.longline.policy.EventPattern;
import io.longline.store.Page;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.SeenEventType;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue of event types: the built-in ones first, then those that were seen. */
final class EventTypeHandlers {
    private final ApiParts parts;

    EventTypeHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /** The built-in types stand on the first page, beyond its limit if need be: there are only a dozen. */
    Future<Response> list(Call call) {
        PageRequest page = call.page();
        if (page.cursor() != null) {
            return parts.store().queries().eventTypes(page).map(seen -> Response.ok(view(List.of(), seen)));
        }
        List<Future<Optional<SeenEventType>>> asked = new ArrayList<>();
        BuiltInEventType.all().forEach(type -> asked.add(parts.store().queries().eventType(type.typeName())));
        return Future.all(asked).compose(found -> {
            List<ObjectNode> builtIn = new ArrayList<>();
            for (int index = 0; index < asked.size(); index++) {
                Instant seenAt =
                        asked.get(index).result().map(SeenEventType::lastSeenAt).orElse(null);
                builtIn.add(builtIn(BuiltInEventType.all().get(index), seenAt));
            }
            return parts.store().queries().eventTypes(page).map(seen -> Response.ok(view(builtIn, seen)));
        });
    }

    private static ObjectNode view(List<ObjectNode> builtIn, Page<SeenEventType> seen) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        builtIn.forEach(data::add);
        Map<String, BuiltInEventType> known = new HashMap<>();
        BuiltInEventType.all().forEach(type -> known.put(type.typeName(), type));
        seen.items().stream().filter(type -> !known.containsKey(type.name())).forEach(type -> data.add(custom(type)));
        json.put("next_cursor", seen.nextCursor());
        return json;
    }

    Future<Response> get(Call call) {
        String name = call.path("name");
        if (EventPattern.nameFault(name).isPresent()) {
            throw Problem.notFound();
        }
        Optional<BuiltInEventType> builtIn = BuiltInEventType.named(name);
        return parts.store().queries().eventType(name).map(seen -> {
            if (builtIn.isPresent()) {
                return Response.ok(builtIn(
                        builtIn.get(), seen.map(SeenEventType::lastSeenAt).orElse(null)));
            }
            return Response.ok(custom(seen.orElseThrow(Problem::notFound)));
        });
    }

    private static ObjectNode builtIn(BuiltInEventType type, @Nullable Instant seenAt) {
        return type(type.typeName(), type.category().text(), true, type.description(), seenAt);
    }

    private static ObjectNode custom(SeenEventType type) {
        return type(type.name(), "custom", false, null, type.lastSeenAt());
    }

    private static ObjectNode type(
            String name, String category, boolean builtIn, @Nullable String description, @Nullable Instant seenAt) {
        ObjectNode json = Json.object();
        json.put("name", name);
        json.put("category", category);
        json.put("built_in", builtIn);
        json.put("description", description);
        json.putNull("schema");
        json.putNull("example");
        json.put("last_seen_at", Views.timeOrNull(seenAt));
        return json;
    }
}
