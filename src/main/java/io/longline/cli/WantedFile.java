package io.longline.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads the YAML file of an apply. Size and depth are bounded, no key may be there twice, and aliases are refused, which a
 * few lines could blow up to any size. A secret, or the value of a header, may stand elsewhere: {@code {env: NAME}} or
 * {@code {file: PATH}}.
 */
final class WantedFile {
    private static final int LARGEST = 8 * 1_048_576;
    private static final int DEEPEST = 32;
    private static final int LONGEST_SECRET = 10_000;
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .loaderOptions(options())
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final Path file;
    private final Map<String, String> environment;

    WantedFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setAllowDuplicateKeys(false);
        return options;
    }

    /** The file as the server takes it, with every secret in its place. */
    ObjectNode read() {
        byte[] text = bytes();
        try {
            refuseAliases(text);
            JsonNode node = YAML.readTree(text);
            if (!(node instanceof ObjectNode wanted)) {
                throw fault("must have webhooks:, sources: or event_types: at its outermost level");
            }
            for (String list : List.of("webhooks", "sources")) {
                int index = 0;
                for (JsonNode each : wanted.path(list)) {
                    resolve(list + "[" + index++ + "]", each);
                }
            }
            return wanted;
        } catch (JsonProcessingException malformed) {
            JsonLocation at = malformed.getLocation();
            throw fault("is not valid YAML" + (at == null ? "" : " (line " + at.getLineNr() + ")")
                    + ", or has a key twice, or goes deeper than " + DEEPEST + " levels");
        } catch (IOException impossible) {
            throw fault("cannot be read");
        }
    }

    private byte[] bytes() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(LARGEST + 1);
            if (text.length > LARGEST) {
                throw fault("has more than " + LARGEST + " bytes");
            }
            return text;
        } catch (IOException unreadable) {
            throw fault("cannot be read");
        }
    }

    private void refuseAliases(byte[] text) throws IOException {
        try (JsonParser parser = YAML.getFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
                    throw fault("has an alias (line "
                            + parser.currentTokenLocation().getLineNr() + "), which is not taken: write it out");
                }
            }
        }
    }

    private void resolve(String place, JsonNode each) {
        if (!(each instanceof ObjectNode fields)) {
            return;
        }
        if (fields.path("secret").isObject()) {
            fields.put("secret", elsewhere(place + " secret", fields.path("secret")));
        }
        if (fields.path("headers") instanceof ObjectNode headers) {
            headers.properties().forEach(header -> {
                if (header.getValue().isObject()) {
                    headers.put(header.getKey(), elsewhere(place + " headers." + header.getKey(), header.getValue()));
                }
            });
        }
    }

    private String elsewhere(String place, JsonNode where) {
        JsonNode env = where.path("env");
        JsonNode path = where.path("file");
        if (where.size() != 1 || !(env.isTextual() || path.isTextual())) {
            throw fault(place + " must be text, {env: NAME} or {file: PATH}");
        }
        if (env.isTextual()) {
            String value = environment.get(env.textValue());
            if (value == null || value.isEmpty()) {
                throw fault(place + ": the environment has no " + Table.clean(env.textValue()));
            }
            return value;
        }
        try (InputStream in = Files.newInputStream(file.resolveSibling(path.textValue()))) {
            byte[] secret = in.readNBytes(LONGEST_SECRET);
            return new String(secret, StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw fault(place + ": the file " + Table.clean(path.textValue()) + " cannot be read");
        }
    }

    private CommandFailure fault(String what) {
        return CommandFailure.failed(file + " " + what);
    }
}
