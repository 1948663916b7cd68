package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Calls a server and holds each of its answers against its own contract; keeps account of what was driven. */
final class ContractDriver {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final Api api;
    private final JsonNode contract;
    private final Map<String, JsonNode> operations = new TreeMap<>();
    private final Map<String, Set<String>> driven = new TreeMap<>();

    ContractDriver(Api api) {
        this.api = api;
        this.contract = api.get("/openapi.json").json();
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue())));
    }

    JsonNode contract() {
        return contract;
    }

    /** Every operation of the contract, such as {@code GET /api/webhooks/{id}}. */
    Set<String> operations() {
        return operations.keySet();
    }

    JsonNode operation(String name) {
        return operations.get(name);
    }

    /** The statuses that an operation may answer. */
    Set<String> statuses(String operation) {
        Set<String> statuses = new TreeSet<>();
        operations.get(operation).path("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    /** The statuses with which an operation was answered so far. */
    Set<String> driven(String operation) {
        return driven.getOrDefault(operation, Set.of());
    }

    /** Calls without a body. */
    Answer call(int status, String operation, String path, String... headers) {
        return send(status, operation, path, null, headers);
    }

    /** Calls with a body of plain text. */
    Answer text(int status, String operation, String path, String text) {
        return send(status, operation, path, text, "Content-Type", "text/plain");
    }

    /** Calls with a body of any type. */
    Answer typed(int status, String operation, String path, String mediaType, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type");
        all.add(mediaType);
        return send(status, operation, path, body, all.toArray(String[]::new));
    }

    /** Calls with JSON. */
    Answer json(int status, String operation, String path, String json, String... headers) {
        return typed(status, operation, path, "application/json", json, headers);
    }

    /** Calls without a body until the answer has that status, which is to come soon. */
    Answer until(int status, String operation, String path) {
        String method = operation.substring(0, operation.indexOf(' '));
        Answer answer = api.send(method, path, null);
        for (int tries = 0; answer.status() != status && tries < 2_000; tries++) {
            answer = api.send(method, path, null);
        }
        String what = operation + " as " + path + " -> " + answer;
        assertThat(answer.status()).as(what).isEqualTo(status);
        check(operation, answer, what);
        return answer;
    }

    /** Every call has to be answered with this status, which the contract has to declare. */
    private Answer send(int status, String operation, String path, String body, String... headers) {
        assertThat(operations).containsKey(operation);
        String method = operation.substring(0, operation.indexOf(' '));
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        Answer answer = api.send(method, path, bytes, headers);
        String what = operation + " as " + path + " -> " + answer;
        assertThat(answer.status()).as(what).isEqualTo(status);
        check(operation, answer, what);
        return answer;
    }

    private void check(String operation, Answer answer, String what) {
        String status = Integer.toString(answer.status());
        driven.computeIfAbsent(operation, key -> new TreeSet<>()).add(status);
        JsonNode declared = resolve(operations.get(operation).path("responses").path(status));
        assertThat(declared.isObject())
                .as("%s is declared for %s", status, what)
                .isTrue();
        declared.path("headers").properties().forEach(header -> {
            boolean required = resolve(header.getValue()).path("required").asBoolean();
            assertThat(!required || !answer.header(header.getKey()).isEmpty())
                    .as("%s is there: %s", header.getKey(), what)
                    .isTrue();
        });
        JsonNode content = declared.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.body()).as(what).isEmpty();
            return;
        }
        String mediaType = answer.header("Content-Type");
        assertThat(content.has(mediaType))
                .as("%s is declared for %s", mediaType, what)
                .isTrue();
        if (mediaType.endsWith("json")) {
            assertThat(faults(content.path(mediaType).path("schema"), answer.json()))
                    .as(what)
                    .isEmpty();
        }
        if (mediaType.equals("application/problem+json")) {
            assertThat(answer.json().path("status").asInt()).as(what).isEqualTo(answer.status());
        }
    }

    /** What is wrong with an instance by a schema that may point into the contract. */
    Set<ValidationMessage> faults(JsonNode schema, JsonNode instance) {
        ObjectNode whole = schema.deepCopy();
        whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        // So that references, which start at the contract's root, lead somewhere.
        whole.set("components", contract.path("components"));
        SchemaValidatorsConfig strict =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(whole, strict)
                .validate(instance);
    }

    /** Follows a reference within the contract, if it is one. */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? contract.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Every place in the contract that has both a schema and examples. */
    Stream<JsonNode> exampled() {
        return contract.findParents("examples").stream().filter(parent -> parent.has("schema"));
    }
}
