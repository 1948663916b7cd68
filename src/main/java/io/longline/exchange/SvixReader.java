package io.longline.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.exchange.Draft.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what Svix's API (v1) answers: {@code EndpointOut} in a list response or under {@code endpoints}, beside each its
 * {@code secret} ({@code EndpointSecretOut}) and {@code headers} ({@code EndpointHeadersOut}) where they were fetched;
 * {@code EventTypeOut} under {@code eventTypes}. The names are those of the generated models in Svix's client libraries,
 * as of its OpenAPI description of 2025.
 */
final class SvixReader implements JsonFile.Visitor {
    private static final Set<String> ENDPOINTS = Set.of("", "data", "endpoints", "endpoints/data");
    private static final Set<String> EVENT_TYPES = Set.of("eventTypes", "eventTypes/data");
    private static final String SECRET_PREFIX = "whsec_";

    private final List<Draft> drafts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> secrets = new HashMap<>();

    private SvixReader() {}

    static Reading read(byte[] file) {
        SvixReader reader = new SvixReader();
        JsonFile.walk(file, reader);
        reader.addSecrets();
        return new Reading(reader.drafts, reader.warnings);
    }

    @Override
    public boolean wants(String path) {
        return ENDPOINTS.contains(path) || EVENT_TYPES.contains(path);
    }

    @Override
    public void element(String path, int index, JsonNode element) {
        String place = (path.isEmpty() ? "endpoints" : path.replace('/', '.')) + "[" + index + "]";
        ObjectNode object = JsonFile.object(place, element);
        boolean isType = EVENT_TYPES.contains(path) || (!object.has("url") && object.has("name"));
        drafts.add(isType ? eventType(place, object) : endpoint(place, object));
    }

    /** Secrets may stand apart, by the endpoint's identifier: {@code {"secrets": {"ep_…": {"key": …}}}}. */
    @Override
    public void value(String path, JsonNode value) {
        if (path.startsWith("secrets/") && value.isTextual()) {
            String id = path.substring("secrets/".length());
            secrets.put(id.endsWith("/key") ? id.substring(0, id.length() - 4) : id, value.textValue());
        }
    }

    private Draft endpoint(String place, ObjectNode endpoint) {
        ObjectNode fields = JsonFile.object();
        fields.set("url", endpoint.get("url"));
        JsonNode types = endpoint.path("filterTypes");
        if (types.isArray() && !types.isEmpty()) {
            fields.set("events", types);
        } else {
            fields.putArray("events").add("*");
        }
        fields.put("active", !endpoint.path("disabled").asBoolean(false));
        // Svix sends the payload as it is.
        fields.put("format", "raw");
        if (!endpoint.path("description").asText("").isEmpty()) {
            fields.set("description", endpoint.get("description"));
        }
        if (endpoint.path("metadata").isObject()) {
            fields.set("metadata", endpoint.get("metadata"));
        }
        JsonNode rate =
                endpoint.hasNonNull("throttleRate") ? endpoint.path("throttleRate") : endpoint.path("rateLimit");
        if (rate.isNumber()) {
            fields.set("rate_limit", rate);
        }
        headers(place, endpoint.path("headers"), fields);
        JsonNode secret = endpoint.path("secret");
        String given =
                secret.isTextual() ? secret.textValue() : secret.path("key").asText("");
        if (!given.isEmpty()) {
            fields.put("secret", prefixed(given));
        }
        if (!endpoint.path("channels").isEmpty()) {
            warnings.add(place + ": channels are not carried over; the webhook gets the events of every channel, unless"
                    + " you give it a filter");
        }
        if (endpoint.path("transformationParams").isObject()
                || endpoint.path("transformation").isObject()) {
            warnings.add(place + ": the transformation is not carried over; see transform and template");
        }
        String id = endpoint.path("id").asText("");
        return new Draft(Kind.WEBHOOK, place, id.isEmpty() ? null : "svix:" + id, fields);
    }

    private void headers(String place, JsonNode headers, ObjectNode fields) {
        if (headers.path("headers").isObject()) {
            fields.set("headers", headers.get("headers"));
        }
        if (!headers.path("sensitive").isEmpty()) {
            warnings.add(place + ": the values of sensitive headers are not in the file; set them by hand");
        }
    }

    private static String prefixed(String secret) {
        return secret.startsWith("whsec_") || secret.startsWith("whsk_") ? secret : SECRET_PREFIX + secret;
    }

    private Draft eventType(String place, ObjectNode type) {
        ObjectNode fields = JsonFile.object();
        fields.set("name", type.get("name"));
        if (!type.path("description").asText("").isEmpty()) {
            fields.set("description", type.get("description"));
        }
        newest(type.path("schemas"), fields);
        if (type.path("archived").asBoolean(false)) {
            warnings.add(place + ": is archived in Svix, and is a live event type here");
        }
        if (type.path("schemas").size() > 1) {
            warnings.add(place + ": only the newest version of its schema is carried over");
        }
        return new Draft(Kind.EVENT_TYPE, place, null, fields);
    }

    /** Schemas by their version, which is a number. */
    private static void newest(JsonNode schemas, ObjectNode fields) {
        int newest = Integer.MIN_VALUE;
        for (Map.Entry<String, JsonNode> each : schemas.properties()) {
            int version = each.getKey().matches("[0-9]{1,6}") ? Integer.parseInt(each.getKey()) : -1;
            if (version > newest && each.getValue().isObject()) {
                newest = version;
                fields.set("schema", each.getValue());
            }
        }
    }

    private void addSecrets() {
        Set<String> unused = new HashSet<>(secrets.keySet());
        for (Draft draft : drafts) {
            String id = draft.key() == null ? "" : draft.key().substring("svix:".length());
            String secret = secrets.get(id);
            if (secret != null) {
                unused.remove(id);
                draft.fields().put("secret", prefixed(secret));
            }
        }
        if (!unused.isEmpty()) {
            warnings.add(unused.size() + " secrets belong to no endpoint of the file");
        }
        long without = drafts.stream()
                .filter(draft -> draft.kind() == Kind.WEBHOOK && !draft.fields().has("secret"))
                .count();
        if (without > 0) {
            warnings.add(
                    without + " endpoints have no secret in the file: new ones are made for those that are new here");
        }
    }
}
