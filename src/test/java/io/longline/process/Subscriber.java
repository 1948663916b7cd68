package io.longline.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** A webhook that was registered for a test: where it points, what it gets, and how that is signed. */
record Subscriber(String path, String id, Set<String> types, String secret) {
    private static final String SCHEDULE = ",\"retry_count\":10,\"retry_schedule\":[0,0,1,1,1,1,1,1,1,1]";

    /**
     * Registers a webhook that tries ten times again, soon, unless the further fields say otherwise.
     *
     * @param more further fields as JSON, each with a comma before
     */
    static Subscriber register(Api api, Receiver receiver, String path, List<String> types, String more) {
        String patterns = "[\"" + String.join("\",\"", types) + "\"]";
        JsonNode webhook = api.register("{\"url\":\"" + receiver.url(path) + "\",\"events\":" + patterns
                + (more.contains("retry_") ? more : SCHEDULE + more) + "}");
        Set<String> wanted = types.contains("load.*") ? Set.copyOf(Load.TYPES) : Set.copyOf(types);
        JsonNode secret = webhook.path("secret");
        return new Subscriber(path, webhook.get("id").asText(), wanted, secret.isTextual() ? secret.asText() : null);
    }
}
