package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * What the keywords of JSON Schema 2020-12 hold, as far as it matters where schemas lie within a schema
 * (<a href="https://json-schema.org/draft/2020-12/json-schema-core#section-10">core, 10 and 11</a>; validation, 6).
 */
final class Keywords {
    private static final Set<String> SCHEMA_IN_PLACE = Set.of("not", "if", "then", "else");
    private static final Set<String> SCHEMAS_IN_PLACE = Set.of("allOf", "anyOf", "oneOf");
    private static final Set<String> SCHEMA_WITHIN = Set.of(
            "additionalProperties", "unevaluatedProperties", "items", "contains", "propertyNames", "unevaluatedItems");
    private static final Set<String> NAMED_WITHIN = Set.of("properties", "patternProperties");

    /** Where schemas are kept for references. */
    private static final Set<String> NAMED_ASIDE = Set.of("$defs", "definitions");

    /** What judges a value by itself, copied as it is. */
    static final Set<String> ASSERTIONS = Set.of(
            "type",
            "enum",
            "const",
            "multipleOf",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "pattern",
            "required",
            "dependentRequired");

    /** The same where it is a size. */
    static final Set<String> SIZES = Set.of(
            "maxLength",
            "minLength",
            "maxItems",
            "minItems",
            "maxContains",
            "minContains",
            "maxProperties",
            "minProperties");

    private Keywords() {}

    /** How a schema within another is met. */
    enum Role {
        /** It judges the same value. */
        IN_PLACE,
        /** It judges a value that lies within. */
        WITHIN,
        /** It waits for references. */
        ASIDE
    }

    /** What a keyword's value is. */
    enum Shape {
        ONE,
        LIST,
        NAMED,
        NONE
    }

    /** Is told of each schema that lies right within a schema. */
    interface Visitor {
        void visit(Role role, String pointer, JsonNode schema);
    }

    static Shape shape(String keyword) {
        if (SCHEMA_IN_PLACE.contains(keyword) || SCHEMA_WITHIN.contains(keyword)) {
            return Shape.ONE;
        }
        if (SCHEMAS_IN_PLACE.contains(keyword) || keyword.equals("prefixItems")) {
            return Shape.LIST;
        }
        boolean named =
                NAMED_WITHIN.contains(keyword) || NAMED_ASIDE.contains(keyword) || keyword.equals("dependentSchemas");
        return named ? Shape.NAMED : Shape.NONE;
    }

    static Role role(String keyword) {
        if (NAMED_ASIDE.contains(keyword)) {
            return Role.ASIDE;
        }
        boolean inPlace = SCHEMA_IN_PLACE.contains(keyword)
                || SCHEMAS_IN_PLACE.contains(keyword)
                || keyword.equals("dependentSchemas");
        return inPlace ? Role.IN_PLACE : Role.WITHIN;
    }

    /** Goes through the schemas that lie right within a schema. */
    static void children(JsonNode schema, String pointer, Visitor visitor) {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            String place = Fault.pointer(pointer, keyword.getKey());
            Role role = role(keyword.getKey());
            switch (shape(keyword.getKey())) {
                case ONE -> visitor.visit(role, place, keyword.getValue());
                case LIST -> {
                    for (int index = 0; index < keyword.getValue().size(); index++) {
                        visitor.visit(
                                role, place + "/" + index, keyword.getValue().get(index));
                    }
                }
                case NAMED ->
                    keyword.getValue()
                            .properties()
                            .forEach(named ->
                                    visitor.visit(role, Fault.pointer(place, named.getKey()), named.getValue()));
                case NONE -> {}
            }
        }
    }
}
