package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbstractJsonValidator;
import com.networknt.schema.AbstractKeyword;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.Keyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The library that validates, set up so that it fetches nothing. Loaded with its first use. */
final class Validators {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.builder()
            .defaultMetaSchemaIri(SchemaId.V202012)
            .metaSchema(JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                    .keyword(new Step())
                    .keyword(new UniqueItems())
                    .build())
            .schemaLoaders(loaders -> loaders.values(List::clear).add(DisallowSchemaLoader.getInstance()))
            .enableSchemaCache(false)
            .build();

    /**
     * The library has the meta-schema's documents in itself. They lead back to themselves: with what their references lead to
     * kept, every schema of another shape would leave something behind for good.
     */
    private static final JsonSchema META = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                    SchemaLocation.of(SchemaId.V202012),
                    config().cacheRefs(false).build());

    private Validators() {}

    /** What schemas themselves are judged by. */
    static JsonSchema metaSchema() {
        return META;
    }

    /** A validator of a planned schema. */
    static JsonSchema of(SchemaPlan.Planned planned) {
        SchemaValidatorsConfig config = config().regularExpressionFactory(new Expressions())
                .cacheRefs(planned.keepsReferences())
                .build();
        return FACTORY.getSchema(planned.schema(), config);
    }

    private static SchemaValidatorsConfig.Builder config() {
        return SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .formatAssertionsEnabled(false)
                .preloadJsonSchema(false);
    }

    /** Counts how often schemas are applied. */
    private static final class Step extends AbstractKeyword {
        Step() {
            super(SchemaPlan.STEP);
        }

        @Override
        public JsonValidator newValidator(
                SchemaLocation schemaLocation,
                JsonNodePath evaluationPath,
                JsonNode schemaNode,
                JsonSchema parentSchema,
                ValidationContext validationContext) {
            return new Counter(schemaLocation, evaluationPath, this, schemaNode);
        }
    }

    private static final class Counter extends AbstractJsonValidator {
        private final int steps;

        Counter(SchemaLocation schemaLocation, JsonNodePath evaluationPath, Keyword keyword, JsonNode schemaNode) {
            super(schemaLocation, evaluationPath, keyword, schemaNode);
            steps = schemaNode.intValue();
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext executionContext, JsonNode node, JsonNode rootNode, JsonNodePath instanceLocation) {
            Budget.spend(steps);
            return Set.of();
        }
    }
}
