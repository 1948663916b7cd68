package io.longline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns what a program has into JSON: maps, lists, plain values, beans and records, trees, Vert.x's objects and arrays. */
final class JsonValues {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonValues() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * A value as a tree.
     *
     * @param name what the value is, for the message when it has no JSON form
     */
    static JsonNode tree(String name, @Nullable Object value) {
        try {
            if (value instanceof JsonObject object) {
                return MAPPER.readTree(object.encode());
            }
            if (value instanceof JsonArray array) {
                return MAPPER.readTree(array.encode());
            }
            return value == null ? MAPPER.nullNode() : MAPPER.readTree(MAPPER.writeValueAsBytes(value));
        } catch (IOException | IllegalArgumentException unwritable) {
            throw LonglineException.invalid(
                    name + " has no JSON form: " + firstLine(String.valueOf(unwritable.getMessage())));
        }
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree has a JSON form", impossible);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
