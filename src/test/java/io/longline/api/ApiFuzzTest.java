package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.testing.Answer;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls every operation of the contract with what its schemas allow, and with what they do not, at random: whatever comes,
 * the answer is one that the contract declares, never a fault of the server's and never nothing.
 */
class ApiFuzzTest {
    private static final int ROUNDS = 25;

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "delivery.deny", "0.0.0.0/0,::/0", "circuit.enabled", "false", "delivery.connect_seconds", "1");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyCall_isAnsweredAsTheContractSays(long seed) {
        ContractDriver driver = new ContractDriver(SERVER.api());
        Generator generator = new Generator(new Random(seed), driver);
        for (int round = 0; round < ROUNDS; round++) {
            for (String operation : driver.operations()) {
                if (operation.startsWith("POST /_receiver")) {
                    // It answers whatever it is asked to.
                    continue;
                }
                JsonNode described = driver.operation(operation);
                String method = operation.substring(0, operation.indexOf(' '));
                String path = generator.path(operation.substring(operation.indexOf(' ') + 1), described);
                JsonNode schema = described.at("/requestBody/content/application~1json/schema");
                byte[] body = schema.isMissingNode() ? null : generator.body(schema);

                Answer answer = body == null
                        ? SERVER.api().send(method, path, null)
                        : SERVER.api().send(method, path, body, "Content-Type", "application/json");

                String what = "seed " + seed + ": " + method + " " + path + " "
                        + (body == null ? "" : new String(body, StandardCharsets.UTF_8)) + " -> " + answer;
                assertThat(answer.status()).as(what).isLessThan(500);
                assertThat(driver.statuses(operation)).as(what).contains(Integer.toString(answer.status()));
                assertThat(answer.text()).as(what).doesNotContain("Exception", "\tat ", "io.longline");
                generator.learn(answer);
            }
        }
        assertThat(SERVER.api().get("/health/ready").status()).isEqualTo(200);
    }

    /** Makes paths, queries and bodies. */
    private static final class Generator {
        private static final List<String> ODD_TEXTS = List.of(
                "",
                " ",
                "null",
                "*",
                "a.*",
                "../../etc/passwd",
                "<script>alert(1)</script>",
                "'; DROP TABLE webhooks; --",
                "\u0000",
                "\u202e",
                "😀",
                "ünï",
                "http://a@127.0.0.1/",
                "http://[::1]/",
                "https://hooks.example.com/x",
                "2026-01-31T12:00:00Z",
                "9999-12-31T23:59:60Z",
                "-1",
                "1e400",
                "wh_01kg72ych0evrs77abdajvsnwh",
                "sealed:1:00000000:AAAA",
                "whsec_AAAA",
                "admin",
                "tenant:acme",
                "x".repeat(300));

        private final Random chance;
        private final ContractDriver driver;
        private final List<String> ids = new ArrayList<>(List.of("nothing"));

        Generator(Random chance, ContractDriver driver) {
            this.chance = chance;
            this.driver = driver;
        }

        /** Identifiers that were answered serve in later paths. */
        void learn(Answer answer) {
            if (answer.status() / 100 == 2 && answer.header("Content-Type").equals("application/json")) {
                String id = answer.json().path("id").asText();
                if (!id.isEmpty() && ids.size() < 500) {
                    ids.add(id);
                }
            }
        }

        String path(String template, JsonNode described) {
            StringBuilder path = new StringBuilder(template.replaceAll("\\{[a-z]+}", encoded(pathText())));
            String separator = "?";
            for (JsonNode given : described.path("parameters")) {
                JsonNode parameter = driver.resolve(given);
                if (parameter.path("in").asText().equals("query") && chance.nextInt(3) == 0) {
                    path.append(separator)
                            .append(parameter.path("name").asText())
                            .append('=')
                            .append(encoded(chance.nextBoolean() ? oddText() : valueText(parameter.path("schema"))));
                    separator = "&";
                }
            }
            return path.toString();
        }

        private String pathText() {
            String text = chance.nextInt(4) == 0 ? oddText() : ids.get(chance.nextInt(ids.size()));
            return text.isEmpty() || text.equals(" ") || text.contains("\u0000") ? "x" : text;
        }

        private String valueText(JsonNode schema) {
            JsonNode value = value(schema, 0);
            return value.isValueNode() ? value.asText() : value.toString();
        }

        byte[] body(JsonNode schema) {
            byte[] whole = value(schema, 0).toString().getBytes(StandardCharsets.UTF_8);
            return switch (chance.nextInt(8)) {
                case 0 -> new byte[0];
                case 1 -> broken(whole);
                case 2 -> Arrays.copyOf(whole, chance.nextInt(whole.length + 1));
                case 3 -> ("[".repeat(chance.nextInt(200)) + "1").getBytes(StandardCharsets.UTF_8);
                default -> whole;
            };
        }

        private byte[] broken(byte[] whole) {
            byte[] broken = whole.clone();
            for (int count = 1 + chance.nextInt(3); count > 0 && broken.length > 0; count--) {
                broken[chance.nextInt(broken.length)] = (byte) chance.nextInt(256);
            }
            return broken;
        }

        private JsonNode value(JsonNode given, int depth) {
            JsonNode schema = driver.resolve(given);
            if (chance.nextInt(12) == 0 || depth > 5) {
                return anything();
            }
            for (String several : List.of("anyOf", "oneOf")) {
                if (schema.has(several)) {
                    JsonNode choices = schema.path(several);
                    return value(choices.get(chance.nextInt(choices.size())), depth + 1);
                }
            }
            if (schema.has("enum")) {
                return schema.path("enum")
                        .get(chance.nextInt(schema.path("enum").size()));
            }
            JsonNode type = schema.path("type");
            String name = type.isArray() ? type.get(chance.nextInt(type.size())).asText() : type.asText();
            return switch (name) {
                case "object" -> object(schema, depth);
                case "array" -> {
                    var array = Json.object().arrayNode();
                    for (int count = chance.nextInt(4); count > 0; count--) {
                        array.add(value(schema.path("items"), depth + 1));
                    }
                    yield array;
                }
                case "integer", "number" -> Json.object().numberNode(number(schema));
                case "boolean" -> Json.object().booleanNode(chance.nextBoolean());
                case "string" -> Json.object().textNode(text(schema));
                case "null" -> Json.object().nullNode();
                default -> schema.has("properties") || schema.has("allOf") ? object(schema, depth) : anything();
            };
        }

        private ObjectNode object(JsonNode schema, int depth) {
            ObjectNode object = Json.object();
            for (JsonNode part : schema.path("allOf")) {
                if (value(part, depth + 1) instanceof ObjectNode inherited) {
                    object.setAll(inherited);
                }
            }
            List<String> required = new ArrayList<>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            schema.path("properties").properties().forEach(property -> {
                boolean there = required.contains(property.getKey()) ? chance.nextInt(10) > 0 : chance.nextInt(3) == 0;
                if (there) {
                    object.set(property.getKey(), value(property.getValue(), depth + 1));
                }
            });
            if (chance.nextInt(10) == 0) {
                object.set(oddText(), anything());
            }
            return object;
        }

        private long number(JsonNode schema) {
            long least = schema.path("minimum").asLong(-5);
            long most = schema.path("maximum").asLong(1_000);
            return switch (chance.nextInt(5)) {
                case 0 -> least - 1;
                case 1 -> most + 1;
                case 2 -> Long.MAX_VALUE;
                default -> least + chance.nextInt((int) Math.min(1_000, most - least + 1));
            };
        }

        private String text(JsonNode schema) {
            JsonNode examples = schema.path("examples");
            JsonNode example = schema.has("example") ? schema.path("example") : examples.path(0);
            return chance.nextBoolean() && example.isTextual() ? example.asText() : oddText();
        }

        private JsonNode anything() {
            return switch (chance.nextInt(6)) {
                case 0 -> Json.object().nullNode();
                case 1 -> Json.object().numberNode(chance.nextDouble() * 1e300);
                case 2 -> Json.object().booleanNode(true);
                case 3 -> Json.object().arrayNode().add(1).add("a");
                case 4 -> Json.object().put(oddText(), oddText());
                default -> Json.object().textNode(oddText());
            };
        }

        private String oddText() {
            return ODD_TEXTS.get(chance.nextInt(ODD_TEXTS.size()));
        }

        private static String encoded(String text) {
            StringBuilder encoded = new StringBuilder();
            for (byte part : text.getBytes(StandardCharsets.UTF_8)) {
                boolean plain = Character.isLetterOrDigit(part) || part == '_' || part == '-';
                encoded.append(plain ? String.valueOf((char) part) : String.format(Locale.ROOT, "%%%02X", part));
            }
            return encoded.toString();
        }
    }
}
