package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files in and out, and the state that is wanted: all of it or nothing, again and again. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExchangeTest {
    private static final String OPERATOR = "llk_operator";
    private static final String ACME = "llk_acme";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String[] SETTINGS = {
        "auth.mode",
        "keys",
        "auth.keys",
        KeySecret.hashText(OPERATOR) + ",tenant:acme=" + KeySecret.hashText(ACME),
        "secrets.master_key",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    };

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(SETTINGS);

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    @TempDir
    Path folder;

    private final Api api = SERVER.api().as(OPERATOR);
    private final Api acme = SERVER.api().as(ACME);

    private static Answer csv(Api api, String query, String text) {
        return api.send(
                "POST", "/api/import" + query, text.getBytes(StandardCharsets.UTF_8), "Content-Type", "text/csv");
    }

    private static void assertCounts(Answer answer, String kind, int created, int changed, int unchanged, int deleted) {
        JsonNode counts = answer.json().path(kind);
        assertThat(List.of(
                        counts.path("created").asInt(-1),
                        counts.path("changed").asInt(-1),
                        counts.path("unchanged").asInt(-1),
                        counts.path("deleted").asInt(-1)))
                .as(answer.text())
                .containsExactly(created, changed, unchanged, deleted);
    }

    private int webhooks(String tenant) {
        return api.get("/api/webhooks?limit=500&tenant=" + tenant)
                .json()
                .path("data")
                .size();
    }

    private static String apply(boolean dryRun, boolean prune, String more, String... webhooks) {
        return "{\"name\":\"shop\",\"tenant\":\"shop\",\"dry_run\":" + dryRun + ",\"prune\":" + prune + more
                + ",\"webhooks\":[" + String.join(",", webhooks) + "]}";
    }

    private static String wanted(String key, String more) {
        return "{\"key\":\"" + key + "\",\"url\":\"http://localhost:1/" + key + "\",\"events\":[\"shop.*\"]" + more
                + "}";
    }

    @Test
    @Order(1)
    void csv_isTakenOnce_andOnceMoreChangesNothing() {
        String file = "url,events,secret,metadata.team\n" + RECEIVER.url("/a") + ",csv.*," + SECRET + ",blue\n"
                + RECEIVER.url("/b") + ",csv.made;other,,\n";

        Answer dry = csv(api, "?dry_run=true&tenant=table", file);
        int before = webhooks("table");
        Answer made = csv(api, "?tenant=table", file);
        Answer again = csv(api, "?tenant=table", file);
        api.post("/api/events/trigger", "{\"event\":\"csv.made\",\"data\":1,\"tenant\":\"table\"}");

        assertCounts(dry, "webhooks", 2, 0, 0, 0);
        assertThat(before).isZero();
        assertThat(dry.text()).doesNotContain("whsec_");
        assertCounts(made, "webhooks", 2, 0, 0, 0);
        assertThat(made.json().path("format").asText()).isEqualTo("csv");
        assertThat(made.text()).doesNotContain(SECRET);
        assertThat(made.json().at("/items/1/secret").asText()).startsWith("whsec_");
        assertCounts(again, "webhooks", 0, 0, 2, 0);
        assertThat(again.text()).doesNotContain("whsec_");
        assertThat(webhooks("table")).isEqualTo(2);
        // E3: the very next event reaches them.
        RECEIVER.await("/a", 1);
        RECEIVER.await("/b", 1);
        assertThat(api.get("/api/audit?action=webhook.create&tenant=table").text())
                .contains("import of csv")
                .doesNotContain("whsec_");
    }

    @Test
    @Order(1)
    void csv_withAFaultInRow900_makesNoneOfThe899Before_andNamesRowAndField() {
        StringBuilder file = new StringBuilder("url,events,secret\n");
        for (int row = 2; row <= 1_000; row++) {
            file.append(row == 900 ? "ftp://user:secret-in-row@x/" : "http://localhost:1/" + row)
                    .append(",a,a-secret-of-a-row\n");
        }

        Answer refused = csv(api, "?tenant=faulty", file.toString());

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("detail").asText())
                .startsWith("row 900, url ")
                .endsWith("nothing was made");
        assertThat(refused.json().at("/errors/0/pointer").asText()).isEqualTo("/rows/900/url");
        assertThat(refused.text()).doesNotContain("secret-in-row", "a-secret");
        assertThat(webhooks("faulty")).isZero();
    }

    @Test
    @Order(1)
    void apply_makesChangesAndDeletes_whatItMadeItself() {
        Answer byHand = api.post(
                "/api/webhooks", "{\"url\":\"http://localhost:1/hand\",\"events\":[\"*\"],\"tenant\":\"shop\"}");
        String headers = ",\"retry_count\":5,\"headers\":{\"X-A\":\"secret-value\"}";
        Answer dry = api.post("/api/apply", apply(true, false, "", wanted("a", headers), wanted("b", "")));
        String plan = ",\"plan\":\"" + dry.json().path("plan").asText() + "\"";

        Answer made = api.post("/api/apply", apply(false, false, plan, wanted("a", headers), wanted("b", "")));
        Answer again = api.post("/api/apply", apply(false, true, "", wanted("a", headers), wanted("b", "")));
        String id = made.json().at("/items/0/id").asText();
        JsonNode stored = api.get("/api/webhooks/" + id).json();
        api.patch("/api/webhooks/" + id, "{\"paused\":true,\"description\":\"by hand\"}");
        Answer changed = api.post("/api/apply", apply(true, true, "", wanted("a", ",\"secret\":\"another-secret\"")));
        String stale = ",\"plan\":\"" + changed.json().path("plan").asText() + "\"";
        api.patch("/api/webhooks/" + id, "{\"description\":\"in between\"}");
        Answer conflict =
                api.post("/api/apply", apply(false, true, stale, wanted("a", ",\"secret\":\"another-secret\"")));
        Answer pruned = api.post("/api/apply", apply(false, true, "", wanted("a", "")));

        assertCounts(dry, "webhooks", 2, 0, 0, 0);
        assertCounts(made, "webhooks", 2, 0, 0, 0);
        assertThat(made.json().at("/items/0/secret").asText()).startsWith("whsec_");
        assertThat(made.text()).doesNotContain("secret-value");
        assertCounts(again, "webhooks", 0, 0, 2, 0);
        assertThat(stored.at("/metadata/longline_key").asText()).isEqualTo("apply:shop/a");
        assertThat(stored.path("retry_count").asInt()).isEqualTo(5);
        assertCounts(changed, "webhooks", 0, 1, 0, 1);
        assertThat(changed.json().at("/items/0/changes").toString())
                .contains("by hand", "retry_count", "headers", "\"secret\"")
                .doesNotContain("secret-value", "another-secret", "paused");
        assertThat(conflict.status()).isEqualTo(409);
        assertCounts(pruned, "webhooks", 0, 1, 0, 1);
        assertThat(api.get("/api/webhooks/" + id).json().path("paused").asBoolean())
                .isTrue();
        assertThat(api.get("/api/webhooks/" + byHand.id()).status()).isEqualTo(200);
        assertThat(api.get("/api/webhooks/" + made.json().at("/items/1/id").asText())
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(1)
    void apply_withAFaultInItem900_makesNoneOfThe899Before() {
        String[] all = new String[950];
        for (int index = 0; index < all.length; index++) {
            all[index] = wanted("k" + index, index == 900 ? ",\"retry_count\":99" : "")
                    .replace("shop.*", "bulk.*");
        }

        Answer refused = api.post(
                "/api/apply", "{\"name\":\"bulk\",\"tenant\":\"bulk\",\"webhooks\":[" + String.join(",", all) + "]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("detail").asText()).startsWith("webhooks[900], retry_count ");
        assertThat(webhooks("bulk")).isZero();
    }

    /** Of two under one key only one would be found again. */
    @Test
    @Order(1)
    void aKeyThatIsThereTwice_makesNothing() {
        String table = "url,events,key\nhttp://localhost:1/a,a,K\nhttp://localhost:1/b,a,K\n";

        Answer imported = csv(api, "?tenant=twice", table);
        Answer applied = api.post(
                "/api/apply",
                "{\"name\":\"twice\",\"tenant\":\"twice\",\"webhooks\":[" + wanted("a", "") + "," + wanted("a", "")
                        + "]}");

        assertThat(imported.status()).isEqualTo(422);
        assertThat(imported.json().path("detail").asText()).startsWith("row 3").contains("there twice");
        assertThat(applied.status()).isEqualTo(422);
        assertThat(applied.json().path("detail").asText())
                .startsWith("webhooks[1]")
                .contains("there twice");
        assertThat(webhooks("twice")).isZero();
    }

    @Test
    @Order(1)
    void apply_leavesAShadowAlone_andRefusesTheMaskOfAnExport() {
        String file = "{\"name\":\"calm\",\"tenant\":\"calm\",\"webhooks\":[" + wanted("a", "") + "]}";
        String id = api.post("/api/apply", file).json().at("/items/0/id").asText();
        api.patch("/api/webhooks/" + id, "{\"shadow\":true}");

        Answer again = api.post("/api/apply", file);
        Answer masked = api.post(
                "/api/apply",
                "{\"name\":\"calm\",\"tenant\":\"calm\",\"webhooks\":["
                        + wanted("b", ",\"headers\":{\"X-Key\":\"***\"}") + "]}");

        assertCounts(again, "webhooks", 0, 0, 1, 0);
        assertThat(api.get("/api/webhooks/" + id).json().path("shadow").asBoolean())
                .isTrue();
        assertThat(masked.status()).isEqualTo(422);
        assertThat(masked.text()).contains("X-Key");
    }

    /** S12: to a tenant, what is another's is not there, be it named by identifier, key or place. */
    @Test
    @Order(1)
    void s12_anotherTenantsWebhooks_areNeitherChangedNorTold() {
        String others = api.post(
                        "/api/webhooks",
                        "{\"url\":\"http://localhost:1/others\",\"events\":[\"*\"],\"tenant\":\"others\","
                                + "\"metadata\":{\"longline_key\":\"csv:mine\"}}")
                .id();
        String nobodys = others.substring(0, others.length() - 4) + "zzzz";
        String file = "id,key,url,events\n%s,mine,http://localhost:1/others,*\n";

        Answer taken = csv(acme, "", file.formatted(others));
        Answer again = csv(acme, "", file.formatted(others));
        Answer free = csv(acme, "?dry_run=true", file.formatted(nobodys).replace("mine", "other"));
        Answer elsewhere = csv(acme, "", "url,events,tenant\nhttp://localhost:1/,a,others\n");
        Answer export = acme.get("/api/export?with_secrets=true");

        assertCounts(taken, "webhooks", 1, 0, 0, 0);
        assertThat(taken.json().at("/items/0/id").asText()).isNotEqualTo(others);
        assertCounts(again, "webhooks", 0, 0, 1, 0);
        assertCounts(free, "webhooks", 1, 0, 0, 0);
        assertThat(elsewhere.status()).isEqualTo(422);
        assertThat(export.text()).contains("\"tenant\":\"acme\"").doesNotContain(others, "\"tenant\":\"others\"");
        assertThat(acme.get("/api/export?tenant=others").json().path("webhooks"))
                .isEmpty();
        assertThat(api.get("/api/webhooks/" + others).json().path("updated_at"))
                .isEqualTo(api.get("/api/webhooks/" + others).json().path("created_at"));
    }

    @Test
    @Order(1)
    void apply_takesEventTypesAndSources_andPointsAtTheirFaults() {
        String types = "\"event_types\":[{\"name\":\"invoice.paid\",\"schema\":%s}]";
        String sources = "\"sources\":[{\"name\":\"wanted\",\"kind\":\"github\",\"secret\":\"a-secret-of-it\"%s}]";
        String start = "{\"name\":\"types\",\"tenant\":\"typed\",";

        Answer bad = api.post("/api/apply", start + types.formatted("{\"type\":\"nothing\"}") + "}");
        Answer made = api.post(
                "/api/apply", start + types.formatted("{\"type\":\"object\"}") + "," + sources.formatted("") + "}");
        Answer same = api.post(
                "/api/apply", start + types.formatted("{\"type\":\"object\"}") + "," + sources.formatted("") + "}");
        Answer changed = api.post(
                "/api/apply",
                start + types.formatted("{\"type\":\"array\"}") + "," + sources.formatted(",\"event_prefix\":\"hub\"")
                        + "}");

        Answer elsewhere = api.post("/api/apply", "{\"name\":\"other\",\"prune\":true}");
        api.post(
                "/api/sources",
                "{\"name\":\"by-hand\",\"kind\":\"github\",\"secret\":\"a-secret\",\"tenant\":\"typed\"}");
        Answer pruned = api.post("/api/apply", start + "\"prune\":true}");
        Answer nothing = api.post("/api/apply", start + "\"prune\":true}");

        assertCounts(elsewhere, "sources", 0, 0, 0, 0);
        assertCounts(pruned, "sources", 0, 0, 0, 1);
        assertCounts(pruned, "event_types", 0, 0, 0, 1);
        assertCounts(nothing, "sources", 0, 0, 0, 0);
        assertCounts(nothing, "event_types", 0, 0, 0, 0);
        assertThat(api.get("/api/sources?tenant=typed").each("name")).containsExactly("by-hand");
        assertThat(api.post("/in/wanted", "{}").json())
                .isEqualTo(api.post("/in/nobody", "{}").json());
        api.delete("/api/sources/"
                + api.get("/api/sources?tenant=typed").each("id").get(0));
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.json().path("detail").asText()).startsWith("event_types[0], schema");
        assertCounts(made, "event_types", 1, 0, 0, 0);
        assertCounts(made, "sources", 1, 0, 0, 0);
        assertCounts(same, "event_types", 0, 0, 1, 0);
        assertCounts(same, "sources", 0, 0, 1, 0);
        assertCounts(changed, "event_types", 0, 1, 0, 0);
        assertCounts(changed, "sources", 0, 1, 0, 0);
        assertThat(changed.text()).contains("\"event_prefix\":{\"from\":\"github\",\"to\":\"hub\"}");
        assertThat(changed.text() + made.text()).doesNotContain("a-secret-of-it");
    }

    @Test
    @Order(1)
    void anIdentifierOfATimeToCome_isNotKept() {
        Answer made =
                csv(api, "?tenant=future", "id,url,events\nwh_7zzzzzzzzzzzzzzzzzzzzzzzzz,http://localhost:1/,a\n");

        assertThat(made.json().at("/items/0/id").asText()).startsWith("wh_0");
    }

    @Test
    @Order(2)
    void export_isTakenByAnEmptyServer_andExportsTheSame() {
        api.post("/api/sources", "{\"name\":\"hub\",\"kind\":\"github\",\"secret\":\"a-secret-of-the-hub\"}");
        String id = api.post(
                        "/api/webhooks",
                        "{\"url\":\"http://localhost:1/full\",\"events\":[\"a\",\"b.*\"],\"secret\":null,\"retry_schedule\":[1],"
                                + "\"headers\":{\"X-A\":\"v\",\"X-Api-Key\":\"a-key-of-a-header\"},\"metadata\":{\"n\":1.10},\"rate_limit\":0.5,"
                                + "\"filter\":\"event.data.x == 1\",\"active\":false}")
                .id();
        String rotated = api.post("/api/webhooks", "{\"url\":\"http://localhost:1/r\",\"events\":[\"a\"]}")
                .id();
        api.send("POST", "/api/webhooks/" + rotated + "/secret/rotate", null);

        api.send(
                "PUT",
                "/api/event-types/order.created",
                "{\"description\":\"An order\",\"schema\":{\"type\":\"object\",\"required\":[\"id\"]},\"validate\":true}"
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");

        Answer bare = api.get("/api/export");
        Answer whole = api.get("/api/export?with_secrets=true");

        assertThat(bare.text()).contains(id).doesNotContain("whsec_", "a-secret-of-the-hub", "a-key-of-a-header");
        assertThat(whole.text()).contains("a-secret-of-the-hub", "previous_secret");
        assertThat(api.get("/api/audit?action=export.secrets").json().path("data"))
                .hasSizeGreaterThanOrEqualTo(1);
        try (RunningServer empty = RunningServer.start(folder, SETTINGS)) {
            Api other = empty.api().as(OPERATOR);
            Answer taken = other.post("/api/import", whole.text());
            assertThat(taken.json().path("warnings")).isEmpty();
            assertThat(without(other.get("/api/export?with_secrets=true"), "exported_at"))
                    .isEqualTo(without(whole, "exported_at"));
            int all = whole.json().path("webhooks").size();
            assertCounts(other.post("/api/import", whole.text()), "webhooks", 0, 0, all, 0);
            assertCounts(other.post("/api/import", bare.text()), "webhooks", 0, 0, all, 0);
            assertCounts(other.post("/api/import", bare.text()), "sources", 0, 0, 1, 0);
            assertCounts(other.post("/api/import", bare.text()), "event_types", 0, 0, 1, 0);
            // So does an event type: the very next event is held against it.
            assertThat(other.post("/api/events/trigger", "{\"event\":\"order.created\",\"data\":{}}")
                            .status())
                    .isEqualTo(422);
            assertThat(other.get("/api/webhooks/" + id + "/secret")
                            .json()
                            .path("secret")
                            .isNull())
                    .isTrue();
            // A source that was imported takes calls at once, as one that was made does.
            assertThat(other.post("/in/hub", "{}").status()).isEqualTo(401);
            other.delete("/api/webhooks/" + id);
            Answer back = other.post("/api/import", whole.text());
            assertCounts(back, "webhooks", 1, 0, all - 1, 0);
            assertCounts(other.post("/api/import", whole.text()), "webhooks", 0, 0, all, 0);
        }
    }

    private static JsonNode without(Answer answer, String field) {
        ObjectNode json = (ObjectNode) answer.json();
        json.remove(field);
        return json;
    }

    @Test
    @Order(3)
    void imports_waitForEachOther_soThatNothingIsMadeTwice() {
        String file = "url,events\nhttp://localhost:1/once,a\n";
        var calls = IntStream.range(0, 3)
                .mapToObj(index -> api.sendAsync(
                        "POST",
                        "/api/import?tenant=once",
                        file.getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "text/csv"))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call.join().status()).isEqualTo(200));
        assertThat(webhooks("once")).isEqualTo(1);
    }

    @Test
    @Order(3)
    void tenThousandWebhooks_areTakenInOneCall_andReachedByTheNextEvent() {
        StringBuilder file = new StringBuilder("key,url,events\n");
        for (int row = 0; row < 10_000; row++) {
            file.append(row)
                    .append(',')
                    .append(RECEIVER.url("/many"))
                    .append(",many.")
                    .append(row)
                    .append('\n');
        }

        Answer made = csv(api, "?tenant=many", file.toString());
        Answer event = api.post("/api/events/trigger", "{\"event\":\"many.9999\",\"data\":1,\"tenant\":\"many\"}");
        Answer again = csv(api, "?tenant=many", file.toString());

        assertCounts(made, "webhooks", 10_000, 0, 0, 0);
        assertThat(event.json().path("deliveries").asInt()).isEqualTo(1);
        assertCounts(again, "webhooks", 0, 0, 10_000, 0);
        Awaitility.await().untilAsserted(() -> RECEIVER.await("/many", 1));
    }
}
