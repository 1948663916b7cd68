package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.model.TimeSource;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S11: who may call a server that needs keys. */
class KeysTest {
    private static final String OPERATOR = "llk_operator-of-the-tests";

    @RegisterExtension
    static final RunningServer SERVER =
            RunningServer.with("auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR));

    private static Api operator() {
        return SERVER.api().as(OPERATOR);
    }

    private static Answer make(Api api, String scopes) {
        Answer made = api.post("/api/keys", "{\"name\":\"made\",\"scopes\":" + scopes + "}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        return made;
    }

    private static String key(Answer made) {
        return made.json().path("key").asText();
    }

    @Test
    void key_opensInBothHeaders() {
        String key = key(make(operator(), "[\"read\"]"));

        assertThat(SERVER.api()
                        .get("/api/stats", "Authorization", "Bearer " + key)
                        .status())
                .isEqualTo(200);
        assertThat(SERVER.api()
                        .get("/api/stats", "Authorization", "bearer   " + key)
                        .status())
                .isEqualTo(200);
        assertThat(SERVER.api().get("/api/stats", "X-API-Key", key).status()).isEqualTo(200);
    }

    @Test
    void key_isShownOnce_andKeptAsAHash() throws Exception {
        Answer made = make(operator(), "[\"publish\",\"tenant:acme\"]");
        String key = key(made);

        assertThat(key).matches("llk_[A-Za-z0-9_-]{43}");
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(made.json().path("hint").asText()).isEqualTo(key.substring(key.length() - 4));
        assertThat(operator().get("/api/keys").text()).contains(made.id()).doesNotContain(key);
        assertThat(operator().get("/api/audit").text()).contains(made.id()).doesNotContain(key);
        for (String suffix : List.of("", "-wal")) {
            Path file = Path.of(SERVER.storeFile() + suffix);
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(content).doesNotContain(key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer x y",
                "Basic dXNlcjpwYXNz",
                "llk_operator-of-the-tests",
                "Bearer llk_operator-of-the-test",
                "Bearer llk_operator-of-the-testsX",
                "Bearer LLK_OPERATOR-OF-THE-TESTS"
            })
    void whatIsNoKey_isRefused(String authorization) {
        Answer answer = SERVER.api().get("/api/stats", "Authorization", authorization);

        assertThat(answer.status()).as(answer.toString()).isIn(401, 429);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        if (answer.status() == 401) {
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void revokedKey_opensNothingAnyMore() {
        Answer made = make(operator(), "[\"admin\"]");
        Api api = SERVER.api().as(key(made));
        assertThat(api.get("/api/stats").status()).isEqualTo(200);

        assertThat(operator().delete("/api/keys/" + made.id()).status()).isEqualTo(204);

        assertThat(api.get("/api/stats").status()).isIn(401, 429);
        assertThat(operator().delete("/api/keys/" + made.id()).status()).isEqualTo(404);
    }

    @Test
    void tenantsKey_makesKeysForItsTenantAlone() {
        Api acme = SERVER.api().as(key(make(operator(), "[\"tenant:acme2\"]")));

        Answer own = make(acme, "[\"read\"]");
        Answer foreign = acme.post("/api/keys", "{\"name\":\"x\",\"scopes\":[\"admin\",\"tenant:other\"]}");

        assertThat(own.json().path("scopes").toString()).isEqualTo("[\"read\",\"tenant:acme2\"]");
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(acme.get("/api/keys").each("id")).contains(own.id()).hasSize(2);
    }

    @Test
    void scopesAndNames_areChecked() {
        Answer answer = operator()
                .post(
                        "/api/keys",
                        "{\"name\":\" \",\"scopes\":[\"tenant:a\",\"tenant:b\",\"root\",1],\"expires_at\":\"soon\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers())
                .containsExactlyInAnyOrder("/name", "/scopes/2", "/scopes/3", "/scopes", "/expires_at");
    }

    @Test
    void use_isNoted() {
        Answer made = make(operator(), "[\"read\"]");

        SERVER.api().as(key(made)).get("/api/stats");

        Awaitility.await().until(() -> lastUsed(made.id()), used -> !used.isNull());
    }

    private static JsonNode lastUsed(String id) {
        for (JsonNode key : operator().get("/api/keys?limit=500").json().path("data")) {
            if (key.path("id").asText().equals(id)) {
                return key.path("last_used_at");
            }
        }
        throw new AssertionError("no key " + id);
    }

    @Test
    void readingKey_seesNoSecretOfAHeader() {
        Answer made = operator()
                .post(
                        "/api/webhooks",
                        "{\"url\":\"http://localhost:1/\",\"events\":[\"headers\"],"
                                + "\"headers\":{\"Authorization\":\"Bearer theirs\",\"X-Shop\":\"north\"}}");
        Api reader = SERVER.api().as(key(make(operator(), "[\"read\"]")));

        for (Answer seen :
                List.of(reader.get("/api/webhooks/" + made.id()), reader.get("/api/webhooks?event=headers"))) {
            assertThat(seen.text())
                    .contains("\"Authorization\":\"***\"", "north")
                    .doesNotContain("theirs");
        }
        assertThat(operator().get("/api/webhooks/" + made.id()).text()).contains("Bearer theirs");
    }

    @Test
    void openRoutes_needNoKey() {
        for (String path : List.of("/health/live", "/health/ready", "/openapi.json", "/openapi.yaml", "/", "/app.js")) {
            assertThat(SERVER.api().get(path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void keys_areAskedForBeforeTheBodyIsRead() {
        Answer answer = SERVER.api().post("/api/webhooks", "{");

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void s14_wrongKeysFromOneAddress_areSlowed_andGoodOnesGoOn(@TempDir Path folder) {
        try (RunningServer server =
                RunningServer.start(folder, "auth.mode", "keys", "auth.keys", "read=" + KeySecret.hashText(OPERATOR))) {
            for (int count = 0; count < 10; count++) {
                assertThat(server.api()
                                .as("llk_guess" + count)
                                .get("/api/stats")
                                .status())
                        .isEqualTo(401);
            }

            Answer slowed = server.api().as("llk_guess").get("/api/stats");
            Answer signIn = server.api().post("/api/session", "{\"key\":\"llk_guess\"}");

            assertThat(slowed.status()).isEqualTo(429);
            assertThat(Integer.parseInt(slowed.header("Retry-After"))).isBetween(1, 6);
            assertThat(signIn.status()).isEqualTo(429);
            assertThat(server.api().as(OPERATOR).get("/api/stats").status()).isEqualTo(200);
        }
    }

    @Test
    void expiredKey_opensNothing_alsoAfterARestart(@TempDir Path folder) {
        AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneId.of("UTC");
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Clock.systemUTC().instant().plus(passed.get());
            }
        };
        String[] settings = {"auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR)};
        String key;
        try (RunningServer server = RunningServer.start(folder, new TimeSource(clock, System::nanoTime), settings)) {
            String at = clock.instant().plus(Duration.ofHours(1)).toString();
            key = key(server.api()
                    .as(OPERATOR)
                    .post("/api/keys", "{\"name\":\"short\",\"scopes\":[\"read\"],\"expires_at\":\"" + at + "\"}"));
            assertThat(server.api().as(key).get("/api/stats").status()).isEqualTo(200);

            passed.set(Duration.ofHours(1));

            assertThat(server.api().as(key).get("/api/stats").status()).isEqualTo(401);
        }
        try (RunningServer server = RunningServer.start(folder, new TimeSource(clock, System::nanoTime), settings)) {
            assertThat(server.api().as(key).get("/api/stats").status()).isEqualTo(401);
        }
    }

    @Test
    void keyedCallOnAKeylessServer_isTheKeys(@TempDir Path folder) {
        try (RunningServer server = RunningServer.start(folder)) {
            String key = key(make(server.api(), "[\"read\",\"tenant:acme\"]"));

            assertThat(server.api()
                            .as(key)
                            .get("/api/session")
                            .json()
                            .path("tenant")
                            .asText())
                    .isEqualTo("acme");
            assertThat(server.api().as(key).post("/api/webhooks", "{}").status())
                    .isEqualTo(403);
            assertThat(server.api().as("llk_wrong").get("/api/stats").status()).isEqualTo(401);
            assertThat(server.api().as("something-else").get("/api/stats").status())
                    .isEqualTo(200);
        }
    }
}
