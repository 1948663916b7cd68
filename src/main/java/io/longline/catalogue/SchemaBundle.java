package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.catalogue.Keywords.Shape;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema taken out of a document: what it refers to comes along, under {@code $defs}. References that leave the document
 * are faults.
 */
final class SchemaBundle {
    /** Values copied at most for one schema; more than fits into its greatest length. */
    private static final int MOST_VALUES = 40_000;

    private final JsonNode document;
    private final String root;
    private final boolean standsAlone;
    private final List<Fault> faults;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private int values;

    private SchemaBundle(JsonNode document, String root, List<Fault> faults) {
        this.document = document;
        this.root = root;
        // A schema with an identifier is a document of its own, within which its references lie.
        this.standsAlone = Pointers.at(document, root).has("$id");
        this.faults = faults;
    }

    /**
     * Takes a schema out.
     *
     * @param pointer where it lies
     * @param faults noted here
     * @return {@code null} when there were any
     */
    static @Nullable JsonNode of(JsonNode document, String pointer, List<Fault> faults) {
        int before = faults.size();
        JsonNode bundle = new SchemaBundle(document, pointer, faults).bundle();
        return faults.size() > before ? null : bundle;
    }

    private JsonNode bundle() {
        JsonNode schema = copy(Pointers.at(document, root), root);
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        while (!waiting.isEmpty() && faults.isEmpty()) {
            String pointer = waiting.remove();
            kept.set(names.getOrDefault(pointer, ""), copy(Pointers.at(document, pointer), pointer));
        }
        return kept.isEmpty() ? object : withDefinitions(object, kept);
    }

    /** One that only refers to another is that other, unless that one is referred to elsewhere too. */
    private static ObjectNode withDefinitions(ObjectNode schema, ObjectNode kept) {
        ObjectNode own = schema.has("$defs") && schema.get("$defs").isObject()
                ? (ObjectNode) schema.get("$defs")
                : schema.putObject("$defs");
        kept.properties().forEach(entry -> own.set(entry.getKey(), entry.getValue()));
        return schema;
    }

    private JsonNode copy(JsonNode schema, String pointer) {
        if (++values > MOST_VALUES) {
            if (values == MOST_VALUES + 1) {
                faults.add(new Fault(root, "is too large with all that it refers to"));
            }
            return schema;
        }
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String place = Fault.pointer(pointer, keyword.getKey());
            if (keyword.getKey().equals("$ref") && keyword.getValue().isTextual()) {
                copy.put("$ref", reference(keyword.getValue().textValue(), place));
            } else {
                copy.set(keyword.getKey(), value(keyword.getKey(), keyword.getValue(), place));
            }
        }
        return copy;
    }

    private JsonNode value(String keyword, JsonNode value, String pointer) {
        Shape shape = Keywords.shape(keyword);
        if (shape == Shape.ONE && value.isObject()) {
            return copy(value, pointer);
        }
        if (shape == Shape.LIST && value.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (int index = 0; index < value.size(); index++) {
                list.add(copy(value.get(index), pointer + "/" + index));
            }
            return list;
        }
        if (shape == Shape.NAMED && value.isObject()) {
            ObjectNode named = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(each ->
                            named.set(each.getKey(), copy(each.getValue(), Fault.pointer(pointer, each.getKey()))));
            return named;
        }
        return value;
    }

    private String reference(String reference, String pointer) {
        if (standsAlone) {
            return reference;
        }
        Optional<String> target = Pointers.ofReference(reference);
        if (target.isEmpty()) {
            if (!reference.startsWith("#")) {
                faults.add(new Fault(pointer, "leads out of the document, and nothing is fetched"));
            }
            // An anchor of the schema's own.
            return reference;
        }
        String place = target.get();
        if (Pointers.at(document, place).isMissingNode()) {
            boolean own = !Pointers.at(Pointers.at(document, root), place).isMissingNode();
            if (!own) {
                faults.add(new Fault(pointer, "leads to nothing in the document"));
            }
            return reference;
        }
        if (place.equals(root)) {
            return "#";
        }
        if (place.startsWith(root + "/")) {
            return Pointers.reference(place.substring(root.length()));
        }
        return Pointers.reference(Fault.pointer("/$defs", name(place)));
    }

    private String name(String pointer) {
        String known = names.get(pointer);
        if (known != null) {
            return known;
        }
        String wanted = Pointers.name(pointer);
        String name = wanted;
        JsonNode own = Pointers.at(document, root).path("$defs");
        for (int number = 2; names.containsValue(name) || own.has(name); number++) {
            name = wanted + number;
        }
        names.put(pointer, name);
        waiting.add(pointer);
        return name;
    }
}
