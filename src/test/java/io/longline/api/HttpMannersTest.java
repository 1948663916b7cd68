package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server owes any client, however badly it behaves: the right status, a problem, no page, no stack trace. */
class HttpMannersTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    private static Answer raw(String method, String target, String... more) {
        String[] headers = new String[more.length + 1];
        headers[0] = "Host: localhost";
        System.arraycopy(more, 0, headers, 1, more.length);
        return RawHttp.request(SERVER.port(), method, target, headers);
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("detail").asText()).isNotEmpty();
        assertThat(answer.text()).doesNotContain("Exception", "io.longline", "io.vertx", "\tat ", "<html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api",
                "/api/",
                "/api/nothing",
                "/api/webhooks/wh_x/nothing",
                "/api/webhooks/wh_x",
                "/api/webhooks/WH_00000000000000000000000000",
                "/api/webhooks/wh_0000000000000000000000000u",
                "/api/deliveries/..",
                "/api/events/evt_%00",
                "/health",
                "/openapi",
                "/API/webhooks"
            })
    void unknownPaths_areNotFound(String path) {
        assertProblem(raw("GET", path), 404);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/api/webhooks,'GET, HEAD, POST'",
        "PUT,/api/webhooks/wh_x,'DELETE, GET, HEAD, PATCH'",
        "POST,/api/webhooks/wh_x,'DELETE, GET, HEAD, PATCH'",
        "PUT,/api/webhooks/test,POST",
        "PATCH,/api/events/trigger,POST",
        "DELETE,/api/events/batch,POST",
        "POST,/api/events,'GET, HEAD'",
        "POST,/api/stats,'GET, HEAD'",
        "GET,/api/deliveries/dlv_x/retry,POST",
        "TRACE,/api/stats,'GET, HEAD'",
        "POST,/health/ready,'GET, HEAD'",
        "OPTIONS,/api/webhooks,'GET, HEAD, POST'",
        "BREW,/api/stats,'GET, HEAD'"
    })
    void otherMethods_areNotAllowedAndTheAllowedOnesNamed(String method, String path, String allowed) {
        Answer answer = raw(method, path);

        assertProblem(answer, 405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/style.css", "/api/webhooks", "/api/stats", "/health/ready", "/openapi.json"})
    void head_isAnsweredAsGetWithoutTheBody(String path) {
        Answer get = raw("GET", path);

        Answer head = raw("HEAD", path);

        assertThat(head.status()).isEqualTo(get.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/webhooks/%",
                "/api/webhooks/%zz",
                "/api/event-types/%e",
                "/%",
                "/%zz/x.js",
                "/api/webhooks?limit=%",
                "/api/webhooks?%zz=1",
                "/api/events/recent?event=%e6%"
            })
    void percentEncoding_thatIsMalformedIsTheCallersFault(String target) {
        assertProblem(raw("GET", target), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/event-types/%ff%fe",
                "/api/event-types/%c3%28",
                "/api/event-types/%00",
                "/api/event-types/%ed%a0%80"
            })
    void percentEncoding_ofWhatIsNoTextNamesNothing(String target) {
        assertThat(raw("GET", target).status()).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "POST", "GET", "HEAD", "PATCH"})
    void unreadablePaths_areTheCallersFaultWhateverTheMethod(String method) {
        assertThat(raw(method, "/api/webhooks/%zz").status()).isEqualTo(400);
    }

    @Test
    void longRequestLines_areRefused() {
        assertProblem(raw("GET", "/api/webhooks?q=" + "a".repeat(9_000)), 414);
        assertThat(raw("GET", "/api/webhooks?q=" + "a".repeat(200)).status()).isEqualTo(200);
    }

    @Test
    void largeHeaders_areRefused() {
        assertProblem(raw("GET", "/api/webhooks", "X-Large: " + "a".repeat(17_000)), 431);
        assertThat(raw("GET", "/api/webhooks", "X-Large: " + "a".repeat(8_000)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHost localhost\r\n\r\n",
                "GET /health/live HTTP/1.1\r\nHo st: localhost\r\n\r\n"
            })
    void nonsense_isRefusedOrHungUpOn(String text) {
        Answer answer = RawHttp.exchange(SERVER.port(), text);

        assertThat(answer.status()).isIn(0, 400, 403, 501, 505);
        assertThat(answer.text()).doesNotContain("Exception");
        assertThat(api().get("/health/live").status()).isEqualTo(200);
    }

    @Test
    void answers_carryTheHeadersThatKeepBrowsersHonest() {
        for (String path : List.of("/", "/api/stats", "/api/nothing", "/health/live")) {
            Answer answer = api().get(path);
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        }
    }

    @Test
    void headers_neverRepeatWhatWasSent() {
        Answer answer = raw("GET", "/api/webhooks?q=injected%0d%0aSet-Cookie:%20a=b", "X-Request-Id: injected");

        assertThat(answer.headers().map().toString()).doesNotContain("injected", "Set-Cookie");
    }

    @Test
    void connection_servesRequestAfterRequestWhateverWasRefused() {
        String refused = "POST /api/webhooks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{]";
        String last = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        Answer answer = RawHttp.exchange(SERVER.port(), refused + refused + last);

        assertThat(answer.text().split("HTTP/1.1 400 ", -1)).hasSize(2);
        assertThat(answer.text()).contains("HTTP/1.1 200 OK").endsWith("{\"status\":\"up\"}");
    }

    /** Java's own client asks a plain-text server for HTTP/2; it has to be served all the same. */
    @Test
    void client_thatWouldRatherSpeakHttp2IsServed() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + SERVER.port() + "/api/webhooks"))
                .build();

        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void trailingBodyOfAReading_isNotReadForAnotherRequest() {
        Answer answer = RawHttp.exchange(
                SERVER.port(),
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nDELET");

        assertThat(answer.status()).isEqualTo(200);
    }
}
