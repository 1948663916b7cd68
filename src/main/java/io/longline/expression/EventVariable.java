package io.longline.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import io.longline.model.Payload;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as expressions see it: the payload's fields, and {@code type} and {@code tenant}. Whole numbers are exact up to
 * 64 bits, others are doubles to compute with; the digits of those that are merely carried are remembered, by identity,
 * which the language keeps. For one thread.
 */
public final class EventVariable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> value = new LinkedHashMap<>();
    private final IdentityHashMap<Object, String> digits = new IdentityHashMap<>();

    private EventVariable() {}

    /** The event of a payload. */
    public static EventVariable of(Payload payload, String tenant) {
        EventVariable event = new EventVariable();
        try (JsonParser parser = JSON.createParser(payload.bytes())) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                event.fields(parser, event.value);
            }
        } catch (IOException damaged) {
            throw new IllegalStateException("a payload is JSON", damaged);
        }
        Object type = event.value.get("event");
        if (type != null) {
            event.value.put("type", type);
        }
        event.value.put("tenant", tenant);
        return event;
    }

    Map<String, Object> value() {
        return value;
    }

    /** How a number was written that came from the event; {@code null} for one that was computed, or needs no help. */
    @Nullable String digits(Object number) {
        return digits.get(number);
    }

    private void fields(JsonParser parser, Map<String, Object> into) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            into.put(name, value(parser, parser.nextToken()));
        }
    }

    private Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields(parser, fields);
                yield fields;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    elements.add(value(parser, next));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NullValue.NULL_VALUE;
            case VALUE_NUMBER_INT -> whole(parser.getText());
            default -> approximate(parser.getText());
        };
    }

    private Object whole(String text) {
        if (text.equals("-0")) {
            return approximate(text);
        }
        if (text.length() <= 18) {
            return Long.parseLong(text);
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() < Long.SIZE) {
            return number.longValue();
        }
        return number.signum() > 0 && number.bitLength() == Long.SIZE
                ? UnsignedLong.valueOf(number)
                : approximate(text);
    }

    /** A new object each time, by which it is known again. */
    private Object approximate(String text) {
        Double number = Double.valueOf(text);
        digits.put(number, text);
        return number;
    }
}
