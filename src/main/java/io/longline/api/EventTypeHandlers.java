package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.BuiltInEventType;
import io.longline.policy.EventPattern;
import io.longline.store.Queries.PageRequest;
import io.longline.store.Queries.SeenEventType;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The catalogue of event types: the built-in ones first, then those that were seen. */
final class EventTypeHandlers {
    private static final List<BuiltInEventType> BUILT_IN = BuiltInEventType.all();

    private final ApiParts parts;

    EventTypeHandlers(ApiParts parts) {
        this.parts = parts;
    }

    /**
     * Where a page begins. Names are any text, so that a cursor spells them in base64.
     *
     * @param builtIn how many of the built-in types earlier pages showed
     * @param afterName the last of the other names that they showed; empty for none
     */
    private record Place(int builtIn, String afterName) {
        private static final Place START = new Place(0, "");
        private static final Pattern CURSOR = Pattern.compile("([0-9]{1,2})\\.([A-Za-z0-9_-]{0,1000})");

        static Optional<Place> parse(String cursor) {
            Matcher parts = CURSOR.matcher(cursor);
            if (!parts.matches() || Integer.parseInt(parts.group(1)) > BUILT_IN.size()) {
                return Optional.empty();
            }
            try {
                byte[] name = Base64.getUrlDecoder().decode(parts.group(2));
                return Optional.of(
                        new Place(Integer.parseInt(parts.group(1)), new String(name, StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty();
            }
        }

        String cursor() {
            byte[] name = afterName.getBytes(StandardCharsets.UTF_8);
            return builtIn + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(name);
        }
    }

    /** The built-in types fill the first page or pages, then come those that were seen. */
    Future<Response> list(Call call) {
        Place given = call.cursor(Place::parse);
        Place from = given == null ? Place.START : given;
        int limit = call.limit();
        int to = Math.min(BUILT_IN.size(), from.builtIn + limit);
        String tenant = call.caller().grants().tenant();
        Future<List<ObjectNode>> builtIn = builtIn(tenant, BUILT_IN.subList(from.builtIn, to));
        int room = limit - (to - from.builtIn);
        if (room == 0) {
            return builtIn.map(items -> Response.ok(view(items, List.of(), new Place(to, from.afterName))));
        }
        PageRequest page = new PageRequest(from.afterName, room);
        return builtIn.compose(items -> parts.store()
                .queries()
                .eventTypes(tenant, page)
                .map(seen -> {
                    String last = seen.nextCursor();
                    return Response.ok(view(items, seen.items(), last == null ? null : new Place(to, last)));
                }));
    }

    private Future<List<ObjectNode>> builtIn(@Nullable String tenant, List<BuiltInEventType> types) {
        List<Future<ObjectNode>> views = types.stream()
                .map(type -> parts.store()
                        .queries()
                        .eventType(tenant, type.typeName())
                        .map(seen -> builtIn(
                                type, seen.map(SeenEventType::lastSeenAt).orElse(null))))
                .toList();
        return Future.all(views).map(done -> views.stream().map(Future::result).toList());
    }

    private static ObjectNode view(List<ObjectNode> builtIn, List<SeenEventType> seen, @Nullable Place next) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        builtIn.forEach(data::add);
        seen.stream()
                .filter(type -> BuiltInEventType.named(type.name()).isEmpty())
                .forEach(type -> data.add(custom(type)));
        json.put("next_cursor", next == null ? null : next.cursor());
        return json;
    }

    Future<Response> get(Call call) {
        String name = call.path("name");
        if (EventPattern.nameFault(name).isPresent()) {
            throw Problem.notFound();
        }
        Optional<BuiltInEventType> builtIn = BuiltInEventType.named(name);
        return parts.store()
                .queries()
                .eventType(call.caller().grants().tenant(), name)
                .map(seen -> {
                    if (builtIn.isPresent()) {
                        return Response.ok(builtIn(
                                builtIn.get(),
                                seen.map(SeenEventType::lastSeenAt).orElse(null)));
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
