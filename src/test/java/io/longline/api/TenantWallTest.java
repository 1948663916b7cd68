package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** S12: for a tenant's key nothing of another tenant exists, on whatever route and with whatever identifier. */
class TenantWallTest {
    private static final String ADMIN = "llk_admin";
    private static final String ACME = "llk_acme";
    private static final String GLOBEX = "llk_globex";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "auth.mode",
            "keys",
            "auth.keys",
            KeySecret.hashText(ADMIN) + ",tenant:acme=" + KeySecret.hashText(ACME) + ",tenant:globex="
                    + KeySecret.hashText(GLOBEX));

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    /** What acme has, by the parameter's place in a path. */
    private static final Map<String, String> THEIRS = new TreeMap<>();

    private static Api acme() {
        return SERVER.api().as(ACME);
    }

    private static Api globex() {
        return SERVER.api().as(GLOBEX);
    }

    @BeforeAll
    static void acmeHasOneOfEverything() {
        String webhook = acme().register(RECEIVER.url("/acme"), "secret.*").id();
        String event = acme().trigger("secret.plan").id();
        String delivery = Awaitility.await()
                .until(
                        () -> acme().get("/api/deliveries?event_id=" + event + "&status=succeeded")
                                .each("id"),
                        found -> found.size() == 1)
                .get(0);
        String key = acme().post("/api/keys", "{\"name\":\"theirs\",\"scopes\":[\"read\"]}")
                .id();
        String source = acme().post("/api/sources", "{\"name\":\"theirs\",\"kind\":\"github\",\"secret\":\"12345678\"}")
                .id();
        String replay = acme().post(
                        "/api/replays",
                        "{\"event\":\"secret.plan\",\"since\":\"2020-01-01T00:00:00Z\",\"until\":\"2020-01-02T00:00:00Z\"}")
                .id();
        THEIRS.put("/api/replays/", replay);
        THEIRS.put("/api/sources/", source);
        THEIRS.put("/api/webhooks/", webhook);
        THEIRS.put("/api/events/", event);
        THEIRS.put("/api/deliveries/", delivery);
        THEIRS.put("/api/event-types/", "secret.plan");
        THEIRS.put("/api/keys/", key);
    }

    @Test
    void s12_everyRouteOfTheContract_answersTheirIdsAsUnknownOnes() {
        JsonNode contract = SERVER.api().get("/openapi.json").json();
        Set<String> walked = new HashSet<>();
        contract.path("paths").properties().forEach(path -> {
            String template = path.getKey();
            // What third parties call goes by signatures, not by keys; the receiver is for a server without any.
            if (!template.contains("{") || template.startsWith("/in/") || template.startsWith("/_receiver")) {
                return;
            }
            String prefix = template.substring(0, template.indexOf('{'));
            assertThat(THEIRS).as("acme has one of these").containsKey(prefix);
            String theirs = template.replaceAll("\\{[a-z]+}", THEIRS.get(prefix));
            String unknown = template.replaceAll("\\{[a-z]+}", unknown(THEIRS.get(prefix)));
            for (String method : List.of("get", "post", "patch", "delete")) {
                if (path.getValue().has(method)) {
                    Answer refused = call(globex(), method, theirs);
                    Answer none = call(globex(), method, unknown);

                    assertThat(refused.status()).as(method + " " + theirs).isEqualTo(404);
                    assertThat(refused.text()).as(method + " " + theirs).isEqualTo(none.text());
                    walked.add(method + " " + template);
                }
            }
        });
        assertThat(walked).hasSizeGreaterThan(11);
        THEIRS.forEach((prefix, id) -> {
            if (!prefix.equals("/api/keys/")) {
                assertThat(acme().get(prefix + id).status())
                        .as("still there: " + id)
                        .isEqualTo(200);
            }
        });
        assertThat(acme().get("/api/keys").each("id")).contains(THEIRS.get("/api/keys/"));
    }

    private static String unknown(String id) {
        return id.substring(0, id.length() - 4) + "zzzz";
    }

    private static Answer call(Api api, String method, String path) {
        return switch (method) {
            case "get" -> api.get(path);
            case "delete" -> api.delete(path);
            case "patch" -> api.patch(path, "{}");
            default -> api.post(path, "{}");
        };
    }

    @Test
    void s12_everyList_leavesOutWhatIsTheirs_howeverItIsAskedFor() {
        for (String list : List.of(
                "/api/webhooks",
                "/api/webhooks?tenant=acme",
                "/api/webhooks?event=secret.plan",
                "/api/events/recent",
                "/api/events/recent?tenant=acme",
                "/api/events/recent?event=secret.plan",
                "/api/deliveries",
                "/api/deliveries?tenant=acme",
                "/api/deliveries?webhook_id=" + THEIRS.get("/api/webhooks/"),
                "/api/deliveries?event_id=" + THEIRS.get("/api/events/"),
                "/api/deliveries?status=succeeded",
                "/api/replays",
                "/api/replays?tenant=acme",
                "/api/keys",
                "/api/sources",
                "/api/sources?tenant=acme",
                "/api/audit",
                "/api/audit?tenant=acme",
                "/api/audit?tenant=acme&actor=settings:"
                        + KeySecret.hashText(ACME).substring(0, 8),
                "/api/audit?subject=" + THEIRS.get("/api/webhooks/"))) {
            Answer answer = globex().get(list);

            assertThat(answer.status()).as(list).isEqualTo(200);
            assertThat(answer.json().path("data"))
                    .as(list)
                    .allSatisfy(item -> assertThat(item.toString()).doesNotContain("acme"));
            THEIRS.values().forEach(id -> assertThat(answer.text()).as(list).doesNotContain(id));
        }
        assertThat(globex().get("/api/events?limit=500").each("name")).doesNotContain("secret.plan");
        assertThat(acme().get("/api/events?limit=500").each("name")).contains("secret.plan");
    }

    @Test
    void s12_figures_areTheirOwn() {
        JsonNode nothing = globex().get("/api/stats").json();

        assertThat(nothing.at("/webhooks/total").asInt()).isZero();
        assertThat(nothing.at("/deliveries_24h/total").asInt()).isZero();
        assertThat(globex().get("/api/stats?tenant=acme")
                        .json()
                        .at("/webhooks/total")
                        .asInt())
                .isZero();
        for (String series : List.of("/api/stats/series", "/api/stats/series?tenant=acme")) {
            assertThat(globex().get(series).json().path("data"))
                    .allSatisfy(
                            step -> assertThat(step.path("attempts").asInt()).isZero());
        }
        assertThat(globex().get("/api/stats/series?webhook_id=" + THEIRS.get("/api/webhooks/"))
                        .status())
                .isEqualTo(404);
        assertThat(acme().get("/api/stats").json().at("/webhooks/total").asInt())
                .isEqualTo(1);
    }

    @Test
    void s12_whatIsMade_isTheirOwn_andNobodyElses() {
        Answer event = globex().post("/api/events/trigger", "{\"event\":\"secret.plan\",\"data\":1}");
        String named = "{\"event\":\"secret.plan\",\"data\":1,\"tenant\":\"acme\"}";

        assertThat(event.json().path("deliveries").asInt()).isZero();
        assertThat(globex().get("/api/events/" + event.id())
                        .json()
                        .path("tenant")
                        .asText())
                .isEqualTo("globex");
        assertThat(globex().post("/api/events/trigger", named).status()).isEqualTo(403);
        assertThat(globex().post("/api/events/batch", "[{\"event\":\"a\",\"data\":1}," + named + "]")
                        .status())
                .isEqualTo(403);
        assertThat(globex().post(
                                "/api/webhooks",
                                "{\"url\":\"" + RECEIVER.url("/x") + "\",\"events\":[\"*\"],\"tenant\":\"acme\"}")
                        .status())
                .isEqualTo(403);
        assertThat(globex().post(
                                "/api/sources",
                                "{\"name\":\"mine\",\"kind\":\"github\",\"secret\":\"12345678\",\"tenant\":\"acme\"}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void s12_idempotencyKeys_ofTenantsNeverMeet() {
        String body = "{\"event\":\"once\",\"data\":1}";

        Answer first = acme().post("/api/events/trigger", body, "Idempotency-Key", "shared");
        Answer other =
                globex().post("/api/events/trigger", "{\"event\":\"two\",\"data\":2}", "Idempotency-Key", "shared");

        assertThat(first.status()).isEqualTo(202);
        assertThat(other.status()).isEqualTo(202);
        assertThat(other.header("Idempotent-Replayed")).isEmpty();
    }

    @Test
    void s12_theirWebhook_isNoTargetOfATestOrAReplay() {
        String webhook = THEIRS.get("/api/webhooks/");
        String event = globex().trigger("mine").id();

        Answer test = globex().post("/api/webhooks/test", "{\"webhook_id\":\"" + webhook + "\"}");
        Answer unknown = globex().post("/api/webhooks/test", "{\"webhook_id\":\"" + unknown(webhook) + "\"}");
        Answer replay = globex().post("/api/events/" + event + "/replay", "{\"webhook_id\":\"" + webhook + "\"}");

        assertThat(test.status()).isEqualTo(422);
        assertThat(test.text()).isEqualTo(unknown.text());
        assertThat(replay.status()).isEqualTo(422);
        String ever = ",\"since\":\"2020-01-01T00:00:00Z\",\"until\":\"2100-01-01T00:00:00Z\",\"dry_run\":true}";
        Answer again = globex().post("/api/replays", "{\"webhook_id\":\"" + webhook + "\"" + ever);
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.text())
                .isEqualTo(globex().post("/api/replays", "{\"webhook_id\":\"" + unknown(webhook) + "\"" + ever)
                        .text());
        assertThat(globex().post("/api/replays", "{\"tenant\":\"acme\"" + ever).status())
                .isEqualTo(403);
        assertThat(globex().post("/api/replays", "{\"event\":\"secret.plan\"" + ever)
                        .json()
                        .path("matched")
                        .asInt(-1))
                .isZero();
    }

    @Test
    void whatIsOfTheServerItself_isForNoTenant() {
        assertThat(acme().get("/api/settings").status()).isEqualTo(403);
        assertThat(SERVER.api().as(ADMIN).get("/api/settings").status()).isEqualTo(200);
        assertThat(acme().get("/_receiver").status()).isEqualTo(404);
        assertThat(SERVER.api().post("/_receiver/x", "{}").status()).isEqualTo(404);
        assertThat(SERVER.api().delete("/_receiver").status()).isEqualTo(404);
    }

    @Test
    void aKeyForAll_seesEveryTenant() {
        Api admin = SERVER.api().as(ADMIN);

        assertThat(admin.get("/api/webhooks/" + THEIRS.get("/api/webhooks/")).status())
                .isEqualTo(200);
        assertThat(admin.get("/api/audit?tenant=acme").each("action")).contains("webhook.create", "key.create");
    }
}
