package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.BuiltInEventType;
import io.longline.policy.EventPattern;
import io.longline.store.EventTypeQueries.Entry;
import io.longline.store.Queries.PageRequest;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The catalogue of event types: the built-in ones first, then those that were registered or seen. */
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

    /** The built-in types fill the first page or pages, then come those that were registered or seen. */
    Future<Response> list(Call call) {
        Place given = call.cursor(Place::parse);
        Place from = given == null ? Place.START : given;
        int limit = call.limit();
        boolean archived = Boolean.TRUE.equals(call.flag("archived"));
        int to = Math.min(BUILT_IN.size(), from.builtIn + limit);
        String tenant = call.tenant();
        Future<List<Entry>> builtIn = builtIn(tenant, BUILT_IN.subList(from.builtIn, to));
        int room = limit - (to - from.builtIn);
        if (room == 0) {
            return builtIn.map(items -> Response.ok(view(items, List.of(), new Place(to, from.afterName))));
        }
        PageRequest page = new PageRequest(from.afterName, room);
        return builtIn.compose(items -> parts.store()
                .eventTypes()
                .entries(tenant, archived, page)
                .map(others -> {
                    String last = others.nextCursor();
                    return Response.ok(view(items, others.items(), last == null ? null : new Place(to, last)));
                }));
    }

    /** An archived definition is as good as none for a type that is there in any case. */
    private Future<List<Entry>> builtIn(@Nullable String tenant, List<BuiltInEventType> types) {
        return types.isEmpty()
                ? Future.succeededFuture(List.of())
                : parts.store()
                        .eventTypes()
                        .entries(
                                tenant,
                                types.stream().map(BuiltInEventType::typeName).toList());
    }

    private static ObjectNode view(List<Entry> builtIn, List<Entry> others, @Nullable Place next) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        builtIn.forEach(entry -> data.add(EventTypeViews.of(entry)));
        others.stream()
                .filter(entry -> BuiltInEventType.named(entry.name()).isEmpty())
                .forEach(entry -> data.add(EventTypeViews.of(entry)));
        json.put("next_cursor", next == null ? null : next.cursor());
        return json;
    }

    Future<Response> get(Call call) {
        String name = call.path("name");
        if (EventPattern.nameFault(name).isPresent()) {
            throw Problem.notFound();
        }
        return parts.store().eventTypes().entries(call.tenant(), List.of(name)).map(found -> {
            Entry entry = found.get(0);
            boolean known = entry.lastSeenAt() != null
                    || entry.definition() != null
                    || BuiltInEventType.named(name).isPresent();
            if (!known) {
                throw Problem.notFound();
            }
            return Response.ok(EventTypeViews.of(entry));
        });
    }
}
