package io.longline.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a server answered. */
public record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** A header's first value; empty when it is absent. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return read(body);
    }

    /** The body's {@code id}. */
    public String id() {
        return json().path("id").asText();
    }

    /** The pointers of a problem's {@code errors}, in their order. */
    public List<String> pointers() {
        List<String> pointers = new ArrayList<>();
        json().path("errors")
                .forEach(fault -> pointers.add(fault.path("pointer").asText()));
        return pointers;
    }

    /** One field of every item of a list. */
    public List<String> each(String field) {
        List<String> values = new ArrayList<>();
        json().path("data").forEach(item -> values.add(item.path(field).asText()));
        return values;
    }

    public static JsonNode read(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException malformed) {
            throw new UncheckedIOException(new String(json, StandardCharsets.UTF_8), malformed);
        }
    }

    @Override
    public String toString() {
        return status + " " + headers.map() + " " + text();
    }
}
