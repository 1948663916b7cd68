package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue of event types, and what it makes of the events that come in. */
class EventTypesTest {
    private static final String ACME = "llk_acme";
    private static final String GLOBEX = "llk_globex";
    private static final String ADMIN = "llk_admin";
    private static final String[] KEYS = {
        "auth.mode",
        "keys",
        "auth.keys",
        KeySecret.hashText(ADMIN) + ",tenant:acme=" + KeySecret.hashText(ACME) + ",tenant:globex="
                + KeySecret.hashText(GLOBEX)
    };
    private static final String ORDER = """
            {"description": "A customer has placed an order.", "validate": true, "example": {"id": "a", "total": 1.10},
             "schema": {"type": "object", "required": ["id"], "additionalProperties": false,
               "properties": {"id": {"$ref": "#/$defs/id"}, "total": {"type": "number", "multipleOf": 0.01}},
               "$defs": {"id": {"type": "string", "pattern": "^[a-z]+$"}}}}""";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(KEYS);

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api acme() {
        return SERVER.api().as(ACME);
    }

    private static Answer put(Api api, String name, String json) {
        return api.send(
                "PUT",
                "/api/event-types/" + name,
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    private static Answer trigger(Api api, String name, String data) {
        return api.post("/api/events/trigger", "{\"event\":\"" + name + "\",\"data\":" + data + "}");
    }

    private static List<String> errors(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
        List<String> errors = new ArrayList<>();
        answer.json()
                .path("errors")
                .forEach(error -> errors.add(error.path("pointer").asText() + " "
                        + error.path("detail").asText()));
        return errors;
    }

    @Test
    void eventType_isRegisteredReadChangedArchivedAndBroughtBack() {
        Answer made = put(acme(), "shop.order", ORDER);
        Answer again = put(acme(), "shop.order", ORDER);
        Answer changed = put(acme(), "shop.order", "{\"description\": \"Other.\", \"tenant\": \"acme\"}");
        Answer builtIn = put(acme(), "data.created", "{\"example\": {\"id\": 1e400}}");
        Answer archived = acme().delete("/api/event-types/shop.order");
        Answer read = acme().get("/api/event-types/shop.order");

        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/api/event-types/shop.order");
        assertThat(made.json().path("tenant").asText()).isEqualTo("acme");
        assertThat(made.text()).contains("\"total\":1.10").contains("\"multipleOf\":0.01");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(made.text());
        assertThat(changed.json().path("schema").isNull()).isTrue();
        assertThat(changed.json().path("validate").asBoolean()).isFalse();
        assertThat(builtIn.json().path("built_in").asBoolean()).isTrue();
        assertThat(builtIn.json().path("description").asText()).isEqualTo("A record was created.");
        assertThat(archived.status()).isEqualTo(204);
        assertThat(acme().delete("/api/event-types/shop.order").status()).isEqualTo(204);
        assertThat(read.json().path("archived_at").isTextual()).isTrue();
        assertThat(names(acme().get("/api/events?limit=500"))).doesNotContain("shop.order");
        assertThat(names(acme().get("/api/events?limit=500&archived=true"))).contains("shop.order");
        assertThat(put(acme(), "shop.order", ORDER).json().path("archived_at").isNull())
                .isTrue();
        assertThat(names(acme().get("/api/events?limit=500"))).contains("shop.order");
        assertThat(SERVER.api()
                        .as(ADMIN)
                        .get("/api/audit?subject=shop.order&tenant=acme")
                        .each("action"))
                .containsExactly("event_type.update", "event_type.archive", "event_type.update", "event_type.create");
    }

    private static List<String> names(Answer list) {
        return list.each("name");
    }

    @Test
    void s12_anotherTenantsEventType_isNotThere() {
        put(acme(), "wall.order", ORDER);
        Api globex = SERVER.api().as(GLOBEX);

        assertThat(globex.get("/api/event-types/wall.order").status()).isEqualTo(404);
        assertThat(globex.get("/api/event-types/wall.order?tenant=acme").status())
                .isEqualTo(404);
        assertThat(globex.delete("/api/event-types/wall.order?tenant=acme").status())
                .isEqualTo(404);
        assertThat(names(globex.get("/api/events?limit=500"))).doesNotContain("wall.order");
        assertThat(globex.get("/api/asyncapi?tenant=acme").text()).doesNotContain("wall.order");
        assertThat(put(globex, "wall.order", "{\"tenant\": \"acme\"}").status()).isEqualTo(403);
        assertThat(trigger(globex, "wall.order", "7").status()).isEqualTo(202);
        assertThat(put(globex, "wall.order", "{}").status()).isEqualTo(201);
        Answer ofAll = SERVER.api().as(ADMIN).get("/api/event-types/wall.order?tenant=globex");
        assertThat(ofAll.json().path("schema").isNull()).isTrue();
        assertThat(SERVER.api()
                        .as(ADMIN)
                        .get("/api/event-types/wall.order")
                        .json()
                        .path("tenant")
                        .asText())
                .isEqualTo("acme");
    }

    @Test
    void eventType_thatDoesNotGoTogether_isRefusedWithThePlaces() {
        assertThat(errors(put(acme(), "bad.a", "{\"validate\": true, \"schema\": true, \"color\": 1}")))
                .containsExactlyInAnyOrder(
                        "/schema must be a JSON Schema that is an object, or null",
                        "/color is not a field of this request");
        assertThat(errors(put(acme(), "bad.a", "{\"validate\": true}")))
                .containsExactly("/validate must be false without a schema");
        assertThat(errors(put(acme(), "system.error", "{\"validate\": true, \"schema\": {}}")))
                .containsExactly("/validate must be false for events that Longline raises itself");
        assertThat(errors(put(acme(), "bad.a", "{\"schema\": {\"properties\": {\"a\": {\"type\": \"text\"}}}}")))
                .allMatch(error -> error.startsWith("/schema/properties/a/type "));
        assertThat(errors(put(acme(), "bad.a", "{\"schema\": {\"type\": \"object\"}, \"example\": 1}")))
                .containsExactly("/example integer found, object expected, by the schema given");
        assertThat(errors(put(acme(), "bad.a", "{\"example\": \"" + "x".repeat(70_000) + "\"}")))
                .containsExactly("/example must have at most 65536 bytes without white space");
        assertThat(put(acme(), "bad.*", "{}").status()).isEqualTo(400);
        assertThat(acme().get("/api/event-types/bad.a").status()).isEqualTo(404);
    }

    @Test
    void data_thatDoesNotFit_isRefusedHoweverItComes_fromTheVeryNextEventOn() {
        String early = "{\"event\":\"judged.order\",\"data\":{\"id\":1}}";
        Answer first = acme().post("/api/events/trigger", early, "Idempotency-Key", "early");
        put(acme(), "judged.order", ORDER);
        assertThat(acme().post("/api/events/trigger", early, "Idempotency-Key", "early")
                        .text())
                .as("a repeated call gets its first answer, whatever the schema has become")
                .isEqualTo(first.text())
                .contains("evt_");
        assertThat(errors(acme().post("/api/events/trigger", early, "Idempotency-Key", "late")))
                .hasSize(1);

        assertThat(errors(trigger(acme(), "judged.order", "{\"id\": 1, \"b/c\": 2, \"total\": 0.001}")))
                .containsExactlyInAnyOrder(
                        "/data/id integer found, string expected",
                        "/data/b~1c is not a field that the schema has",
                        "/data/total must be multiple of 0.01");
        assertThat(errors(trigger(acme(), "judged.order", "null"))).hasSize(1);
        assertThat(trigger(acme(), "judged.order", "{\"id\": \"a\", \"total\": 1e2}")
                        .status())
                .isEqualTo(202);
        assertThat(errors(acme().post(
                                "/api/events/batch",
                                "[{\"event\":\"free\",\"data\":1},{\"event\":\"judged.order\",\"data\":{}}]")))
                .containsExactly("/1/data/id is required");
        assertThat(errors(acme().send(
                                "POST",
                                "/api/events/batch",
                                "{\"event\":\"free\",\"data\":1}\n\n{\"event\":\"judged.order\",\"data\":{}}\n"
                                        .getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/x-ndjson")))
                .containsExactly("/1/data/id is required");
        assertThat(acme().get("/api/events/recent?event=free").each("id")).isEmpty();
        acme().post(
                        "/api/sources",
                        "{\"name\":\"judged\",\"kind\":\"token\",\"secret\":\"12345678\",\"header\":\"X-Token\","
                                + "\"event_prefix\":\"judged\",\"event_header\":\"X-Event\"}");
        assertThat(errors(SERVER.api().post("/in/judged", "{\"id\":\"A\"}", "X-Token", "12345678", "X-Event", "order")))
                .containsExactly("/data/id does not match the regex pattern ^[a-z]+$");

        acme().delete("/api/event-types/judged.order");
        assertThat(trigger(acme(), "judged.order", "{\"id\": 1}").status()).isEqualTo(202);
    }

    @Test
    void changesAndEvents_atTheSameTime_haveOneOrder() {
        for (int round = 0; round < 10; round++) {
            String type = "{\"validate\": true, \"schema\": {\"const\": " + round + "}}";
            List<CompletableFuture<Answer>> others = new ArrayList<>();
            for (int other = 0; other < 3; other++) {
                others.add(
                        acme().postAsync("/api/events/trigger", "{\"event\":\"race.x\",\"data\":" + (round - 1) + "}"));
            }
            Answer saved = put(acme(), "race.x", type);
            Answer old = trigger(acme(), "race.x", Integer.toString(round - 1));
            Answer fresh = trigger(acme(), "race.x", Integer.toString(round));

            assertThat(saved.status() / 100).as(saved.toString()).isEqualTo(2);
            assertThat(errors(old)).hasSize(1);
            assertThat(fresh.status()).isEqualTo(202);
            others.forEach(each -> assertThat(each.join().status()).isIn(202, 422));
        }
    }

    @Test
    void document_isTakenInAsAWholeOrNotAtAll_andGivenBack() {
        String good = """
                openapi: 3.1.0
                webhooks:
                  import.a: {post: {description: A., requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}
                  import.b: {post: {}}
                components: {schemas: {A: {type: object, required: [id]}}}
                """;
        String bad = good.replace("import.b: {post: {}}", "import.b: {get: {}}");

        assertThat(errors(load(acme(), "", bad))).containsExactly("/webhooks/import.b has no operation post");
        assertThat(acme().get("/api/event-types/import.a").status()).isEqualTo(404);
        Answer dry = load(acme(), "?dry_run=true", good);
        assertThat(dry.json().path("created").asInt()).as(dry.toString()).isEqualTo(2);
        assertThat(acme().get("/api/event-types/import.a").status()).isEqualTo(404);
        assertThat(load(acme(), "", good).each("result")).containsExactly("created", "created");
        put(
                acme(),
                "import.a",
                "{\"description\":\"A.\",\"validate\":true,\"schema\":{\"type\":\"object\",\"required\":[\"id\"]}}");
        acme().delete("/api/event-types/import.b");
        assertThat(load(acme(), "?tenant=acme", good).each("result")).containsExactly("unchanged", "changed");
        assertThat(errors(trigger(acme(), "import.a", "{}"))).containsExactly("/data/id is required");
        assertThat(load(acme(), "?tenant=globex", good).status()).isEqualTo(403);

        Answer document = acme().get("/api/asyncapi");
        Answer yaml = acme().get("/api/asyncapi", "Accept", "application/yaml");
        JsonNode data = document.json().at("/components/messages/import.a/payload/properties/data");
        assertThat(data.path("required").path(0).asText()).as(document.text()).isEqualTo("id");
        assertThat(yaml.header("Content-Type")).isEqualTo("application/yaml");
        Answer reread = load(acme(), "", yaml.text());
        assertThat(reread.json().path("unchanged").asInt())
                .as(reread.toString())
                .isEqualTo(document.json().path("channels").size());
        Answer elsewhere = load(SERVER.api().as(ADMIN), "?tenant=copy", yaml.text());
        assertThat(elsewhere.json().path("created").asInt())
                .isEqualTo(reread.each("name").size());
        assertThat(trigger(SERVER.api().as(ADMIN), "import.a\",\"tenant\":\"copy", "{}")
                        .status())
                .isEqualTo(422);
    }

    private static Answer load(Api api, String query, String yaml) {
        return api.send(
                "POST",
                "/api/event-types/import" + query,
                yaml.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/yaml");
    }

    @Test
    void list_isPagedOverBuiltInRegisteredAndSeenOnes_andOfBoundedSize() {
        Api admin = SERVER.api().as(ADMIN);
        String large = "{\"tenant\":\"pages\",\"example\":\"" + "x".repeat(65_000) + "\"}";
        List<String> expected = new ArrayList<>();
        for (int number = 10; number < 55; number++) {
            String name = "page." + number;
            expected.add(name);
            if (number % 9 == 0) {
                trigger(admin, name + "\",\"tenant\":\"pages", "1");
            } else {
                put(admin, name, large);
            }
        }

        List<String> read = new ArrayList<>();
        int pages = 0;
        String cursor = "";
        do {
            Answer page = admin.get("/api/events?tenant=pages&limit=500" + cursor);
            read.addAll(names(page));
            assertThat(page.body().length).isLessThan(3_000_000);
            JsonNode next = page.json().path("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + next.asText();
            pages++;
        } while (!cursor.isEmpty());

        assertThat(read.subList(12, read.size())).isEqualTo(expected);
        assertThat(pages).isEqualTo(2);
    }

    @Test
    void tenant_hasAsManyEventTypesAsItMay_andNoMore() {
        Api admin = SERVER.api().as(ADMIN);
        StringBuilder webhooks = new StringBuilder("{\"openapi\":\"3.1.0\",\"webhooks\":{");
        for (int number = 0; number < 1_000; number++) {
            webhooks.append(number == 0 ? "" : ",")
                    .append("\"full.")
                    .append(number)
                    .append("\":{\"post\":{}}");
        }

        Answer full = load(admin, "?tenant=full", webhooks + "}}");
        Answer more = put(admin, "full.more", "{\"tenant\":\"full\"}");
        Answer again = put(admin, "full.1", "{\"tenant\":\"full\",\"description\":\"Once more.\"}");
        Answer tooMany = load(admin, "?tenant=many", webhooks + ",\"full.more\":{\"post\":{}}}}");

        assertThat(full.json().path("created").asInt()).as(full.toString()).isEqualTo(1_000);
        assertThat(more.status()).isEqualTo(409);
        assertThat(again.status()).isEqualTo(200);
        assertThat(errors(tooMany)).containsExactly(" describes more than 1000 event types");
    }

    @Test
    void rules_areKeptThroughARestart(@TempDir Path folder) {
        try (RunningServer first = RunningServer.start(folder)) {
            put(first.api(), "kept.a", ORDER);
        }
        try (RunningServer second = RunningServer.start(folder)) {
            assertThat(errors(trigger(second.api(), "kept.a", "{}"))).containsExactly("/data/id is required");
        }
    }
}
