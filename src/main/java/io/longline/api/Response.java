package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a handler answers. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Response(int status, Map<String, String> headers, String mediaType, byte[] body) {
    static final String JSON = "application/json";

    static Response ok(JsonNode body) {
        return json(200, body);
    }

    static Response json(int status, JsonNode body) {
        return new Response(status, Map.of(), JSON, Json.write(body));
    }

    static Response empty() {
        return new Response(204, Map.of(), "", new byte[0]);
    }

    /** The handler answers by itself, for longer than a call takes. */
    static Response underWay() {
        return new Response(0, Map.of(), "", new byte[0]);
    }

    boolean isUnderWay() {
        return status == 0;
    }

    /** Done, and not a word about it. */
    static Response silence() {
        return new Response(200, Map.of(), "text/plain", new byte[0]);
    }

    Response with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Response(status, all, mediaType, body);
    }
}
