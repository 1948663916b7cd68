package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.testing.Answer;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end can be read in two ways, each followed by a second request on the same connection: behind a proxy that
 * reads them the other way the second would be somebody else's. Nothing is ever done for it: all that comes back are refusals.
 */
class FramingTest {
    private static final String BODY = "{\"event\":\"a\",\"data\":1}";
    private static final String CHUNK = "\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String NEXT = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    @RegisterExtension
    static final RunningServer SERVER = RunningServer.with();

    /** The statuses of everything that came back, in order, until the server hung up. */
    private static List<String> statuses(String version, String headers, String body) {
        String request = "POST /api/events/trigger " + version + "\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\n" + headers + "\r\n\r\n" + body + NEXT;
        byte[] received = RawHttp.received(SERVER.port(), request.getBytes(StandardCharsets.ISO_8859_1));
        return STATUS.matcher(new String(received, StandardCharsets.ISO_8859_1))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static void assertRefused(List<String> statuses) {
        assertThat(statuses).isSubsetOf("400");
        Answer alive = SERVER.api().get("/health/live");
        assertThat(alive.status()).isEqualTo(200);
    }

    @Test
    void plainFraming_isReadToItsEndAndNoFurther() {
        assertThat(statuses("HTTP/1.1", "Content-Length: " + BODY.length(), BODY))
                .containsExactly("202", "200");
        assertThat(statuses("HTTP/1.1", "Transfer-Encoding: chunked", "16" + CHUNK))
                .containsExactly("202", "200");
        assertThat(statuses("HTTP/1.1", "transfer-encoding: Chunked", "16;name=value" + CHUNK))
                .containsExactly("202", "200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 22\r\nContent-Length: 0",
                "Content-Length: 22\r\nContent-Length: 22",
                "Content-Length: 22, 0",
                "Content-Length: +22",
                "Content-Length: -22",
                "Content-Length: 0x16",
                "Content-Length: 22x",
                "Content-Length: ",
                "Content-Length: 99999999999999999999"
            })
    void lengths_thatContradictThemselvesAreRefused(String headers) {
        assertRefused(statuses("HTTP/1.1", headers, BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xchunked",
                "identity",
                "\"chunked\"",
                "gzip, chunked",
                "chunked, identity",
                "chunked, chunked",
                "chunked\r\nTransfer-Encoding: identity",
                "identity\r\nTransfer-Encoding: chunked",
                "\u000bchunked",
                "chunked;q=1"
            })
    void codings_otherThanChunkedAreRefusedWithAndWithoutALength(String coding) {
        assertRefused(statuses("HTTP/1.1", "Transfer-Encoding: " + coding, "16" + CHUNK));
        assertRefused(statuses("HTTP/1.1", "Transfer-Encoding: " + coding + "\r\nContent-Length: 22", BODY));
    }

    @Test
    void coding_whoseHeaderIsMisspeltIsRefused() {
        assertRefused(statuses("HTTP/1.1", "Transfer-Encoding : chunked\r\nContent-Length: 22", BODY));
        assertRefused(statuses("HTTP/1.1", "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 22", BODY));
    }

    @Test
    void oldVersions_knowNoChunks() {
        assertRefused(statuses("HTTP/1.0", "Connection: keep-alive\r\nTransfer-Encoding: chunked", "16" + CHUNK));
    }

    /** The coding wins over the length, as the standard has it: what a length would have hidden is no request. */
    @Test
    void length_besideChunksHidesNothing() {
        assertThat(statuses("HTTP/1.1", "Content-Length: 4\r\nTransfer-Encoding: chunked", "16" + CHUNK))
                .containsExactly("202", "200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x16", "-16", "16;a\nb", "16\n", "zz", ""})
    void chunkSizes_thatAreNoneEndTheConnection(String size) {
        List<String> statuses = statuses("HTTP/1.1", "Transfer-Encoding: chunked", size + CHUNK);

        assertRefused(statuses);
    }

    @Test
    void chunks_thatDoNotEndWhereTheySayEndTheConnection() {
        assertRefused(statuses("HTTP/1.1", "Transfer-Encoding: chunked", "16\r\n" + BODY + "XX0\r\n\r\n"));
    }
}
