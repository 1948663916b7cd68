package io.longline.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads an object's fields, typed and within bounds; notes what is wrong and goes on with the default. */
final class Fields {
    private final ObjectNode node;
    private final Faults faults;
    private final Set<String> read = new HashSet<>();

    private Fields(ObjectNode node, Faults faults) {
        this.node = node;
        this.faults = faults;
    }

    /** The fields of a body, which must be an object. */
    static Fields of(JsonNode body, Faults faults) {
        if (!(body instanceof ObjectNode object)) {
            throw Problem.of(422, "The body must be a JSON object");
        }
        return new Fields(object, faults);
    }

    /** Whether the field is there, be it null. */
    boolean has(String name) {
        return node.has(name);
    }

    /** The field's value; {@code null} when it is absent or null. */
    @Nullable JsonNode get(String name) {
        read.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable String text(String name, int longest) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            faults.add(at(name), "must be a string");
            return null;
        }
        if (value.textValue().length() > longest) {
            faults.add(at(name), "must have at most " + longest + " characters");
            return null;
        }
        return value.textValue();
    }

    /** The tenant that the body names; {@code null} when it names none. */
    @Nullable String tenant() {
        String tenant = text("tenant", 1_000);
        if (tenant != null && !Call.isTenant(tenant)) {
            faults.add("/tenant", Call.TENANT_EXPECTATION);
        }
        return tenant;
    }

    boolean flag(String name, boolean fallback) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            faults.add(at(name), "must be true or false");
            return fallback;
        }
        return value == null ? fallback : value.booleanValue();
    }

    @Nullable Integer whole(String name, int least, int most) {
        JsonNode value = get(name);
        return value == null ? null : whole(at(name), value, least, most);
    }

    @Nullable Integer whole(String pointer, JsonNode value, int least, int most) {
        boolean fits = value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most;
        if (!fits) {
            faults.add(pointer, "must be a whole number between " + least + " and " + most);
            return null;
        }
        return value.intValue();
    }

    @Nullable Double number(String name, double least, double most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        boolean fits = value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most;
        if (!fits) {
            faults.add(at(name), "must be a number between " + plain(least) + " and " + plain(most));
            return null;
        }
        return value.doubleValue();
    }

    /** An array's elements, each with its pointer; the array has a bounded length. */
    void each(String name, int least, int most, BiConsumer<String, JsonNode> element) {
        JsonNode value = get(name);
        if (value == null) {
            return;
        }
        if (!value.isArray() || value.size() < least || value.size() > most) {
            faults.add(at(name), "must be an array of " + least + " to " + most + " elements");
            return;
        }
        for (int index = 0; index < value.size(); index++) {
            element.accept(at(name) + "/" + index, value.get(index));
        }
    }

    /** An object whose values are strings; empty when absent. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode value = get(name);
        if (value == null) {
            return texts;
        }
        if (!value.isObject()) {
            faults.add(at(name), "must be an object");
            return texts;
        }
        value.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().textValue());
            } else {
                faults.add(Faults.pointer(at(name), entry.getKey()), "must be a string");
            }
        });
        return texts;
    }

    /** Notes every field that was not read: there is no such field. */
    void refuseOthers() {
        node.fieldNames().forEachRemaining(name -> {
            if (!read.contains(name)) {
                faults.add(at(name), "is not a field of this request");
            }
        });
    }

    static String at(String name) {
        return Faults.pointer("", name);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
