package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server without keys answers only this machine's user (S19): no rebound name, no foreign page, no proxy. */
class LoopbackGuardTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    @RegisterExtension
    static final RunningServer OPEN = RunningServer.with("auth.mode", "none");

    private static Answer get(RunningServer server, String target, String... headers) {
        return RawHttp.request(server.port(), "GET", target, headers);
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("detail").asText()).contains("auth.mode");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8000",
                "LOCALHOST:1",
                "127.0.0.1",
                "127.0.0.1:65535",
                "[::1]",
                "[::1]:8000"
            })
    void s19_ownNamesAreAnswered(String host) {
        assertThat(get(SERVER, "/health/live", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8000",
                "localhost.evil.example",
                "evil.localhost",
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "127.1",
                "0.0.0.0",
                "[::]",
                "[::ffff:127.0.0.1]",
                "localhost.",
                "2130706433"
            })
    void s19_aForeignHostIsRefused(String host) {
        assertRefused(get(SERVER, "/health/live", "Host: " + host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::1].evil.example",
                "localhost@evil.example",
                "localhost:8000@evil.example",
                "localhost:80a",
                "[::1"
            })
    void s19_aHostThatIsNoneIsRefused(String host) {
        assertThat(get(SERVER, "/health/live", "Host: " + host).status()).isIn(400, 403);
    }

    @Test
    void s19_moreThanOneHostIsRefused() {
        assertRefused(get(SERVER, "/health/live", "Host: localhost", "Host: evil.example"));
    }

    @Test
    void s19_noHostIsRefused() {
        Answer answer = get(SERVER, "/health/live");

        assertThat(answer.status()).isIn(400, 403);
        assertThat(RawHttp.exchange(SERVER.port(), "GET /health/live HTTP/1.0\r\n\r\n")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void s19_itsOwnPageIsAnswered() {
        String own = "localhost:" + SERVER.port();

        assertThat(get(SERVER, "/api/stats", "Host: " + own, "Origin: http://" + own)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example", "https://evil.example:8000", "null", "http://localhost", "http://localhost:1",
                "http://127.0.0.1:8000", "http://localhost:8000.evil.example", "", "localhost:8000", "file://"
            })
    void s19_aForeignPageIsRefused(String origin) {
        assertRefused(get(SERVER, "/api/stats", "Host: localhost:8000", "Origin: " + origin));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=192.0.2.1", "X-Forwarded-For: 127.0.0.1", "x-forwarded-host: localhost",
                "X-FORWARDED-PROTO: https", "X-Forwarded-Port: 1", "X-Forwarded-Anything:"
            })
    void s19_whatCameThroughAProxyIsRefused(String header) {
        assertRefused(get(SERVER, "/api/stats", "Host: localhost", header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/style.css", "/api/webhooks", "/api/nothing", "/nothing", "/openapi.json", "/health/ready"
            })
    void s19_everyPathIsGuarded(String path) {
        assertRefused(get(SERVER, path, "Host: evil.example"));
    }

    @Test
    void s19_aRefusedCallDoesNothing() {
        String body = "{\"event\":\"forged\",\"data\":1}";

        Answer answer = RawHttp.exchange(
                SERVER.port(),
                "POST /api/events/trigger HTTP/1.1\r\nHost: evil.example\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body);

        assertRefused(answer);
        assertThat(SERVER.api().get("/api/events/recent?event=forged").each("id"))
                .isEmpty();
    }

    /** What a page can send without being asked first: a form, or text. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"})
    void s19_bodiesThatAnyPageCouldSendAreRefused(String type) {
        byte[] body = "{\"url\":\"http://localhost:1/\"}".getBytes(StandardCharsets.UTF_8);

        for (String path : List.of("/api/webhooks", "/api/webhooks/test", "/api/events/trigger", "/api/events/batch")) {
            assertThat(SERVER.api()
                            .send("POST", path, body, "Content-Type", type)
                            .status())
                    .isEqualTo(415);
        }
    }

    @Test
    void s19_noAnswerInvitesForeignPages() {
        Answer answer = SERVER.api().get("/api/stats");

        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }

    @Test
    void guard_isOffWhereTheOperatorSaysSo() {
        assertThat(get(OPEN, "/api/stats", "Host: hooks.example.com", "X-Forwarded-For: 192.0.2.1")
                        .status())
                .isEqualTo(200);
        assertThat(get(OPEN, "/api/stats", "Host: a.example", "Origin: https://b.example")
                        .status())
                .isEqualTo(200);
    }
}
