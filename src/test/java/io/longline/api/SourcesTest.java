package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How sources are made, looked at and taken away; and who may call one. */
class SourcesTest {
    private static final String OPERATOR = "llk_operator";
    private static final String READER = "llk_reader";
    private static final String ACME = "llk_acme";
    private static final String SECRET = "secret-of-the-source-5f2a";
    private static final String GITHUB = "{\"name\":\"hub\",\"kind\":\"github\",\"secret\":\"" + SECRET + "\"}";
    private static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String[] KEYED = {
        "auth.mode",
        "keys",
        "auth.keys",
        KeySecret.hashText(OPERATOR) + ",read=" + KeySecret.hashText(READER) + ",tenant:acme="
                + KeySecret.hashText(ACME)
    };

    @TempDir
    Path folder;

    private boolean fileHolds(String text) throws IOException {
        boolean found = false;
        for (String suffix : new String[] {"", "-wal"}) {
            Path file = folder.resolve("longline.db" + suffix);
            found |= Files.exists(file)
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        }
        return found;
    }

    @Test
    void source_isMadeShownAndTakenAway_andNeverShowsItsSecret() {
        try (RunningServer server = RunningServer.start(folder, KEYED)) {
            Api api = server.api().as(OPERATOR);
            ThirdParty hub = new ThirdParty(server.api(), "hub", SECRET);

            Answer made = api.post("/api/sources", GITHUB);
            String one = "/api/sources/" + made.id();

            assertThat(made.header("Location")).isEqualTo(one);
            assertThat(made.id()).startsWith("src_");
            assertThat(made.json().path("path").asText()).isEqualTo("/in/hub");
            assertThat(made.json().path("event_prefix").asText()).isEqualTo("github");
            assertThat(made.json().path("secret_hint").asText()).isEqualTo("5f2a");
            assertThat(api.get(one).json()).isEqualTo(made.json());
            assertThat(server.api().as(READER).get("/api/sources").each("id")).containsExactly(made.id());
            assertThat(hub.github("push", "1", "{}").status()).isEqualTo(202);
            assertThat(api.delete(one).status()).isEqualTo(204);
            assertThat(hub.github("push", "2", "{}").status()).isEqualTo(401);
            assertThat(api.get(one).status()).isEqualTo(404);
            assertThat(api.post("/api/sources", GITHUB).status()).isEqualTo(201);

            Answer audit = api.get("/api/audit?subject=" + made.id());
            assertThat(audit.each("action")).containsExactly("source.delete", "source.create");
            assertThat(audit.each("detail")).containsOnly("hub (github)");
            for (Answer shown : List.of(made, audit, api.get("/api/sources"), api.get("/api/audit"))) {
                assertThat(shown.text()).doesNotContain(SECRET);
            }
        }
    }

    @Test
    void name_isThereOnceOnAServer_whoeversItIs() {
        try (RunningServer server = RunningServer.start(folder, KEYED)) {
            server.api().as(ACME).post("/api/sources", GITHUB);

            Answer taken = server.api().as(OPERATOR).post("/api/sources", GITHUB);

            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.text()).contains("hub").doesNotContain("acme");
        }
    }

    @Test
    void event_isTheTenantsOwn() {
        try (RunningServer server = RunningServer.start(folder, KEYED)) {
            server.api().as(ACME).post("/api/sources", GITHUB);

            Answer accepted = new ThirdParty(server.api(), "hub", SECRET).github("push", "1", "{}");

            assertThat(server.api()
                            .as(ACME)
                            .get("/api/events/" + accepted.id())
                            .json()
                            .path("tenant")
                            .asText())
                    .isEqualTo("acme");
        }
    }

    @Test
    void everythingThatIsWrong_isToldAtOnce() {
        try (RunningServer server = RunningServer.start(folder)) {
            Api api = server.api();

            assertThat(api.post("/api/sources", "{}").pointers())
                    .containsExactlyInAnyOrder("/name", "/kind", "/secret");
            assertThat(api.post(
                                    "/api/sources",
                                    "{\"name\":\"A b\",\"kind\":\"github\",\"secret\":\"short\",\"header\":\"X\","
                                            + "\"algorithm\":\"md5\",\"tenant\":\"a b\",\"event_prefix\":\"x.\",\"odd\":1}")
                            .pointers())
                    .contains("/name", "/secret", "/header", "/algorithm", "/tenant", "/event_prefix", "/odd");
            assertThat(api.post("/api/sources", "{\"name\":\"h\",\"kind\":\"hmac\",\"secret\":\"12345678\"}")
                            .pointers())
                    .containsExactly("/header");
            assertThat(api.post(
                                    "/api/sources",
                                    "{\"name\":\"t\",\"kind\":\"token\",\"secret\":\"12345678\",\"header\":\"X Y\","
                                            + "\"encoding\":\"hex\",\"id_header\":7}")
                            .pointers())
                    .containsExactlyInAnyOrder("/header", "/encoding", "/id_header");
            assertThat(api.post("/api/sources", GITHUB.replace("github", "bitbucket"))
                            .text())
                    .contains("must be github, gitlab, stripe, shopify, slack, standard, hmac or token");
            assertThat(api.post("/api/sources", "{\"secret\":\"" + SECRET + "\",\"kind\":1}")
                            .text())
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void withoutKeys_onlyThisMachinesUserCallsASource() {
        try (RunningServer server = RunningServer.start(folder)) {
            server.api().post("/api/sources", GITHUB);

            assertThat(new ThirdParty(server.api(), "hub", SECRET)
                            .github("push", "1", "{}")
                            .status())
                    .isEqualTo(202);
            assertThat(new ThirdParty(server.api().always("X-Forwarded-For", "192.0.2.1"), "hub", SECRET)
                            .github("push", "2", "{}")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void callsFromOneAddress_haveALimitOfTheirOwn() {
        String[] settings = {KEYED[0], KEYED[1], KEYED[2], KEYED[3], "limits.source_calls_per_second_per_address", "2"};
        try (RunningServer server = RunningServer.start(folder, settings)) {
            server.api().as(OPERATOR).post("/api/sources", GITHUB);
            ThirdParty hub = new ThirdParty(server.api(), "hub", SECRET);

            Answer refused =
                    Awaitility.await().until(() -> hub.github("push", "1", "{}"), answer -> answer.status() == 429);

            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(server.api().as(OPERATOR).get("/api/sources").status()).isEqualTo(200);
        }
    }

    @Test
    void behindATrustedProxy_limitsAndTheAuditLogGoByTheClientsAddress() {
        String[] settings = {
            KEYED[0],
            KEYED[1],
            KEYED[2],
            KEYED[3],
            "limits.source_calls_per_second_per_address",
            "1",
            "server.trusted_proxies",
            "127.0.0.0/8"
        };
        try (RunningServer server = RunningServer.start(folder, settings)) {
            Api operator = server.api()
                    .always("Authorization", "Bearer " + OPERATOR, "X-Forwarded-For", "198.51.100.1, 192.0.2.7");
            Answer made = operator.post("/api/sources", GITHUB);
            ThirdParty one = new ThirdParty(server.api().always("X-Forwarded-For", "192.0.2.1"), "hub", SECRET);
            ThirdParty other = new ThirdParty(server.api().always("X-Forwarded-For", "192.0.2.2"), "hub", SECRET);

            Awaitility.await().until(() -> one.github("push", "1", "{}").status(), status -> status == 429);

            assertThat(other.github("push", "2", "{}").status()).isEqualTo(202);
            assertThat(operator.get("/api/audit?subject=" + made.id()).each("address"))
                    .containsExactly("192.0.2.7");
        }
    }

    @Test
    void s9_secret_liesSealed_andOpensAfterARestart() throws Exception {
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", MASTER_KEY)) {
            server.api().post("/api/sources", GITHUB);
            assertThat(fileHolds(SECRET)).isFalse();
        }
        assertThat(fileHolds("sealed:1:")).isTrue();
        try (RunningServer server = RunningServer.start(folder, "secrets.master_key", MASTER_KEY)) {
            assertThat(new ThirdParty(server.api(), "hub", SECRET)
                            .github("push", "1", "{}")
                            .status())
                    .isEqualTo(202);
        }
        assertThatThrownBy(() -> RunningServer.start(folder).close())
                .hasMessageContaining("source src_")
                .hasMessageContaining("secrets.previous_master_keys");
    }
}
