package io.longline.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.networknt.schema.AbstractJsonValidator;
import com.networknt.schema.AbstractKeyword;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.Keyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import java.util.HashSet;
import java.util.Set;

/**
 * {@code uniqueItems} over texts rather than trees: texts with one hash are told apart in order, trees one by one, which
 * whoever chooses them could make last.
 */
final class UniqueItems extends AbstractKeyword {
    /** What its faults are called. */
    static final String TYPE = "uniqueItems";

    private static final ObjectWriter SORTED = Trees.MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    UniqueItems() {
        super(SchemaPlan.UNIQUE);
    }

    @Override
    public JsonValidator newValidator(
            SchemaLocation schemaLocation,
            JsonNodePath evaluationPath,
            JsonNode schemaNode,
            JsonSchema parentSchema,
            ValidationContext validationContext) {
        return new Validator(schemaLocation, evaluationPath, this, schemaNode);
    }

    private static final class Validator extends AbstractJsonValidator {
        private final boolean wanted;

        Validator(SchemaLocation schemaLocation, JsonNodePath evaluationPath, Keyword keyword, JsonNode schemaNode) {
            super(schemaLocation, evaluationPath, keyword, schemaNode);
            wanted = schemaNode.booleanValue();
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext executionContext, JsonNode node, JsonNode rootNode, JsonNodePath instanceLocation) {
            if (!wanted || !node.isArray()) {
                return Set.of();
            }
            Budget.spend(node.size());
            Set<String> seen = new HashSet<>();
            for (JsonNode item : node) {
                if (!seen.add(text(item))) {
                    return Set.of(ValidationMessage.builder()
                            .type(TYPE)
                            .code(TYPE)
                            .instanceLocation(instanceLocation)
                            .schemaLocation(getSchemaLocation())
                            .evaluationPath(getEvaluationPath())
                            .message("must not have the same item twice")
                            .build());
                }
            }
            return Set.of();
        }

        private static String text(JsonNode item) {
            try {
                return SORTED.writeValueAsString(item);
            } catch (JsonProcessingException impossible) {
                throw new IllegalStateException("a tree has a JSON form", impossible);
            }
        }
    }
}
