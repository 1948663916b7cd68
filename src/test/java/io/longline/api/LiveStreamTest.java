package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.EventStream;
import io.longline.testing.Receiver;
import io.longline.testing.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The live stream (E16): what changed, as the lists show it, told to those alone who may know of it. */
class LiveStreamTest {
    private static final String ADMIN = "llk_admin";
    private static final String LOOKER = "llk_looker";
    private static final String ACME = "llk_acme";
    private static final String GLOBEX = "llk_globex";

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with(
            "auth.mode",
            "keys",
            "live.heartbeat_seconds",
            "1",
            "live.streams",
            "8",
            "circuit.failures_in_a_row",
            "2",
            "auth.keys",
            KeySecret.hashText(ADMIN) + ",read=" + KeySecret.hashText(LOOKER) + ",tenant:acme="
                    + KeySecret.hashText(ACME) + ",tenant:globex=" + KeySecret.hashText(GLOBEX));

    @RegisterExtension
    static final Receiver RECEIVER = new Receiver();

    private static Api api(String key) {
        return SERVER.api().as(key);
    }

    private static EventStream listen(String key, String query, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer " + key;
        EventStream stream = EventStream.open(SERVER.port(), "/api/stream" + query, all);
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    private static Predicate<JsonNode> of(String field, String value) {
        return data -> data.path(field).asText().equals(value);
    }

    private static Predicate<JsonNode> ended(String eventId) {
        return of("event_id", eventId).and(of("status", "succeeded"));
    }

    @Test
    void e16_changesComeAsTheListsShowThem_withFiguresAndSignsOfLife() {
        try (EventStream stream = listen(ADMIN, "")) {
            assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
            Answer webhook = api(ADMIN).register(RECEIVER.url("/live"), "live.*");
            stream.await("webhook", of("id", webhook.id()).and(of("deleted", "false")));
            Answer event = api(ADMIN).trigger("live.one");

            EventStream.Heard told = stream.await("delivery", ended(event.id()));

            JsonNode listed =
                    api(ADMIN).get("/api/deliveries?event_id=" + event.id()).json();
            assertThat(told.data()).isEqualTo(listed.at("/data/0"));
            assertThat(told.id()).matches("[0-9a-z]+\\.[0-9]+-[0-9]+");
            JsonNode figures = stream.await(
                            "stats", data -> data.at("/deliveries_24h/total").asInt() > 0)
                    .data();
            assertThat(fields(figures))
                    .isEqualTo(fields(api(ADMIN).get("/api/stats").json()));
            Awaitility.await().until(() -> stream.comments() > 0);

            api(ADMIN).patch("/api/webhooks/" + webhook.id(), "{\"paused\":true}");
            JsonNode paused = stream.await("webhook", of("id", webhook.id()).and(of("paused", "true")))
                    .data();
            assertThat(paused.has("secret")).isFalse();
            assertThat(paused.path("secret_hint").asText()).hasSize(4);
            api(ADMIN).delete("/api/webhooks/" + webhook.id());
            stream.await("webhook", of("id", webhook.id()).and(of("deleted", "true")));
        }
    }

    private static Set<String> fields(JsonNode json) {
        Set<String> names = new HashSet<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void circuits_thatMove_areTold() {
        RECEIVER.answers("/down", 503);
        String webhook = api(ADMIN)
                .post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/down") + "\",\"events\":[\"down\"],\"retry_schedule\":[0,3600]}")
                .id();
        try (EventStream stream = listen(ADMIN, "?webhook_id=" + webhook)) {
            String event = api(ADMIN).trigger("down").id();

            stream.await("webhook", of("id", webhook).and(of("circuit", "open")));
            stream.await("delivery", of("event_id", event).and(of("attempt_count", "2")));
            assertThat(stream.all("delivery"))
                    .allSatisfy(each ->
                            assertThat(each.data().path("webhook_id").asText()).isEqualTo(webhook));
        }
    }

    @Test
    void e16_whoLostTheConnection_hearsOfWhatTheyMissed_andAnUnknownPlaceIsAReset() {
        api(ADMIN).register(RECEIVER.url("/missed"), "missed.*");
        String before;
        String lastId;
        try (EventStream first = listen(ADMIN, "?event=missed.a")) {
            before = api(ADMIN).trigger("missed.a").id();
            lastId = first.await("delivery", ended(before)).id();
        }
        String other = api(ADMIN).trigger("missed.b").id();
        String meanwhile = api(ADMIN).trigger("missed.a").id();
        try (EventStream again = listen(ADMIN, "?event=missed.a", "Last-Event-ID", lastId)) {
            again.await("delivery", ended(meanwhile));

            assertThat(again.all("reset")).isEmpty();
            assertThat(again.all("delivery"))
                    .noneMatch(each ->
                            of("event_id", before).or(of("event_id", other)).test(each.data()));
        }
        for (String unknown : List.of("nonsense", "0.1-7", lastId.replaceAll("-.*", "-99999999"), lastId + "x")) {
            try (EventStream lost = listen(ADMIN, "", "Last-Event-ID", unknown)) {
                EventStream.Heard reset = lost.await("reset", data -> true);
                assertThat(reset.id()).startsWith(lastId.substring(0, lastId.indexOf('-')));
                assertThat(lost.all("delivery")).isEmpty();
            }
        }
    }

    @Test
    void filters_areThoseOfTheList() {
        RECEIVER.answers("/mixed", 200, 500, 200, 500);
        api(ADMIN)
                .post(
                        "/api/webhooks",
                        "{\"url\":\"" + RECEIVER.url("/mixed") + "\",\"events\":[\"mixed.*\"],\"retry_count\":0,"
                                + "\"max_in_flight\":1}");
        try (EventStream failed = listen(ADMIN, "?status=failed&response_code=500");
                EventStream named = listen(ADMIN, "?event=mixed.1&until=2100-01-01T00:00:00Z")) {
            List<String> events = IntStream.range(0, 4)
                    .mapToObj(number -> api(ADMIN).trigger("mixed." + number).id())
                    .toList();

            // One that ends just before it is read is told of twice, each time as it is by then.
            Awaitility.await()
                    .untilAsserted(() -> assertThat(failed.all("delivery").stream()
                                    .map(each -> each.data().path("id").asText())
                                    .distinct())
                            .hasSize(2));
            assertThat(failed.all("delivery"))
                    .allSatisfy(each -> assertThat(
                                    each.data().path("last_response_code").asInt())
                            .isEqualTo(500));
            named.await("delivery", of("event_id", events.get(1)));
            assertThat(named.all("delivery"))
                    .allSatisfy(each ->
                            assertThat(each.data().path("event").asText()).isEqualTo("mixed.1"));
        }
        for (String refused : List.of("?status=lost", "?since=yesterday", "?access_token=" + ADMIN, "?limit=1")) {
            assertThat(api(ADMIN).get("/api/stream" + refused).status())
                    .as(refused)
                    .isEqualTo(400);
        }
        assertThat(SERVER.api().get("/api/stream?key=" + ADMIN).status()).isEqualTo(401);
        assertThat(api(ADMIN).send("HEAD", "/api/stream", null).header("Content-Type"))
                .isEqualTo("text/event-stream");
    }

    @Test
    void s12_aTenantsKey_hearsOfItsOwnTenantAlone_howeverItAsks() {
        api(ADMIN).register(RECEIVER.url("/everybody"), "wall");
        try (EventStream theirs = listen(GLOBEX, "");
                EventStream asked = listen(GLOBEX, "?tenant=acme");
                EventStream acmes = listen(ACME, "")) {
            String webhook = api(ACME)
                    .post(
                            "/api/webhooks",
                            "{\"url\":\"" + RECEIVER.url("/acme")
                                    + "\",\"events\":[\"*\"],\"headers\":{\"Authorization\":\"hush\"}}")
                    .id();
            String event = api(ACME).trigger("wall").id();
            api(ADMIN).trigger("wall");
            acmes.await("delivery", ended(event));
            acmes.await("webhook", of("id", webhook));
            theirs.await("stats", data -> data.at("/webhooks/total").asInt() == 0);
            // Whatever was told with the above has been told by the next figures.
            int figures = theirs.all("stats").size();
            Awaitility.await().until(() -> theirs.all("stats").size() > figures + 1);

            assertThat(theirs.all("delivery")).isEmpty();
            assertThat(theirs.all("webhook")).isEmpty();
            assertThat(asked.all("delivery")).isEmpty();
            assertThat(asked.all("webhook")).isEmpty();
            assertThat(acmes.all("delivery"))
                    .allSatisfy(each ->
                            assertThat(each.data().path("tenant").asText()).isEqualTo("acme"));
            assertThat(acmes.all("stats"))
                    .allSatisfy(
                            each -> assertThat(each.data().at("/webhooks/total").asInt())
                                    .isLessThan(2));
            // A fourth of the streams is a tenant's share: two of eight, which it has.
            assertThat(api(GLOBEX).get("/api/stream").status()).isEqualTo(503);
        }
    }

    @Test
    void whoMayOnlyLook_seesNoHeaderThatSpeaksOfASecret() {
        try (EventStream looker = listen(LOOKER, "");
                EventStream admin = listen(ADMIN, "")) {
            String webhook = api(ADMIN)
                    .post(
                            "/api/webhooks",
                            "{\"url\":\"" + RECEIVER.url("/h")
                                    + "\",\"events\":[\"never\"],\"headers\":{\"X-Api-Key\":\"hush\",\"X-A\":\"b\"}}")
                    .id();

            JsonNode seen = looker.await("webhook", of("id", webhook)).data();
            assertThat(seen.at("/headers/X-A").asText()).isEqualTo("b");
            assertThat(seen.toString()).doesNotContain("hush");
            assertThat(admin.await("webhook", of("id", webhook)).data().toString())
                    .contains("hush");
        }
        assertThat(api(LOOKER).post("/api/events/trigger", "{}").status()).isEqualTo(403);
    }

    @Test
    void aBrowsersSession_listens_andNobodyDoesWhoseKeyIsRevoked() {
        Answer made = api(ADMIN).post("/api/keys", "{\"name\":\"short-lived\",\"scopes\":[\"read\"]}");
        String key = made.json().path("key").asText();
        Answer signedIn = SERVER.api().post("/api/session", "{\"key\":\"" + key + "\"}");
        String cookie = signedIn.header("Set-Cookie").replaceAll(";.*", "");
        try (EventStream byCookie = EventStream.open(SERVER.port(), "/api/stream", "Cookie", cookie);
                EventStream byKey = listen(key, "")) {
            assertThat(byCookie.status()).isEqualTo(200);
            byCookie.await("stats", data -> true);

            api(ADMIN).delete("/api/keys/" + made.id());

            Awaitility.await().until(() -> byCookie.isEnded() && byKey.isEnded());
        }
        assertThat(SERVER.api().get("/api/stream").status()).isEqualTo(401);
    }

    @Test
    void e16_whoDoesNotRead_isCutOff_andKeepsNobodyElseWaiting() throws IOException {
        for (int count = 0; count < 5; count++) {
            api(ADMIN)
                    .post(
                            "/api/webhooks",
                            "{\"url\":\"" + RECEIVER.url("/many") + "\",\"events\":[\"many\"],\"paused\":true}");
        }
        String thousand = "[" + String.join(",", Collections.nCopies(1_000, "{\"event\":\"many\",\"data\":1}")) + "]";
        try (Socket sleeper = new Socket();
                EventStream awake = listen(ADMIN, "?event=many")) {
            sleeper.setReceiveBufferSize(4_096);
            sleeper.connect(new InetSocketAddress("127.0.0.1", SERVER.port()));
            sleeper.getOutputStream()
                    .write(("GET /api/stream?event=many HTTP/1.1\r\nHost: localhost\r\n" + "Authorization: Bearer "
                                    + ADMIN + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            int batches = 0;
            // Far more than a megabyte, since the system's own buffers take some too.
            while (!isCutOff(sleeper)) {
                assertThat(batches++).isLessThan(20);
                Answer events = api(ADMIN).post("/api/events/batch", thousand);
                assertThat(events.status()).isEqualTo(202);
                awake.await("delivery", of("event_id", events.each("id").get(999)));
            }
            assertThat(awake.isEnded()).isFalse();
        }
    }

    /** Whoever is hung up on cannot write for long; what is written means nothing between two requests. */
    private static boolean isCutOff(Socket socket) {
        try {
            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            return false;
        } catch (IOException hungUp) {
            return true;
        }
    }

    @Test
    void streamsThatAreOpen_keepNoServerFromStopping(@TempDir Path directory) {
        RunningServer server = RunningServer.start(directory, "server.drain_seconds", "0");
        try (EventStream stream = EventStream.open(server.port(), "/api/stream")) {
            stream.await("stats", data -> true);
            String lastId = stream.lastId();
            long began = System.nanoTime();

            server.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            Awaitility.await().until(stream::isEnded);
            try (RunningServer next = RunningServer.start(directory);
                    EventStream again = EventStream.open(next.port(), "/api/stream", "Last-Event-ID", lastId)) {
                again.await("reset", data -> true);
            }
        }
    }
}
