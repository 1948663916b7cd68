package io.longline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schema says of data, what is said of a schema, and that neither can be made to take for ever. */
class EventSchemaTest {
    private static final String ORDER = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.org/order",
             "type": "object", "required": ["id", "lines"], "additionalProperties": false,
             "properties": {
               "id": {"type": "string", "pattern": "^ord_[0-9]{1,9}$"},
               "total": {"type": "number", "multipleOf": 0.01, "maximum": 12345678901234567890.5},
               "count": {"type": "integer", "minimum": 1},
               "state": {"enum": ["new", 1.0, null]},
               "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}, "minItems": 1, "uniqueItems": true},
               "parent": {"$ref": "https://example.org/order#"},
               "a/b~c": {"$ref": "#small"}},
             "$defs": {
               "line": {"type": "object", "properties": {"sku": {"$ref": "#/$defs/sk%20u"}}},
               "sk u": {"type": "string", "minLength": 2},
               "small": {"$anchor": "small", "maximum": 3}}}""";

    private static List<String> faults(String schema, String data) {
        try {
            return EventSchema.compile(schema).faults(data.getBytes(StandardCharsets.UTF_8)).stream()
                    .map(fault -> fault.pointer() + " " + fault.detail())
                    .toList();
        } catch (FaultyException faulty) {
            throw new AssertionError(faulty.faults().toString(), faulty);
        }
    }

    private static List<String> refusals(String schema) {
        try {
            EventSchema.compile(schema);
            return List.of();
        } catch (FaultyException faulty) {
            return faulty.faults().stream()
                    .map(fault -> fault.pointer() + " " + fault.detail())
                    .toList();
        }
    }

    @Test
    void data_thatFits_hasNoFault() {
        assertThat(faults(ORDER, """
                {"id": "ord_1", "total": 12345678901234567890.01, "count": 2.0, "state": 1, "a/b~c": 3,
                 "lines": [{"sku": "ab"}], "parent": {"id": "ord_2", "lines": [1.5, 2]}}"""))
                .containsExactly(
                        "/parent/lines/0 number found, object expected",
                        "/parent/lines/1 integer found, object expected");
        assertThat(faults(ORDER, "{\"id\": \"ord_1\", \"lines\": [{}], \"state\": 1e0, \"total\": 19.99}"))
                .isEmpty();
    }

    @Test
    void data_thatDoesNotFit_isToldWithPlacesInTheProjectsWords() {
        assertThat(faults(ORDER, """
                {"id": "x", "total": 0.015, "count": 0, "state": "old", "a/b~c": 4, "lines": [{"sku": "a"}], "more": 1}"""))
                .containsExactlyInAnyOrder(
                        "/id does not match the regex pattern ^ord_[0-9]{1,9}$",
                        "/total must be multiple of 0.01",
                        "/count must have a minimum value of 1",
                        "/state does not have a value in the enumeration [\"new\", 1, null]",
                        "/a~1b~0c must have a maximum value of 3",
                        "/lines/0/sku must be at least 2 characters long",
                        "/more is not a field that the schema has");
        assertThat(faults(ORDER, "{\"lines\": []}"))
                .containsExactlyInAnyOrder("/id is required", "/lines must have at least 1 items but found 0");
        assertThat(faults(ORDER, "{\"id\": \"ord_1\", \"lines\": [{}], \"total\": 12345678901234567890.51}"))
                .containsExactly("/total must have a maximum value of 12345678901234567890.5");
        assertThat(faults(ORDER, "[]")).containsExactly(" array found, object expected");
    }

    @Test
    void unevaluatedProperties_seeWhatReferencesHaveSeen() {
        String schema = """
                {"allOf": [{"$ref": "#/$defs/base"}], "properties": {"own": true}, "unevaluatedProperties": false,
                 "$defs": {"base": {"properties": {"based": {"type": "string"}}}}}""";

        assertThat(faults(schema, "{\"own\": 1, \"based\": \"x\"}")).isEmpty();
        assertThat(faults(schema, "{\"other\": 1}")).containsExactly("/other is not a field that the schema has");
    }

    @Test
    void dynamicReferences_goWhereTheyWouldInOneDocument() {
        String tree = """
                {"$dynamicAnchor": "node", "type": "object", "properties": {
                  "children": {"type": "array", "items": {"$dynamicRef": "#node"}}, "name": {"type": "string"}}}""";

        assertThat(faults(tree, "{\"children\": [{\"children\": [{\"name\": 1}]}]}"))
                .containsExactly("/children/0/children/0/name integer found, string expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"objekt\"} | /type",
                "{\"properties\": {\"a\": {\"minLength\": \"3\"}}} | /properties/a/minLength",
                "{\"items\": [{}]} | /items",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"} | /$schema",
                "{\"properties\": {\"a\": {\"$ref\": \"https://example.org/other.json\"}}} | /properties/a/$ref",
                "{\"$ref\": \"file:///etc/passwd\"} | /$ref",
                "{\"$ref\": \"other.json#/a\"} | /$ref",
                "{\"$ref\": \"#/$defs/none\"} | /$ref",
                "{\"$ref\": \"#/properties\", \"properties\": {}} | /$ref",
                "{\"$ref\": \"#%ZZ\"} | /$ref",
                "{\"$defs\": {\"a\": {\"$id\": \"https://example.org/a\"}}} | /$defs/a/$id",
                "{\"pattern\": \"(?=a)b\"} | /pattern",
                "{\"patternProperties\": {\"(a)\\\\1\": {}}} | /patternProperties/(a)\\1",
                "{\"pattern\": \"((a{1,100}){1,100}){1,100}\"} | /pattern",
                "{\"$ref\": \"#\"} | ''",
                "{\"anyOf\": [{\"$ref\": \"#/$defs/a\"}], \"$defs\": {\"a\": {\"not\": {\"$ref\": \"#/$defs/a\"}}}} | /$defs/a",
                "{\"maximum\": 1e999999999} | /maximum",
                "[] | ''"
            })
    void schema_thatCannotBeTaken_isRefusedWithThePlace(String schema, String pointer) {
        assertThat(refusals(schema)).first().asString().startsWith(pointer + " ");
    }

    @Test
    void work_isBounded_whateverTheSchemaSays() {
        // Each level applies the next four times: 4 to the power of 12, at one place.
        StringBuilder doubling = new StringBuilder("{\"$ref\": \"#/$defs/l0\", \"$defs\": {");
        for (int level = 0; level < 12; level++) {
            String next = "{\"$ref\": \"#/$defs/l" + (level + 1) + "\"}";
            doubling.append("\"l" + level + "\": {\"allOf\": [" + String.join(",", next, next, next, next) + "]},");
        }
        doubling.append("\"l12\": {\"type\": \"object\"}}}");
        // Each level of the data doubles what is applied to the next.
        String recursive = """
                {"allOf": [{"properties": {"a": {"$ref": "#"}}}, {"additionalProperties": {"$ref": "#"}},
                 {"properties": {"a": {"$ref": "#"}}}]}""";
        String deep = "{\"a\":".repeat(60) + "1" + "}".repeat(60);
        String wide = "[" + "0,".repeat(100_000) + "0]";
        StringBuilder choices = new StringBuilder("{\"items\": {\"anyOf\": [{\"const\": 0.5}");
        for (int choice = 1; choice < 1_000; choice++) {
            choices.append(",{\"const\": " + choice + "}");
        }
        choices.append("]}}");
        String slowPattern = "{\"pattern\": \"^(.{1,100}){1,20}x$\"}";
        String spent = " takes the schema more than 300000 steps to judge";

        assertThat(faults(doubling.toString(), "{}")).containsExactly(spent);
        assertThat(faults(recursive, deep)).containsExactly(spent);
        assertThat(faults(choices.toString(), wide)).containsExactly(spent);
        assertThat(faults(slowPattern, "\"" + "a".repeat(200_000) + "\"")).containsExactly(spent);
        assertThat(faults("{\"items\": {\"type\": \"integer\"}}", wide)).isEmpty();
        StringBuilder many = new StringBuilder("{\"items\": {\"properties\": {\"a\": {}");
        for (int property = 0; property < 4_000; property++) {
            many.append(",\"p").append(property).append("\": {}");
        }
        assertThat(faults(many + "}}}", "[" + "{},".repeat(80_000) + "{}]")).containsExactly(spent);
        assertThat(faults("{\"multipleOf\": 0.1}", "1e999999999"))
                .containsExactly(" has an exponent beyond 1000, with which a schema cannot reckon");
        assertThat(faults("{\"type\": \"integer\"}", wide)).hasSize(1);
        assertThat(faults("{\"items\": {\"type\": \"string\"}}", wide)).hasSize(EventSchema.MOST_FAULTS);
        assertThat(refusals(chain(100_000))).hasSize(1);
        assertThat(refusals(chain(40))).first().asString().contains("puts more than 32 schemas upon one value");
    }

    @Test
    void uniqueItems_areTheSameWhateverTheirOrderAndTheFormOfTheirNumbers() {
        String schema = "{\"uniqueItems\": true}";

        assertThat(faults(schema, "[{\"a\": 1.0, \"b\": [2]}, 1, \"1\", {\"b\": [2], \"a\": 1}]"))
                .containsExactly(" must not have the same item twice");
        assertThat(faults(schema, "[[1, 2], [2, 1], {}, null, 0.5, \"0.5\"]")).isEmpty();
        assertThat(faults("{\"uniqueItems\": false}", "[1, 1]")).isEmpty();
    }

    private static String chain(int length) {
        StringBuilder chain = new StringBuilder("{\"$ref\": \"#/$defs/l0\", \"$defs\": {");
        for (int level = 0; level < length; level++) {
            chain.append("\"l" + level + "\": {\"$ref\": \"#/$defs/l" + (level + 1) + "\"},");
        }
        return chain.append("\"l" + length + "\": {}}}").toString();
    }

    @Test
    void patterns_areEcmaScripts_asFarAsRe2Goes() {
        assertThat(faults("{\"pattern\": \"^\\\\u0041\\\\d+$\"}", "\"A12\"")).isEmpty();
        assertThat(faults("{\"pattern\": \"b\"}", "\"abc\"")).isEmpty();
        assertThat(faults(
                        "{\"patternProperties\": {\"^x-\": {\"type\": \"string\"}}, \"additionalProperties\": false}",
                        "{\"x-a\": 1, \"y\": 2}"))
                .containsExactlyInAnyOrder(
                        "/x-a integer found, string expected", "/y is not a field that the schema has");
    }
}
