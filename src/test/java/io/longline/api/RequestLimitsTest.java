package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.security.KeySecret;
import io.longline.testing.Answer;
import io.longline.testing.RawHttp;
import io.longline.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S14: no caller gets more than its share, and nobody holds a connection for nothing. */
class RequestLimitsTest {
    private static final String OPERATOR = "llk_operator";
    private static final String[] KEYED = {"auth.mode", "keys", "auth.keys", KeySecret.hashText(OPERATOR)};

    @TempDir
    Path folder;

    private RunningServer server(String... more) {
        List<String> all = new ArrayList<>(List.of(KEYED));
        all.addAll(List.of(more));
        return RunningServer.start(folder, all.toArray(String[]::new));
    }

    @Test
    void s14_everyOperation_isLimitedByAddress_asTheContractSays() {
        try (RunningServer server = server("limits.requests_per_second_per_address", "5")) {
            ContractDriver driver = new ContractDriver(server.api());
            for (String operation : driver.operations()) {
                String path = operation.substring(operation.indexOf(' ') + 1).replaceAll("\\{[a-z]+}", "x");
                Answer answer = driver.until(429, operation, path);

                assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
            }
        }
    }

    @Test
    void s14_oneKeyTooOften_isSlowed_andAnotherGoesOn() {
        try (RunningServer server = server("limits.requests_per_second_per_key", "5")) {
            Answer made = server.api().as(OPERATOR).post("/api/keys", "{\"name\":\"a\",\"scopes\":[\"read\"]}");
            String key = made.json().path("key").asText();

            List<Integer> statuses = new ArrayList<>();
            for (int count = 0; count < 15; count++) {
                statuses.add(server.api().as(key).get("/api/session").status());
            }

            assertThat(statuses).startsWith(200, 200, 200, 200, 200).contains(429);
            assertThat(server.api().as(OPERATOR).get("/api/session").status()).isEqualTo(200);
            Awaitility.await()
                    .until(() -> server.api().as(key).get("/api/session").status(), status -> status == 200);
        }
    }

    @Test
    void onLoopbackWithoutKeys_nothingIsLimited() {
        try (RunningServer server = RunningServer.start(folder, "limits.requests_per_second_per_address", "1")) {
            for (int count = 0; count < 50; count++) {
                assertThat(server.api().get("/api/stats").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void s14_connectionsBeyondTheCap_areClosed_andOthersGoOn() throws IOException {
        try (RunningServer server = server("limits.connections", "20")) {
            List<Socket> held = new ArrayList<>();
            try {
                for (int count = 0; count < 20; count++) {
                    Socket socket = new Socket("127.0.0.1", server.port());
                    socket.getOutputStream()
                            .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().read()).isEqualTo('H');
                    held.add(socket);
                }
                try (Socket beyond = new Socket("127.0.0.1", server.port())) {
                    beyond.setSoTimeout(10_000);
                    assertThat(readToEnd(beyond)).isZero();
                }
            } finally {
                for (Socket socket : held) {
                    socket.close();
                }
            }
            Awaitility.await()
                    .until(() -> RawHttp.request(server.port(), "GET", "/health/live", "Host: localhost")
                                    .status()
                            == 200);
        }
    }

    private static int readToEnd(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes().length;
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void s14_aHeadThatDrips_isCutOff() throws Exception {
        try (RunningServer server = server("limits.slow_request_seconds", "1");
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            long drips = drip(socket);

            assertThat(drips).isLessThan(400);
        }
    }

    @Test
    void s14_aBodyThatDrips_isAnswered408() throws Exception {
        try (RunningServer server = server("limits.slow_request_seconds", "1");
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100000\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            drip(socket);
            InputStream answer = socket.getInputStream();
            String text;
            try {
                text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException resetAfterTheAnswer) {
                text = "";
            }

            assertThat(text.isEmpty() || text.startsWith("HTTP/1.1 408"))
                    .as(text)
                    .isTrue();
            assertThat(server.api().get("/health/live").status()).isEqualTo(200);
        }
    }

    @Test
    void s14_aBodyThatStops_isAnswered408() throws Exception {
        try (RunningServer server = server("limits.slow_request_seconds", "1")) {
            Answer answer = RawHttp.exchange(
                    server.port(),
                    "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{");

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    /** A byte every 20 ms, until the server hangs up; answers how many it took. */
    private static long drip(Socket socket) {
        int[] drips = new int[1];
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    try {
                        socket.getOutputStream().write('a');
                        drips[0]++;
                        return socket.getInputStream().available() > 0;
                    } catch (IOException closed) {
                        return true;
                    }
                });
        return drips[0];
    }
}
