package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.longline.config.SettingsLoader;
import io.longline.testing.Answer;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Keeps the contract true: every operation of the file that the server itself serves is driven, with success and with
 * each error that it declares, and every answer is held against the file. The tests run in order, since the last of those
 * that drive asks whether all was driven.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpenApiContractTest {
    private static final String BODY = "x".repeat(2_000);

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "server.max_body_bytes",
            "1024",
            "ingest.max_batch_bytes",
            "1024",
            "ingest.max_fan_out",
            "3",
            "delivery.replays_per_second",
            "1");

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static ContractDriver driver;

    @BeforeAll
    static void readContract() {
        driver = new ContractDriver(SERVER.api());
    }

    private static String webhook(String path, String events) {
        String json = "{\"url\":\"" + RECEIVER.url(path) + "\",\"events\":[\"" + events + "\"],\"retry_delay\":3600}";
        return driver.json(201, "POST /api/webhooks", "/api/webhooks", json).id();
    }

    private static String event(String name) {
        String json = "{\"event\":\"" + name + "\",\"data\":{\"n\":1.10},\"metadata\":{\"a\":null}}";
        return driver.json(202, "POST /api/events/trigger", "/api/events/trigger", json)
                .id();
    }

    /** The one delivery of an event, once it has that status. */
    private static String delivery(String eventId, String status) {
        String path = "/api/deliveries?event_id=" + eventId;
        return Awaitility.await()
                .until(
                        () -> driver.call(200, "GET /api/deliveries", path)
                                .json()
                                .at("/data/0"),
                        found -> found.path("status").asText().equals(status)
                                && found.path("attempt_count").asInt() > 0)
                .path("id")
                .asText();
    }

    @Test
    @Order(1)
    void webhooks_answerAsTheContractSays() {
        String id = webhook("/plain", "contract.*");
        String one = "/api/webhooks/" + id;
        String none = "/api/webhooks/" + id.substring(0, id.length() - 4) + "0000";

        driver.json(400, "POST /api/webhooks", "/api/webhooks", "{");
        driver.json(413, "POST /api/webhooks", "/api/webhooks", BODY);
        driver.text(415, "POST /api/webhooks", "/api/webhooks", "{}");
        driver.json(422, "POST /api/webhooks", "/api/webhooks", "{\"retries\":1,\"retry_count\":11,\"a/b~\":1}");
        driver.call(200, "GET /api/webhooks", "/api/webhooks?active=true&event=contract.x&q=plain&tenant=default");
        driver.call(400, "GET /api/webhooks", "/api/webhooks?limit=0");
        driver.call(200, "GET /api/webhooks/{id}", one);
        driver.call(200, "GET /api/webhooks/{id}", one + "?pending");
        driver.call(400, "GET /api/webhooks/{id}", one + "?pending=maybe");
        driver.call(404, "GET /api/webhooks/{id}", none);
        driver.json(
                200,
                "PATCH /api/webhooks/{id}",
                one,
                "{\"rate_limit\":0.5,\"retry_schedule\":[1],\"metadata\":{\"a\":1e400}}");
        driver.json(400, "PATCH /api/webhooks/{id}", one, "nonsense");
        driver.json(404, "PATCH /api/webhooks/{id}", none, "{}");
        driver.json(413, "PATCH /api/webhooks/{id}", one, BODY);
        driver.text(415, "PATCH /api/webhooks/{id}", one, "{}");
        driver.json(422, "PATCH /api/webhooks/{id}", one, "{\"events\":[]}");
        driver.call(200, "GET /api/webhooks/{id}/stats", one + "/stats");
        driver.call(400, "GET /api/webhooks/{id}/stats", one + "/stats?since=1");
        driver.call(404, "GET /api/webhooks/{id}/stats", none + "/stats");
        String compare = "POST /api/webhooks/{id}/compare";
        driver.json(
                200,
                compare,
                one + "/compare?pair_by=/id&until=2026-01-01T00:00:00Z",
                "[{\"body\":1},{\"body\":\"2\"}]");
        driver.json(400, compare, one + "/compare?pair_by=id", "[]");
        driver.json(404, compare, none + "/compare", "[]");
        driver.json(413, compare, one + "/compare", BODY);
        driver.text(415, compare, one + "/compare", "[]");
        driver.json(422, compare, one + "/compare", "[]");
        driver.call(400, "DELETE /api/webhooks/{id}", one + "?force=true");
        driver.call(204, "DELETE /api/webhooks/{id}", one);
        driver.call(404, "DELETE /api/webhooks/{id}", one);

        assertDriven("/api/webhooks", "/api/webhooks/{id}", "/api/webhooks/{id}/stats", "/api/webhooks/{id}/compare");
    }

    @Test
    @Order(2)
    void secretsAndTests_answerAsTheContractSays() {
        String id = webhook("/secret", "secret.*");
        String secret = "/api/webhooks/" + id + "/secret";
        String none = "/api/webhooks/nothing/secret";
        String rotate = "POST /api/webhooks/{id}/secret/rotate";
        String test = "POST /api/webhooks/test";

        driver.call(200, "GET /api/webhooks/{id}/secret", secret);
        driver.call(400, "GET /api/webhooks/{id}/secret", secret + "?x=1");
        driver.call(404, "GET /api/webhooks/{id}/secret", none);
        driver.call(200, rotate, secret + "/rotate");
        driver.json(200, rotate, secret + "/rotate", "{\"expire_after\":0}");
        driver.json(400, rotate, secret + "/rotate", "[");
        driver.json(404, rotate, none + "/rotate", "{}");
        driver.json(413, rotate, secret + "/rotate", BODY);
        driver.text(415, rotate, secret + "/rotate", "{}");
        driver.json(422, rotate, secret + "/rotate", "{\"secret\":\"whsec_!\"}");
        driver.json(200, test, "/api/webhooks/test", "{\"url\":\"" + RECEIVER.url("/test") + "\",\"data\":[1]}");
        driver.json(200, test, "/api/webhooks/test", "{\"url\":\"http://localhost:1/\",\"timeout\":2}");
        driver.json(200, test, "/api/webhooks/test", "{\"webhook_id\":\"" + id + "\"}");
        driver.json(400, test, "/api/webhooks/test", "");
        driver.json(413, test, "/api/webhooks/test", BODY);
        driver.text(415, test, "/api/webhooks/test", "{}");
        driver.json(422, test, "/api/webhooks/test", "{\"url\":null}");
        String preview = "POST /api/webhooks/preview";
        String path = "/api/webhooks/preview";
        driver.json(
                200,
                preview,
                path,
                "{\"event\":\"a\",\"data\":{\"n\":1.0},\"filter\":\"event.data.m\",\"transform\":\"event.data.n\"}");
        driver.json(200, preview, path, "{\"event\":\"a\",\"transform\":\"event.data.absent\"}");
        driver.json(200, preview, path, "{\"event\":\"a\",\"webhook_id\":\"" + id + "\"}");
        driver.json(400, preview, path, "");
        driver.json(413, preview, path, BODY);
        driver.text(415, preview, path, "{}");
        driver.json(422, preview, path, "{\"filter\":\"1\"}");

        assertDriven(
                "/api/webhooks/{id}/secret",
                "/api/webhooks/{id}/secret/rotate",
                "/api/webhooks/test",
                "/api/webhooks/preview");
    }

    @Test
    @Order(3)
    void events_answerAsTheContractSays() {
        String id = event("event.made");
        String trigger = "POST /api/events/trigger";
        String batch = "POST /api/events/batch";
        String replay = "POST /api/events/{id}/replay";
        String again = "/api/events/" + id + "/replay";
        String both = "[{\"event\":\"event.a\",\"data\":1},{\"event\":\"event.b\",\"data\":null}]";
        for (int count = 0; count < 4; count++) {
            webhook("/fan", "event.fan");
        }
        String wide = "{\"event\":\"event.fan\",\"data\":1}";

        driver.json(202, trigger, "/api/events/trigger", "{\"event\":\"event.k\",\"data\":1}", "Idempotency-Key", "k");
        driver.json(202, trigger, "/api/events/trigger", "{\"event\":\"event.k\",\"data\":1}", "Idempotency-Key", "k");
        driver.json(409, trigger, "/api/events/trigger", "{\"event\":\"event.k\",\"data\":2}", "Idempotency-Key", "k");
        driver.json(400, trigger, "/api/events/trigger", "{\"event\":");
        driver.json(413, trigger, "/api/events/trigger", wide);
        driver.text(415, trigger, "/api/events/trigger", "{}");
        driver.json(422, trigger, "/api/events/trigger", "{\"evnt\":1}");
        cloudEvents(trigger, batch);
        driver.json(202, batch, "/api/events/batch", both, "Idempotency-Key", "k");
        driver.json(409, batch, "/api/events/batch", both + " ", "Idempotency-Key", "k");
        driver.json(400, batch, "/api/events/batch", "[1,");
        driver.json(413, batch, "/api/events/batch", BODY);
        driver.text(415, batch, "/api/events/batch", both);
        driver.json(422, batch, "/api/events/batch", "[{},{\"event\":\" \",\"data\":1}]");
        driver.call(202, replay, again);
        driver.json(400, replay, again, "}");
        driver.json(404, replay, "/api/events/evt_none/replay", "{}");
        driver.json(413, replay, again, BODY);
        driver.text(415, replay, again, "{}");
        driver.json(422, replay, again, "{\"webhook_id\":\"wh_none\"}");
        driver.call(200, "GET /api/events/{id}", "/api/events/" + id);
        driver.call(400, "GET /api/events/{id}", "/api/events/" + id + "?pretty");
        driver.call(404, "GET /api/events/{id}", "/api/events/" + id.replace("evt_", "evt-"));
        driver.call(200, "GET /api/events/recent", "/api/events/recent?event=event.made");
        driver.call(400, "GET /api/events/recent", "/api/events/recent?since=yesterday");
        driver.call(200, "GET /api/events", "/api/events?limit=500");
        driver.call(400, "GET /api/events", "/api/events?cursor=%00");
        driver.call(200, "GET /api/event-types/{name}", "/api/event-types/event.made");
        driver.call(200, "GET /api/event-types/{name}", "/api/event-types/data.created");
        driver.call(400, "GET /api/event-types/{name}", "/api/event-types/data.created?x");
        driver.call(404, "GET /api/event-types/{name}", "/api/event-types/event.never");
        String put = "PUT /api/event-types/{name}";
        String type = "/api/event-types/event%2Ftyped";
        driver.json(201, put, type, "{\"schema\":{\"type\":\"object\"},\"example\":{\"n\":1e2},\"validate\":true}");
        driver.json(200, put, type, "{\"description\":\"Made.\"}");
        driver.json(400, put, type, "{");
        driver.json(413, put, type, BODY);
        driver.text(415, put, type, "{}");
        driver.json(422, put, type, "{\"schema\":{\"$ref\":\"https://example.org/\"}}");
        driver.call(200, "GET /api/event-types/{name}", type + "?tenant=default");
        driver.call(400, "DELETE /api/event-types/{name}", type + "?x");
        driver.call(204, "DELETE /api/event-types/{name}", type);
        driver.call(404, "DELETE /api/event-types/{name}", type + "?tenant=acme");
        String load = "POST /api/event-types/import";
        String document = "{\"openapi\":\"3.1.0\",\"webhooks\":{\"event.read\":{\"post\":{}}}}";
        driver.json(200, load, "/api/event-types/import?dry_run=true", document);
        driver.json(200, load, "/api/event-types/import", document);
        driver.json(400, load, "/api/event-types/import?dry_run=1", document);
        driver.json(413, load, "/api/event-types/import", BODY);
        driver.text(415, load, "/api/event-types/import", document);
        driver.json(422, load, "/api/event-types/import", "[");
        driver.call(200, "GET /api/asyncapi", "/api/asyncapi");
        driver.call(200, "GET /api/asyncapi", "/api/asyncapi", "Accept", "application/yaml");
        driver.call(400, "GET /api/asyncapi", "/api/asyncapi?x");

        assertDriven(
                "/api/events",
                "/api/events/trigger",
                "/api/events/batch",
                "/api/events/recent",
                "/api/events/{id}",
                "/api/events/{id}/replay",
                "/api/event-types/{name}",
                "/api/event-types/import",
                "/api/asyncapi");
    }

    private static void cloudEvents(String trigger, String batch) {
        String one = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/c\",\"type\":\"event.ce\",\"data\":1.10}";
        String structured = "application/cloudevents+json; charset=UTF-8";
        String several = "application/cloudevents-batch+json";

        driver.typed(202, trigger, "/api/events/trigger?tenant=t1", structured, one);
        driver.typed(422, trigger, "/api/events/trigger", structured, one.replace("1.0", "0.3"));
        driver.typed(415, trigger, "/api/events/trigger", "application/cloudevents+avro", one);
        driver.typed(202, trigger, "/api/events/trigger", several, "[" + one + "]");
        driver.typed(202, batch, "/api/events/batch", several, "[]");
        driver.typed(415, batch, "/api/events/batch", structured, one);
        driver.json(400, batch, "/api/events/batch?tenant=t1", "[{\"event\":\"event.a\",\"data\":1}]");
        driver.call(
                202,
                trigger,
                "/api/events/trigger",
                "ce-specversion",
                "1.0",
                "ce-id",
                "2",
                "ce-source",
                "/c",
                "ce-type",
                "event.ce");
    }

    @Test
    @Order(4)
    void deliveries_answerAsTheContractSays() {
        RECEIVER.answers("/fails", 503).does("/holds", new Receiver.Hold());
        webhook("/fails", "fail.*");
        webhook("/works", "work.*");
        String waiting = delivery(event("fail.a"), "pending");
        String succeeded = delivery(event("work.a"), "succeeded");
        webhook("/holds", "hold.*");
        String held = event("hold.a");
        RECEIVER.await("/holds", 1);
        Answer inFlight = driver.call(200, "GET /api/deliveries", "/api/deliveries?event_id=" + held);
        String flying = "/api/deliveries/" + inFlight.each("id").get(0);
        String one = "/api/deliveries/" + waiting;
        String retry = "POST /api/deliveries/{id}/retry";
        String cancel = "POST /api/deliveries/{id}/cancel";

        driver.call(200, "GET /api/deliveries/{id}", one);
        driver.call(200, "GET /api/deliveries/{id}", "/api/deliveries/" + succeeded);
        driver.call(400, "GET /api/deliveries/{id}", one + "?x=1");
        driver.call(404, "GET /api/deliveries/{id}", "/api/deliveries/dlv_none");
        driver.call(400, "GET /api/deliveries", "/api/deliveries?status=lost");
        driver.call(200, cancel, one + "/cancel");
        driver.call(409, cancel, one + "/cancel");
        driver.call(202, retry, one + "/retry");
        driver.call(409, retry, flying + "/retry");
        for (String operation : List.of(retry, cancel)) {
            String verb = operation.substring(operation.lastIndexOf('/'));
            driver.call(400, operation, one + verb + "?x=1");
            driver.call(404, operation, "/api/deliveries/dlv_none" + verb);
            driver.json(413, operation, one + verb, BODY);
            driver.text(415, operation, one + verb, "{}");
        }
        RECEIVER.release("/holds", 200);

        assertDriven(
                "/api/deliveries", "/api/deliveries/{id}", "/api/deliveries/{id}/retry", "/api/deliveries/{id}/cancel");
    }

    @Test
    @Order(5)
    void serverItself_answersAsTheContractSays() {
        for (String path :
                List.of("/api/stats", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/openapi.yaml")) {
            driver.call(200, "GET " + path, path);
            driver.call(400, "GET " + path, path + "?nothing=known");
        }
        driver.call(200, "GET /api/stats/series", "/api/stats/series?window=15m&step=5m&tenant=default");
        driver.call(400, "GET /api/stats/series", "/api/stats/series?window=soon");
        driver.call(404, "GET /api/stats/series", "/api/stats/series?webhook_id=wh_01kg72ych0evrs77abdajvsnwh");
        driver.call(200, "GET /api/stream", "/api/stream?status=held&tenant=default");
        driver.call(400, "GET /api/stream", "/api/stream?status=lost");
        driver.call(200, "GET /api/stats", "/api/stats?tenant=nobody");

        assertDriven(
                "/api/stats",
                "/api/stats/series",
                "/api/stream",
                "/health/live",
                "/health/ready",
                "/metrics",
                "/openapi.json",
                "/openapi.yaml");
    }

    @Test
    @Order(5)
    void access_answersAsTheContractSays() {
        String keys = "POST /api/keys";
        String session = "POST /api/session";
        Answer made = driver.json(201, keys, "/api/keys", "{\"name\":\"a\",\"scopes\":[\"admin\"]}");
        String key = made.json().path("key").asText();

        driver.json(400, keys, "/api/keys", "{");
        driver.json(413, keys, "/api/keys", BODY);
        driver.text(415, keys, "/api/keys", "{}");
        driver.json(422, keys, "/api/keys", "{\"scopes\":[\"all\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}");
        driver.call(200, "GET /api/keys", "/api/keys");
        driver.call(400, "GET /api/keys", "/api/keys?limit=x");
        driver.json(400, session, "/api/session", "{");
        driver.json(413, session, "/api/session", BODY);
        driver.text(415, session, "/api/session", "{}");
        driver.json(422, session, "/api/session", "{}");
        driver.json(401, session, "/api/session", "{\"key\":\"llk_wrong\"}");
        Answer signedIn = driver.json(201, session, "/api/session", "{\"key\":\"" + key + "\"}");
        String cookie = signedIn.header("Set-Cookie").split(";")[0];
        driver.call(200, "GET /api/session", "/api/session");
        driver.call(200, "GET /api/session", "/api/session", "Cookie", cookie);
        driver.call(400, "GET /api/session", "/api/session?x=1");
        driver.call(400, "DELETE /api/session", "/api/session?x=1");
        driver.call(204, "DELETE /api/session", "/api/session", "Cookie", cookie, "Sec-Fetch-Site", "same-origin");
        driver.call(200, "GET /api/audit", "/api/audit?action=key.create");
        driver.call(400, "GET /api/audit", "/api/audit?actor=");
        driver.call(400, "DELETE /api/keys/{id}", "/api/keys/" + made.id() + "?x=1");
        driver.call(204, "DELETE /api/keys/{id}", "/api/keys/" + made.id());
        driver.call(404, "DELETE /api/keys/{id}", "/api/keys/" + made.id());

        Set<String> declared = new TreeSet<>(driver.statuses(keys));
        declared.removeAll(Set.of("401", "403", "409", "429", "503"));
        assertThat(driver.driven(keys)).containsAll(declared);
        assertDriven("/api/session", "/api/keys/{id}", "/api/audit");
    }

    @Test
    @Order(5)
    void sources_answerAsTheContractSays() {
        String sources = "POST /api/sources";
        String in = "POST /in/{name}";
        String hook = "{\"name\":\"hook\",\"kind\":\"token\",\"secret\":\"12345678\",\"header\":\"X-Token\"}";
        String hmac =
                "{\"name\":\"slack\",\"kind\":\"hmac\",\"secret\":\"12345678\",\"header\":\"X-H\",\"encoding\":null}";
        Answer made = driver.json(201, sources, "/api/sources", hook);
        String one = "/api/sources/" + made.id();

        driver.json(201, sources, "/api/sources", hmac);
        driver.json(409, sources, "/api/sources", hook);
        driver.json(400, sources, "/api/sources", "{");
        driver.json(413, sources, "/api/sources", BODY);
        driver.text(415, sources, "/api/sources", "{}");
        driver.json(422, sources, "/api/sources", "{\"kind\":\"bitbucket\",\"name\":\"A\"}");
        driver.call(200, "GET /api/sources", "/api/sources?tenant=default&limit=1");
        driver.call(400, "GET /api/sources", "/api/sources?cursor=x");
        driver.call(200, "GET /api/sources/{id}", one);
        driver.call(400, "GET /api/sources/{id}", one + "?x=1");
        driver.call(404, "GET /api/sources/{id}", "/api/sources/src_none");
        String event = driver.json(202, in, "/in/hook", "[1.10]", "X-Token", "12345678")
                .json()
                .path("event")
                .asText();
        String type = "/api/event-types/" + event;
        driver.json(201, "PUT /api/event-types/{name}", type, "{\"schema\":{\"type\":\"object\"},\"validate\":true}");
        driver.json(422, in, "/in/hook", "[1.10]", "X-Token", "12345678");
        driver.call(204, "DELETE /api/event-types/{name}", type);
        driver.json(400, in, "/in/hook", "[", "X-Token", "12345678");
        driver.json(401, in, "/in/hook", "[]", "X-Token", "12345679");
        driver.json(401, in, "/in/nothing", "[]", "X-Token", "12345678");
        driver.json(413, in, "/in/hook", BODY, "X-Token", "12345678");
        driver.call(400, "DELETE /api/sources/{id}", one + "?x=1");
        driver.call(204, "DELETE /api/sources/{id}", one);
        driver.call(404, "DELETE /api/sources/{id}", one);
        driver.json(401, in, "/in/hook", "[]", "X-Token", "12345678");

        assertDriven("/api/sources", "/api/sources/{id}");
        Set<String> declared = new TreeSet<>(driver.statuses(in));
        // SourcesTest has Slack, which alone is answered 200.
        declared.removeAll(Set.of("200", "403", "429", "503"));
        assertThat(driver.driven(in)).containsAll(declared);
    }

    @Test
    @Order(5)
    void settingsAndReceiver_answerAsTheContractSays() {
        for (String path : List.of("/_receiver", "/_receiver/one")) {
            String operation = path.equals("/_receiver") ? "POST /_receiver" : "POST /_receiver/{name}";
            driver.json(200, operation, path + "?status=200&delay_ms=1", "{}");
            driver.json(400, operation, path + "?status=99", "{}");
            driver.json(413, operation, path, BODY);
        }
        driver.call(200, "GET /_receiver", "/_receiver");
        driver.call(400, "GET /_receiver", "/_receiver?limit=1");
        driver.call(204, "DELETE /_receiver", "/_receiver");
        driver.call(400, "DELETE /_receiver", "/_receiver?all");
        driver.call(200, "GET /api/settings", "/api/settings");
        driver.call(400, "GET /api/settings", "/api/settings?key=server.port");

        assertDriven("/api/settings");
    }

    @Test
    @Order(5)
    void replays_answerAsTheContractSays() {
        String replays = "POST /api/replays";
        String ever = "\"since\":\"2020-01-01T00:00:00Z\",\"until\":\"2100-01-01T00:00:00Z\"";
        String made = driver.json(202, replays, "/api/replays", "{\"event\":\"replayed\"," + ever + "}")
                .id();
        String one = "/api/replays/" + made;

        driver.json(200, replays, "/api/replays", "{\"missed\":true,\"dry_run\":true," + ever + "}");
        driver.json(400, replays, "/api/replays", "{");
        driver.json(413, replays, "/api/replays", BODY);
        driver.text(415, replays, "/api/replays", "{}");
        driver.json(422, replays, "/api/replays", "{}");
        driver.call(200, "GET /api/replays", "/api/replays?tenant=default");
        driver.call(200, "GET /api/replays", "/api/replays?limit=1");
        driver.call(400, "GET /api/replays", "/api/replays?cursor=x");
        driver.call(200, "GET /api/replays/{id}", one);
        driver.call(400, "GET /api/replays/{id}", one + "?x=1");
        driver.call(404, "GET /api/replays/{id}", "/api/replays/rpl_none");
        Awaitility.await()
                .until(() -> driver.call(200, "GET /api/replays/{id}", one)
                        .json()
                        .path("state")
                        .asText()
                        .equals("done"));
        driver.call(400, "DELETE /api/replays/{id}", one + "?x=1");
        driver.call(404, "DELETE /api/replays/{id}", "/api/replays/rpl_none");
        driver.call(409, "DELETE /api/replays/{id}", one);
        // At one delivery a second it is not through by then.
        String slow =
                driver.json(202, replays, "/api/replays", "{" + ever + "}").id();
        driver.call(204, "DELETE /api/replays/{id}", "/api/replays/" + slow);

        assertDriven("/api/replays", "/api/replays/{id}");
    }

    @Test
    @Order(5)
    void exchange_answersAsTheContractSays() {
        String imports = "POST /api/import";
        String apply = "POST /api/apply";
        String one =
                "{\"longline_export\":1,\"webhooks\":[{\"url\":\"" + RECEIVER.url("/x") + "\",\"events\":[\"x\"]}]}";
        String keyed = "\"webhooks\":[{\"key\":\"a\",\"url\":\"" + RECEIVER.url("/y") + "\",\"events\":[\"x\"]}]";

        driver.json(200, imports, "/api/import?dry_run=true&disabled=true&format=longline&tenant=acme", one);
        driver.json(200, imports, "/api/import", one);
        driver.json(400, imports, "/api/import?format=xml", one);
        driver.json(409, apply, "/api/apply", "{\"plan\":\"other\"," + keyed + "}");
        driver.json(413, imports, "/api/import", BODY);
        driver.text(415, imports, "/api/import", "url");
        driver.json(422, imports, "/api/import", "{\"webhooks\":[{}]}");
        driver.json(200, apply, "/api/apply", "{\"dry_run\":true," + keyed + "}");
        driver.json(200, apply, "/api/apply", "{" + keyed + "}");
        driver.json(400, apply, "/api/apply", "{");
        driver.json(413, apply, "/api/apply", BODY);
        driver.text(415, apply, "/api/apply", "{}");
        driver.json(422, apply, "/api/apply", "{\"webhooks\":[{}]}");
        driver.call(200, "GET /api/export", "/api/export?with_secrets=true&tenant=default");
        driver.call(400, "GET /api/export", "/api/export?with_secrets=perhaps");

        String history = "POST /api/import/history";
        String webhook = webhook("/past", "past.*");
        String line =
                "{\"webhook_id\":\"" + webhook + "\",\"payload_id\":\"p\",\"occurred_at\":\"2020-01-01T00:00:00Z\","
                        + "\"attempts\":[{\"id\":\"a\",\"timestamp\":\"2020-01-01T00:00:00Z\"}]}";
        driver.json(200, history, "/api/import/history", line);
        driver.json(400, history, "/api/import/history", "{");
        driver.json(413, history, "/api/import/history", BODY);
        driver.text(415, history, "/api/import/history", line);
        driver.json(422, history, "/api/import/history", line.replace("2020", "3020"));

        assertDriven("/api/apply", "/api/export", "/api/import/history");
    }

    @Test
    @Order(6)
    void everyOperation_refusesWhatCameThroughAProxyAsTheContractSays() {
        for (String operation : driver.operations()) {
            String path = operation.substring(operation.indexOf(' ') + 1).replaceAll("\\{[a-z]+}", "x");

            driver.call(403, operation, path, "X-Forwarded-For", "192.0.2.1");
        }
    }

    @Test
    @Order(7)
    void everyOperation_wasDriven() {
        assertThat(driver.operations())
                .allSatisfy(operation -> assertThat(driver.driven(operation))
                        .as(operation)
                        .contains("403")
                        .anyMatch(status -> status.startsWith("2")));
    }

    /** Everything declared was seen, but for what the tests of keys, and those of a draining or overloaded server, see. */
    private static void assertDriven(String... paths) {
        Set<String> mine = Set.of(paths);
        assertThat(driver.operations().stream().filter(each -> mine.contains(each.substring(each.indexOf(' ') + 1))))
                .isNotEmpty()
                .allSatisfy(operation -> {
                    Set<String> declared = new TreeSet<>(driver.statuses(operation));
                    declared.removeAll(Set.of("401", "403", "429", "503"));
                    if (operation.contains("/api/event-types/")) {
                        // It takes a thousand of them.
                        declared.remove("409");
                    }
                    assertThat(driver.driven(operation)).as(operation).containsAll(declared);
                });
    }

    @Test
    void contract_hasTheRoutesOfTheServerAndNoOthers() {
        Vertx vertx = Vertx.vertx();
        var settings = SettingsLoader.load(Map.of(), Map.of(), null).settings();
        var parts = new ApiParts(
                vertx, null, settings, null, null, null, null, null, null, null, null, null, null, null, null, "", 0);

        Set<String> routes = Routes.of(parts).stream()
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toSet());

        assertThat(routes).containsExactlyInAnyOrderElementsOf(driver.operations());
        RunningServer.await(vertx.close());
    }

    @Test
    void contract_hasTheQueryParametersOfTheServerAndNoOthers() {
        Vertx vertx = Vertx.vertx();
        var settings = SettingsLoader.load(Map.of(), Map.of(), null).settings();
        var parts = new ApiParts(
                vertx, null, settings, null, null, null, null, null, null, null, null, null, null, null, null, "", 0);

        List<Route> routes = Routes.of(parts);

        assertThat(routes).allSatisfy(route -> {
            JsonNode path = driver.contract().path("paths").path(route.path());
            JsonNode parameters =
                    path.path(route.method().name().toLowerCase(Locale.ROOT)).path("parameters");
            Set<String> declared = StreamSupport.stream(parameters.spliterator(), false)
                    .map(driver::resolve)
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .map(parameter -> parameter.path("name").asText())
                    .collect(Collectors.toSet());
            assertThat(route.queries())
                    .as("%s %s", route.method(), route.path())
                    .isEqualTo(declared);
        });
        RunningServer.await(vertx.close());
    }

    @Test
    void contract_isTheSameAsJsonAndAsYaml() throws Exception {
        byte[] yaml = SERVER.api().get("/openapi.yaml").body();

        assertThat(new YAMLMapper().readTree(yaml))
                .isEqualTo(new YAMLMapper().readTree(driver.contract().toString()));
    }

    @Test
    void contract_hasExamplesThatFitItsSchemas() {
        List<JsonNode> exampled = driver.exampled().toList();

        assertThat(exampled).hasSizeGreaterThan(30);
        assertThat(exampled)
                .allSatisfy(place -> place.path("examples").forEach(example -> {
                    JsonNode value = driver.resolve(example).path("value");
                    assertThat(driver.faults(place.path("schema"), value))
                            .as(value.toString())
                            .isEmpty();
                }));
    }
}
