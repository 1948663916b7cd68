package io.longline.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.exchange.Draft.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Convoy's API (v1) answers for a project: its endpoints and its subscriptions, each as a list or as the whole
 * response ({@code data.content}). The names are those of its Go models; older ones ({@code target_url}, {@code title},
 * durations as text) are known as well. One endpoint with its subscriptions becomes one webhook.
 */
final class ConvoyReader implements JsonFile.Visitor {
    private static final Pattern CONTENT = Pattern.compile("(endpoints|subscriptions)(/data(/content)?)?");
    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(h|ms|m|s)");
    private static final int LONGEST_TIMEOUT = 300;
    private static final int MOST_RETRIES = 10;
    private static final int LONGEST_DELAY = 86_400;

    private record Endpoint(String place, ObjectNode node) {}

    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> subscriptions = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private ConvoyReader() {}

    static Reading read(byte[] file) {
        ConvoyReader reader = new ConvoyReader();
        JsonFile.walk(file, reader);
        List<Draft> drafts = new ArrayList<>();
        reader.endpoints.forEach((uid, endpoint) -> reader.add(uid, endpoint, drafts));
        reader.subscriptions.keySet().stream()
                .filter(uid -> !reader.endpoints.containsKey(uid))
                .forEach(uid -> reader.warnings.add("a subscription is left out: its endpoint is not in the file"));
        if (!drafts.isEmpty()) {
            reader.warnings.add(
                    "receivers that verify X-Convoy-Signature must change: Longline signs with webhook-signature"
                            + " and X-Webhook-Signature");
        }
        return new Reading(drafts, reader.warnings);
    }

    @Override
    public boolean wants(String path) {
        return CONTENT.matcher(path).matches();
    }

    @Override
    public void element(String path, int index, JsonNode element) {
        String name = path.startsWith("endpoints") ? "endpoints" : "subscriptions";
        String place = name + "[" + index + "]";
        ObjectNode object = JsonFile.object(place, element);
        if (name.equals("endpoints")) {
            String uid = object.path("uid").asText(place);
            if (endpoints.put(uid, new Endpoint(place, object)) != null) {
                throw UnreadableFileException.of(place, "uid", "is there twice");
            }
        } else {
            String uid = object.path("endpoint_id")
                    .asText(object.path("endpoint_metadata").path("uid").asText(""));
            if (uid.isEmpty()) {
                throw UnreadableFileException.of(place, "endpoint_id", "is required, or endpoint_metadata.uid");
            }
            subscriptions.computeIfAbsent(uid, key -> new ArrayList<>()).add(object);
        }
    }

    private void add(String uid, Endpoint endpoint, List<Draft> drafts) {
        String place = endpoint.place;
        List<ObjectNode> own = subscriptions.getOrDefault(uid, List.of());
        if (own.isEmpty()) {
            warnings.add(place + ": is left out, since it has no subscription");
            return;
        }
        ObjectNode node = endpoint.node;
        ObjectNode fields = JsonFile.object();
        fields.set("url", node.hasNonNull("url") ? node.get("url") : node.get("target_url"));
        ArrayNode events = fields.putArray("events");
        events(own).forEach(events::add);
        // Convoy sends the event's data as it is.
        fields.put("format", "raw");
        boolean disabled = node.path("is_disabled").asBoolean(false)
                || node.path("status").asText("active").equals("inactive");
        fields.put("active", !disabled);
        if (node.path("status").asText("").equals("paused")) {
            fields.put("paused", true);
        }
        String name = node.path("name").asText(node.path("title").asText(""));
        String description = node.path("description").asText("");
        if (!(name + description).isEmpty()) {
            fields.put("description", description.isEmpty() || description.equals(name) ? name : description);
        }
        if (!node.path("owner_id").asText("").isEmpty()) {
            fields.putObject("metadata").put("owner_id", node.path("owner_id").asText());
        }
        secret(place, node.path("secrets"), fields);
        timeout(place, node.path("http_timeout"), fields);
        rate(place, node, fields);
        authentication(place, node.path("authentication"), fields);
        retries(place, own, fields);
        warn(place, node, own);
        drafts.add(new Draft(Kind.WEBHOOK, place, "convoy:" + uid, fields));
    }

    private static Set<String> events(List<ObjectNode> subscriptions) {
        Set<String> events = new LinkedHashSet<>();
        for (ObjectNode subscription : subscriptions) {
            JsonNode types = subscription.path("filter_config").path("event_types");
            if (types.isEmpty()) {
                events.add("*");
            }
            types.forEach(type -> events.add(type.asText()));
        }
        return events.contains("*") ? Set.of("*") : events;
    }

    /** The one that does not expire is the one that signs. */
    private void secret(String place, JsonNode secrets, ObjectNode fields) {
        int others = 0;
        for (JsonNode secret : secrets) {
            boolean live = !secret.hasNonNull("expires_at")
                    && !secret.path("value").asText("").isEmpty();
            if (live && !fields.has("secret")) {
                fields.set("secret", secret.get("value"));
            } else {
                others++;
            }
        }
        if (others > 0) {
            warnings.add(place + ": secrets that have expired or are about to are not carried over");
        }
        if (!fields.has("secret")) {
            warnings.add(place + ": has no secret in the file: a new one is made if the webhook is new here");
        }
    }

    private void timeout(String place, JsonNode value, ObjectNode fields) {
        Double seconds = seconds(value);
        if (seconds == null || seconds <= 0) {
            return;
        }
        int whole = (int) Math.min(LONGEST_TIMEOUT, Math.max(1, Math.round(seconds)));
        if (seconds > LONGEST_TIMEOUT) {
            warnings.add(place + ": its timeout is cut to " + LONGEST_TIMEOUT + " s");
        }
        fields.put("timeout", whole);
    }

    private void rate(String place, ObjectNode endpoint, ObjectNode fields) {
        double limit = endpoint.path("rate_limit").asDouble(0);
        Double duration = seconds(endpoint.path("rate_limit_duration"));
        if (limit <= 0 || duration == null || duration <= 0) {
            return;
        }
        double perSecond = limit / duration;
        double fit = Math.min(10_000, Math.max(0.01, perSecond));
        if (fit != perSecond) {
            warnings.add(place + ": its rate limit is changed to " + fit + " per second");
        }
        fields.put("rate_limit", Math.max(0.01, Math.round(fit * 1_000) / 1_000.0));
    }

    private void authentication(String place, JsonNode authentication, ObjectNode fields) {
        JsonNode key = authentication.path("api_key");
        String name = key.path("header_name").asText("");
        if (!name.isEmpty() && !key.path("header_value").asText("").isEmpty()) {
            fields.putObject("headers").set(name, key.get("header_value"));
        } else if (!authentication.path("type").asText("").isEmpty()) {
            warnings.add(place + ": its authentication is not carried over");
        }
    }

    /** Convoy's linear strategy waits equally long each time; the exponential one begins with that and grows. */
    private void retries(String place, List<ObjectNode> own, ObjectNode fields) {
        JsonNode retry = own.get(0).path("retry_config");
        if (!retry.isObject()) {
            return;
        }
        long count = retry.path("retry_count").asLong(0);
        Double given = seconds(retry.hasNonNull("duration") ? retry.path("duration") : retry.path("interval_seconds"));
        int delay = given == null ? 0 : (int) Math.min(LONGEST_DELAY, Math.round(given));
        if (count > MOST_RETRIES) {
            warnings.add(place + ": is retried " + MOST_RETRIES + " times instead of " + count);
        }
        int retries = (int) Math.min(MOST_RETRIES, Math.max(0, count));
        fields.put("retry_count", retries);
        if (delay > 0) {
            fields.put("retry_delay", delay);
        }
        if (delay > 0 && retries > 0 && retry.path("type").asText("").equals("linear")) {
            ArrayNode schedule = fields.putArray("retry_schedule");
            for (int each = 0; each < retries; each++) {
                schedule.add(delay);
            }
        }
        if (own.stream().anyMatch(other -> !other.path("retry_config").equals(retry))) {
            warnings.add(place + ": its subscriptions retry differently; the first one's settings are taken");
        }
    }

    private void warn(String place, ObjectNode endpoint, List<ObjectNode> own) {
        for (ObjectNode subscription : own) {
            JsonNode filter = subscription.path("filter_config").path("filter");
            boolean filters = !filter.path("headers").isEmpty()
                    || !filter.path("body").isEmpty()
                    || !filter.path("query").isEmpty()
                    || !filter.path("path").isEmpty();
            if (filters) {
                warnings.add(place + ": a subscription's filter is not carried over; see filter");
            }
            if (!subscription.path("function").asText("").isEmpty()) {
                warnings.add(place + ": a subscription's function is not carried over; see transform and template");
            }
            if (subscription.path("rate_limit_config").path("count").asLong(0) > 0) {
                warnings.add(place + ": a subscription's own rate limit is not carried over");
            }
        }
        if (!endpoint.path("slack_webhook_url").asText("").isEmpty()
                || !endpoint.path("support_email").asText("").isEmpty()) {
            warnings.add(place + ": who is told when it fails is not carried over; see alert.triggered");
        }
    }

    /** Seconds, given as a number or as Go writes durations, such as {@code 1m30s}; {@code null} when it is neither. */
    static @Nullable Double seconds(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        String text = value.asText("");
        if (text.matches("[0-9]{1,9}")) {
            return (double) Integer.parseInt(text);
        }
        Matcher part = PART.matcher(text);
        double seconds = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            seconds += Double.parseDouble(part.group(1))
                    * switch (part.group(2)) {
                        case "h" -> 3_600;
                        case "m" -> 60;
                        case "s" -> 1;
                        default -> 0.001;
                    };
            end = part.end();
        }
        return end > 0 && end == text.length() ? (Double) seconds : null;
    }
}
