package io.longline.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.api.SentRequests.SentRequest;
import io.longline.format.BodyComparison;
import io.longline.format.BodyComparison.Difference;
import io.longline.format.Format;
import io.longline.format.UnrenderableException;
import io.longline.model.Delivery;
import io.longline.model.Payload;
import io.longline.model.Webhook;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pairs what a shadow would have sent with what another system has sent, one delivery after the other, and keeps only
 * what came of each. With a pointer, a pair is what has the same value there; without one, a request's key names an event,
 * and requests without a key take what is left in its order. Mutable; for one thread at a time.
 */
final class Comparison {
    private static final int MOST_DIFFERENCES = 10;
    private static final int MOST_SHOWN = 100;

    private final Webhook webhook;
    private final Format format;
    private final @Nullable JsonPointer pointer;
    private final Map<String, Deque<SentRequest>> byKey = new HashMap<>();
    private final Deque<SentRequest> inOrder = new ArrayDeque<>();
    private final List<SentRequest> keyless = new ArrayList<>();
    private final ArrayNode pairs = Json.object().putArray("pairs");
    private final ArrayNode onlyHere = Json.object().putArray("only_here");
    private int same;
    private int sameBytes;
    private int different;
    private int unpaired;

    /** @param pointer where in both bodies the key is; {@code null} to pair by event, and by order */
    Comparison(Webhook webhook, Format format, @Nullable JsonPointer pointer, List<SentRequest> requests) {
        this.webhook = webhook;
        this.format = format;
        this.pointer = pointer;
        for (SentRequest request : requests) {
            String key = request.key() != null ? request.key() : keyIn(request.body());
            if (key != null) {
                byKey.computeIfAbsent(key, each -> new ArrayDeque<>()).add(request);
            } else if (pointer == null) {
                inOrder.add(request);
            } else {
                keyless.add(request);
            }
        }
    }

    private @Nullable String keyIn(byte[] body) {
        if (pointer == null) {
            return null;
        }
        JsonNode found = BodyComparison.json(body).map(json -> json.at(pointer)).orElse(null);
        return found == null || !found.isValueNode() || found.isNull() ? null : found.asText();
    }

    /** The next delivery, oldest first. */
    void add(Delivery delivery, Payload payload) {
        Payload body;
        try {
            body = format.render(payload);
        } catch (UnrenderableException fault) {
            different++;
            pair(delivery, null, null, List.of(), List.of(), fault.getMessage());
            return;
        }
        String key = pointer == null ? delivery.eventId().value() : keyIn(body.bytes());
        SentRequest sent = take(key);
        if (sent == null) {
            unpaired++;
            shown(onlyHere, delivery, pointer == null ? null : key);
        } else {
            compare(delivery, key, body, sent);
        }
    }

    private @Nullable SentRequest take(@Nullable String key) {
        Deque<SentRequest> waiting = key == null ? null : byKey.get(key);
        return waiting != null && !waiting.isEmpty() ? waiting.poll() : inOrder.poll();
    }

    private void compare(Delivery delivery, @Nullable String key, Payload body, SentRequest sent) {
        byte[] other = sent.body();
        List<Difference> differences = BodyComparison.differences(body, other, MOST_DIFFERENCES);
        List<String> headers = headersThatDiffer(sent.headers());
        if (differences.isEmpty() && headers.isEmpty()) {
            same++;
            sameBytes += sent.text() != null && Arrays.equals(body.bytes(), other) ? 1 : 0;
            return;
        }
        different++;
        pair(delivery, pointer == null ? null : key, sent.index(), differences, headers, null);
    }

    private void pair(
            Delivery delivery,
            @Nullable String key,
            @Nullable Integer index,
            List<Difference> differences,
            List<String> headers,
            @Nullable String error) {
        ObjectNode shown = shown(pairs, delivery, key);
        if (shown == null) {
            return;
        }
        shown.put("index", index);
        ArrayNode places = shown.putArray("differences");
        for (Difference each : differences) {
            places.addObject()
                    .put("pointer", each.pointer())
                    .put("here", each.here())
                    .put("there", each.there());
        }
        ArrayNode names = shown.putArray("headers");
        headers.forEach(names::add);
        shown.put("error_message", error);
    }

    /** The names of headers that are not as the webhook would have them, its own and the media type; never their values. */
    private List<String> headersThatDiffer(@Nullable Map<String, String> sent) {
        if (sent == null) {
            return List.of();
        }
        Map<String, String> own = new HashMap<>(Map.of("content-type", format.contentType()));
        webhook.headers().forEach((name, value) -> own.put(name.toLowerCase(Locale.ROOT), value));
        return new TreeSet<>(own.keySet())
                .stream()
                        .filter(name -> !isSame(name, own.getOrDefault(name, ""), sent.get(name)))
                        .toList();
    }

    private static boolean isSame(String name, String here, @Nullable String there) {
        if (there == null) {
            return false;
        }
        return name.equals("content-type") ? mediaType(here).equals(mediaType(there)) : here.equals(there);
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static @Nullable ObjectNode shown(ArrayNode list, Delivery delivery, @Nullable String key) {
        if (list.size() == MOST_SHOWN) {
            return null;
        }
        return list.addObject()
                .put("delivery_id", delivery.id().value())
                .put("event_id", delivery.eventId().value())
                .put("event", delivery.eventType())
                .put("key", key);
    }

    /**
     * What came of it.
     *
     * @param more whether there are older deliveries that were not looked at
     */
    ObjectNode result(boolean more) {
        List<SentRequest> left = new ArrayList<>(keyless);
        byKey.values().forEach(left::addAll);
        left.addAll(inOrder);
        left.sort((one, other) -> Integer.compare(one.index(), other.index()));
        ObjectNode json = Json.object();
        json.put("same", same);
        json.put("same_bytes", sameBytes);
        json.put("different", different);
        json.put("only_here", unpaired);
        json.put("only_there", left.size());
        json.put("more", more);
        json.set("pairs", pairs);
        json.set("unpaired_deliveries", onlyHere);
        ArrayNode requests = json.putArray("unpaired_requests");
        left.stream()
                .limit(MOST_SHOWN)
                .forEach(each -> requests.addObject()
                        .put("index", each.index())
                        .put("key", each.key() != null ? each.key() : keyIn(each.body())));
        return json;
    }
}
