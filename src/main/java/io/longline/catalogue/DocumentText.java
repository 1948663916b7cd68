package io.longline.catalogue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.longline.bus.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;

/** Documents in YAML or JSON, as trees. Aliases, by which a small text can stand for an endless one, are not taken. */
final class DocumentText {
    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(200)
            .maxNumberLength(1_000)
            .build();
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(BOUNDS)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final YAMLFactory YAML_TEXT = YAMLFactory.builder()
            .loaderOptions(loaderOptions())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(BOUNDS)
            .build();
    private static final ObjectMapper YAML = YAMLMapper.builder(YAML_TEXT)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private DocumentText() {}

    private static LoaderOptions loaderOptions() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(EventTypeDocument.MOST_BYTES);
        options.setNestingDepthLimit(200);
        return options;
    }

    /** Reads a document. */
    static JsonNode read(byte[] document) throws FaultyException {
        Optional<String> encoding = JsonText.encodingFault(document);
        if (encoding.isPresent() && encoding.get().contains("UTF-8")) {
            throw new FaultyException("", "is not a text in UTF-8");
        }
        boolean json = new String(document, 0, Math.min(document.length, 1_000), StandardCharsets.UTF_8)
                .stripLeading()
                .startsWith("{");
        try {
            if (!json) {
                refuseAliases(document);
            }
            JsonNode tree = (json ? JSON : YAML).readTree(document);
            if (tree == null || !tree.isObject()) {
                throw new FaultyException("", "is neither an OpenAPI nor an AsyncAPI document");
            }
            return tree;
        } catch (IOException | NumberFormatException malformed) {
            throw new FaultyException("", "is not valid " + (json ? "JSON" : "YAML") + where(malformed));
        }
    }

    private static void refuseAliases(byte[] document) throws IOException, FaultyException {
        try (YAMLParser parser = YAML_TEXT.createParser(document)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (parser.isCurrentAlias()) {
                    throw new FaultyException("", "has a YAML alias, which is not taken" + where(parser));
                }
            }
        }
    }

    private static String where(JsonParser parser) {
        return " (line " + parser.currentTokenLocation().getLineNr() + ")";
    }

    private static String where(Exception malformed) {
        return malformed instanceof JsonProcessingException parse && parse.getLocation() != null
                ? " (line " + parse.getLocation().getLineNr() + ", column "
                        + parse.getLocation().getColumnNr() + ")"
                : "";
    }
}
