package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.TimeSource;
import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RunningServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S13: how a browser signs in, what its cookie is good for, and when it ends. */
class SessionTest {
    private static final String OPERATOR = "llk_operator";
    private static final String CHANGE = "{\"event\":\"a\",\"data\":1}";

    @RegisterExtension
    static final RunningServer SERVER =
            RunningServer.with("auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR));

    private static Answer signIn(Api api, String key) {
        return api.post("/api/session", "{\"key\":\"" + key + "\"}");
    }

    private static String cookie(Answer signedIn) {
        assertThat(signedIn.status()).as(signedIn.toString()).isEqualTo(201);
        return signedIn.header("Set-Cookie").split(";")[0];
    }

    @Test
    void cookie_isForThisServerAlone_andInvisibleToScripts() {
        Answer signedIn = signIn(SERVER.api(), OPERATOR);

        assertThat(signedIn.header("Set-Cookie"))
                .startsWith("longline_session=")
                .contains("; HTTPOnly", "; SameSite=Strict", "; Path=/")
                .doesNotContain("Domain", "Secure", "Max-Age", "Expires", OPERATOR);
        assertThat(signedIn.header("Cache-Control")).isEqualTo("no-store");
        assertThat(signedIn.json().at("/scopes/0").asText()).isEqualTo("admin");
    }

    @Test
    void cookie_reads() {
        Api browser = SERVER.api().always("Cookie", cookie(signIn(SERVER.api(), OPERATOR)));

        assertThat(browser.get("/api/stats").status()).isEqualTo(200);
        assertThat(browser.get("/api/session").json().path("keys_needed").asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, -, 202",
                "-, http://localhost:PORT, 202",
                "same-origin, http://localhost:PORT, 202",
                "-, -, 403",
                "same-site, -, 403",
                "cross-site, -, 403",
                "none, -, 403",
                "-, http://evil.example, 403",
                "-, null, 403",
                "-, http://localhost:1, 403",
                "same-origin, http://evil.example, 403",
                "cross-site, http://localhost:PORT, 403"
            })
    void s13_change_isTakenFromTheDashboardsOwnPagesAlone(String site, String origin, int status) {
        String cookie = cookie(signIn(SERVER.api(), OPERATOR));
        List<String> headers = new ArrayList<>(List.of("Cookie", cookie));
        if (site != null) {
            headers.addAll(List.of("Sec-Fetch-Site", site));
        }
        if (origin != null) {
            headers.addAll(List.of("Origin", origin.replace("PORT", Integer.toString(SERVER.port()))));
        }

        Answer answer = SERVER.api().post("/api/events/trigger", CHANGE, headers.toArray(String[]::new));

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void signIn_isNotForForeignPages() {
        Answer answer =
                SERVER.api().post("/api/session", "{\"key\":\"" + OPERATOR + "\"}", "Origin", "http://evil.example");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void signOut_endsIt() {
        String cookie = cookie(signIn(SERVER.api(), OPERATOR));
        Api browser = SERVER.api().always("Cookie", cookie, "Sec-Fetch-Site", "same-origin");

        Answer out = browser.delete("/api/session");

        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
        assertThat(browser.get("/api/stats").status()).isEqualTo(401);
    }

    @Test
    void revokedKey_signsOut() {
        Api operator = SERVER.api().as(OPERATOR);
        Answer made = operator.post("/api/keys", "{\"name\":\"a\",\"scopes\":[\"read\"]}");
        Api browser = SERVER.api()
                .always(
                        "Cookie",
                        cookie(signIn(SERVER.api(), made.json().path("key").asText())));
        assertThat(browser.get("/api/stats").status()).isEqualTo(200);

        operator.delete("/api/keys/" + made.id());

        assertThat(browser.get("/api/stats").status()).isEqualTo(401);
    }

    @Test
    void sessionOfAReadingKey_changesNothing() {
        Answer made = SERVER.api().as(OPERATOR).post("/api/keys", "{\"name\":\"a\",\"scopes\":[\"read\"]}");
        Api browser = SERVER.api()
                .always(
                        "Cookie",
                        cookie(signIn(SERVER.api(), made.json().path("key").asText())),
                        "Sec-Fetch-Site",
                        "same-origin");

        assertThat(browser.post("/api/events/trigger", CHANGE).status()).isEqualTo(403);
    }

    @Test
    void forgedCookies_areNone() {
        for (String forged : List.of(
                "longline_session=",
                "longline_session=x",
                "longline_session=a; longline_session=b",
                "other=1",
                ";;=")) {
            assertThat(SERVER.api().get("/api/stats", "Cookie", forged).status())
                    .as(forged)
                    .isEqualTo(401);
        }
    }

    @Test
    void s13_session_endsWhenIdle_andAtTheLatest_andWithARestart(@TempDir Path folder) {
        AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
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
        String[] settings = {
            "auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR), "auth.session_idle_seconds", "600"
        };
        String last;
        try (RunningServer server = RunningServer.start(folder, new TimeSource(clock, System::nanoTime), settings)) {
            Api idle = server.api().always("Cookie", cookie(signIn(server.api(), OPERATOR)));
            Api busy = server.api().always("Cookie", cookie(signIn(server.api(), OPERATOR)));
            for (int minutes = 0; minutes < 12 * 60; minutes += 9) {
                passed.set(Duration.ofMinutes(minutes));
                assertThat(busy.get("/api/session").status()).isEqualTo(200);
            }
            assertThat(idle.get("/api/session").status()).isEqualTo(401);

            passed.set(Duration.ofHours(12));

            assertThat(busy.get("/api/session").status()).isEqualTo(401);
            last = cookie(signIn(server.api(), OPERATOR));
        }
        try (RunningServer server = RunningServer.start(folder, settings)) {
            assertThat(server.api().get("/api/session", "Cookie", last).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void everyAnswer_forbidsWhatABrowserShouldNotDo() {
        for (String path : List.of("/", "/app.js", "/api/stats", "/nothing", "/openapi.json")) {
            Answer answer = SERVER.api().get(path);

            assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).as(path).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy"))
                    .as(path)
                    .contains("default-src ", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
        }
    }
}
