package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.catalogue.Keywords.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema written anew so that a validator can do nothing with it that is not foreseen: known keywords alone, references
 * to places in the schema itself, and in each schema a mark that counts how often it is applied. What cannot be written so
 * is a fault, with its place.
 */
final class SchemaPlan {
    /** What every schema in a plan holds: what it counts to apply it. */
    static final String STEP = "longline:step";

    /** What stands for {@code uniqueItems}. */
    static final String UNIQUE = "longline:uniqueItems";

    /** Schemas that judge the same value, one because of the other. */
    private static final int MOST_IN_PLACE = 32;

    /** Schemas with every reference written out, of which a copy for each is still little. */
    private static final long LARGEST_KEPT = 5_000;

    /** What it counts to follow a reference afresh, which has the validator made anew. */
    private static final int STEPS_AFRESH = 5;

    private static final int ENTRIES_A_STEP = 10;
    private static final List<String> LISTS = List.of(
            "properties",
            "patternProperties",
            "required",
            "dependentRequired",
            "dependentSchemas",
            "enum",
            "prefixItems");

    private static final long ENDLESS = Long.MAX_VALUE;
    private static final String REF = "$ref";
    private static final String DYNAMIC_REF = "$dynamicRef";

    private final JsonNode root;
    private final @Nullable String rootId;
    private final Map<String, JsonNode> schemas = new LinkedHashMap<>();
    private final Map<String, String> anchors = new HashMap<>();
    private final Map<String, String> references = new LinkedHashMap<>();
    private final Map<String, Integer> targets = new LinkedHashMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, Integer> heights = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    private SchemaPlan(JsonNode root) {
        this.root = root;
        this.rootId = root.path("$id").textValue();
    }

    /**
     * What a validator is given.
     *
     * @param keepsReferences whether what a reference leads to may be kept for each way that leads there: not where the
     *     ways are very many, or endless
     * @param weight how many schemas are kept
     */
    record Planned(JsonNode schema, boolean keepsReferences, long weight) {}

    /** Plans a schema that the meta-schema has nothing against. */
    static Planned of(JsonNode root) throws FaultyException {
        return new SchemaPlan(root).plan();
    }

    /**
     * The same schema as a part of a document, in which references start at the document's root. What cannot be resolved is
     * left as it is.
     *
     * @param place where it will lie
     */
    static JsonNode placed(JsonNode root, String place) {
        SchemaPlan plan = new SchemaPlan(root);
        plan.collect(root, "");
        plan.schemas.forEach(plan::resolve);
        plan.references.forEach((pointer, target) -> {
            if (plan.schemas.get(pointer) instanceof ObjectNode schema) {
                schema.remove(List.of(REF, DYNAMIC_REF));
                schema.put(REF, Pointers.reference(place + target));
            }
        });
        if (root instanceof ObjectNode object) {
            // With an identifier it would be a document of its own.
            object.remove("$id");
        }
        return root;
    }

    private Planned plan() throws FaultyException {
        collect(root, "");
        schemas.forEach(this::resolve);
        refuseIfFaulty();
        schemas.keySet().forEach(this::height);
        refuseIfFaulty();
        long size = size("");
        boolean keeps = size <= LARGEST_KEPT;
        ObjectNode planned = targets.containsKey("") ? reference("") : copy(root, "");
        if (!targets.isEmpty()) {
            ObjectNode kept = planned.putObject("$defs");
            targets.forEach((pointer, number) ->
                    kept.set(number.toString(), target(schemas.getOrDefault(pointer, root), pointer, keeps)));
        }
        return new Planned(planned, keeps, keeps ? size : schemas.size());
    }

    private void refuseIfFaulty() throws FaultyException {
        if (!faults.isEmpty()) {
            throw new FaultyException(faults);
        }
    }

    private void collect(JsonNode schema, String pointer) {
        schemas.put(pointer, schema);
        if (!schema.isObject()) {
            return;
        }
        if (schema.has("$id") && !pointer.isEmpty()) {
            faults.add(new Fault(pointer + "/$id", "is taken only at the root; refer to places as #/$defs/name"));
        }
        for (String anchor : List.of("$anchor", "$dynamicAnchor")) {
            if (schema.path(anchor).isTextual()) {
                anchors.put(schema.path(anchor).textValue(), pointer);
            }
        }
        checkExpressions(schema, pointer);
        Keywords.children(schema, pointer, (role, place, child) -> collect(child, place));
    }

    private void checkExpressions(JsonNode schema, String pointer) {
        if (schema.path("pattern").isTextual()) {
            checkExpression(schema.path("pattern").textValue(), pointer + "/pattern");
        }
        schema.path("patternProperties")
                .fieldNames()
                .forEachRemaining(expression ->
                        checkExpression(expression, Fault.pointer(pointer + "/patternProperties", expression)));
    }

    private void checkExpression(String expression, String pointer) {
        Expressions.fault(expression).ifPresent(fault -> faults.add(new Fault(pointer, fault)));
    }

    private void resolve(String pointer, JsonNode schema) {
        if (schema.has(REF) && schema.has(DYNAMIC_REF)) {
            faults.add(new Fault(pointer + "/" + DYNAMIC_REF, "cannot stand beside $ref"));
            return;
        }
        for (String keyword : List.of(REF, DYNAMIC_REF)) {
            String reference = schema.path(keyword).textValue();
            if (reference != null) {
                target(reference)
                        .ifPresentOrElse(
                                target -> {
                                    references.put(pointer, target);
                                    targets.putIfAbsent(target, targets.size());
                                },
                                () -> faults.add(
                                        new Fault(
                                                pointer + "/" + keyword,
                                                "must point to a schema within this one, like #/$defs/name: nothing is fetched")));
            }
        }
    }

    /** The place that a reference points to; within one resource a dynamic one is like any other. */
    private Optional<String> target(String reference) {
        String id = rootId;
        String fragment =
                id != null && !id.isEmpty() && reference.startsWith(id) ? reference.substring(id.length()) : reference;
        if (fragment.isEmpty() && !reference.isEmpty()) {
            return Optional.of("");
        }
        Optional<String> pointer = Pointers.ofReference(fragment);
        if (pointer.isPresent()) {
            return pointer.filter(schemas::containsKey);
        }
        return fragment.startsWith("#") ? Optional.ofNullable(anchors.get(fragment.substring(1))) : Optional.empty();
    }

    /** How many schemas judge one value because of the other, from this one on. */
    private int height(String pointer) {
        Integer known = heights.get(pointer);
        if (known != null) {
            if (known < 0 && faults.isEmpty()) {
                faults.add(new Fault(pointer, "leads back to itself without going into the data"));
            }
            return Math.max(0, known);
        }
        heights.put(pointer, -1);
        int[] highest = {0};
        String target = references.get(pointer);
        if (target != null) {
            highest[0] = height(target);
        }
        Keywords.children(schemas.getOrDefault(pointer, root), pointer, (role, place, child) -> {
            if (role == Role.IN_PLACE) {
                highest[0] = Math.max(highest[0], height(place));
            }
        });
        int height = highest[0] + 1;
        if (height > MOST_IN_PLACE && faults.isEmpty()) {
            faults.add(new Fault(pointer, "puts more than " + MOST_IN_PLACE + " schemas upon one value"));
        }
        heights.put(pointer, height);
        return height;
    }

    private long size(String pointer) {
        Long known = sizes.get(pointer);
        if (known != null) {
            return known;
        }
        sizes.put(pointer, ENDLESS);
        long[] sum = {1};
        String target = references.get(pointer);
        if (target != null) {
            sum[0] = sum(sum[0], size(target));
        }
        Keywords.children(schemas.getOrDefault(pointer, root), pointer, (role, place, child) -> {
            if (role != Role.ASIDE) {
                sum[0] = sum(sum[0], size(place));
            }
        });
        sizes.put(pointer, sum[0]);
        return sum[0];
    }

    private static long sum(long one, long other) {
        return one > ENDLESS - other ? ENDLESS : one + other;
    }

    private ObjectNode reference(String target) {
        return JsonNodeFactory.instance.objectNode().put(REF, "#/$defs/" + targets.get(target));
    }

    /** A schema in its place: what is referred to lies elsewhere, and is referred to here as well. */
    private JsonNode inPlace(JsonNode schema, String pointer) {
        return targets.containsKey(pointer) ? reference(pointer) : schema.isObject() ? copy(schema, pointer) : schema;
    }

    private JsonNode target(JsonNode schema, String pointer, boolean keeps) {
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode copy = copy(schema, pointer);
        return keeps ? copy : copy.put(STEP, copy.path(STEP).intValue() + STEPS_AFRESH);
    }

    /** What is gone through whenever the schema is applied costs the more the longer it is. */
    private static int steps(JsonNode schema) {
        int entries = 0;
        for (String keyword : LISTS) {
            entries += schema.path(keyword).size();
        }
        return 1 + entries / ENTRIES_A_STEP;
    }

    private ObjectNode copy(JsonNode schema, String pointer) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        copy.put(STEP, steps(schema));
        String target = references.get(pointer);
        if (target != null) {
            copy.put(REF, "#/$defs/" + targets.get(target));
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            copy(keyword.getKey(), keyword.getValue(), Fault.pointer(pointer, keyword.getKey()), copy);
        }
        return copy;
    }

    private void copy(String keyword, JsonNode value, String pointer, ObjectNode copy) {
        if (Keywords.ASSERTIONS.contains(keyword)) {
            copy.set(keyword, value);
        } else if (keyword.equals("uniqueItems")) {
            copy.set(UNIQUE, value);
        } else if (Keywords.SIZES.contains(keyword)) {
            // The validator counts in int; nothing in an event is as large as that.
            copy.put(keyword, value.canConvertToInt() ? value.intValue() : Integer.MAX_VALUE);
        } else if (Keywords.role(keyword) != Role.ASIDE) {
            copySchemas(keyword, value, pointer, copy);
        }
    }

    private void copySchemas(String keyword, JsonNode value, String pointer, ObjectNode copy) {
        switch (Keywords.shape(keyword)) {
            case ONE -> copy.set(keyword, inPlace(value, pointer));
            case LIST -> {
                ArrayNode list = copy.putArray(keyword);
                for (int index = 0; index < value.size(); index++) {
                    list.add(inPlace(value.get(index), pointer + "/" + index));
                }
            }
            case NAMED -> {
                ObjectNode named = copy.putObject(keyword);
                value.properties()
                        .forEach(each -> named.set(
                                each.getKey(), inPlace(each.getValue(), Fault.pointer(pointer, each.getKey()))));
            }
            case NONE -> {}
        }
    }
}
