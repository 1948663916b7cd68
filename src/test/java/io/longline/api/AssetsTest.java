package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.Api;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's files: cached by their content, kept to their own origin (S13), and nothing else of the jar. */
class AssetsTest {
    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    private static Api api() {
        return SERVER.api();
    }

    @ParameterizedTest
    @CsvSource({
        "/,text/html; charset=utf-8",
        "/index.html,text/html; charset=utf-8",
        "/style.css,text/css; charset=utf-8",
        "/docs,text/html; charset=utf-8",
        "/app.js,text/javascript; charset=utf-8",
        "/favicon.svg,image/svg+xml"
    })
    void assets_areServedWithTheirMediaType(String path, String mediaType) {
        Answer answer = api().get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(mediaType);
        assertThat(answer.body()).isNotEmpty();
    }

    @Test
    void assets_areNotSentAgainWhileTheyStayTheSame() {
        Answer first = api().get("/app.js");

        Answer second = api().get("/app.js", "If-None-Match", first.header("ETag"));
        Answer other = api().get("/app.js", "If-None-Match", "\"0123456789abcdef\"");

        assertThat(first.header("ETag")).matches("\"[0-9a-f]{16}\"");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    void libraries_areKeptByBrowsers() {
        Matcher library = Pattern.compile("/lib/[^\"']+").matcher(api().get("/").text());
        assertThat(library.find()).isTrue();

        Answer answer = api().get(library.group());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).contains("immutable");
    }

    @Test
    void s13_thePolicyAllowsNothingInlineAndNoFrame() {
        String policy = api().get("/").header("Content-Security-Policy");

        assertThat(policy)
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "*");
    }

    @Test
    void s13_theContractsViewerMayShowItsOwnIcons_andNothingElseMore() {
        assertThat(api().get("/docs").header("Content-Security-Policy"))
                .contains("default-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "*");
        assertThat(api().get("/docs.js").text()).contains("'/openapi.json'").doesNotContain("http:", "https:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs"})
    void s13_thePageKeepsToThePolicy(String address) {
        String page = api().get(address).text();

        assertThat(page).doesNotContainPattern("(?i)<script(?![^>]*\\bsrc=)").doesNotContainPattern("(?i)\\son[a-z]+=");
        assertThat(page).doesNotContain("<style", "style=", "javascript:");
        Matcher links = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page);
        int found = 0;
        while (links.find()) {
            found++;
            String path = links.group(1).startsWith("/") ? links.group(1) : "/" + links.group(1);
            assertThat(api().get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(found).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../conf/longline.yaml",
                "/%2e%2e/conf/longline.yaml",
                "/..%2fconf/longline.yaml",
                "/pages/../../logback.xml",
                "/conf/longline.yaml",
                "/db/sqlite/V1__first_schema.sql",
                "//app.js/../../x.js",
                "/.gitignore",
                "/pages",
                "/pages/",
                "/pages/none.js",
                "/app.js/",
                "/app.js%00.css",
                "/..\\app.js",
                "/io/longline/Main.class",
                "/META-INF/MANIFEST.MF",
                "/webroot/app.js",
                "/nothing.js",
                "/lib/nothing.js",
                "/lib/uplot/0.0.0/dist/uPlot.esm.js",
                "/lib/jquery/3.7.1/dist/jquery.js",
                "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.esm.js",
                "/./.js"
            })
    void assets_areNothingButTheDashboardsFiles(String path) {
        Answer answer = RawHttp.request(SERVER.port(), "GET", path, "Host: localhost");

        assertThat(answer.status()).as(answer.text()).isIn(400, 404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
}
