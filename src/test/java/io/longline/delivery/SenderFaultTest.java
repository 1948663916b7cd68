package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.delivery.RawReceiver.Script;
import io.longline.model.Outcome;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a receiver does, it is one attempt that ends inside its deadline with words for a person, and its slot is free
 * again: safety.md S6, F11. With room for a single connection, the next request shows that it is.
 */
@ExtendWith(VertxExtension.class)
class SenderFaultTest {
    private static final Duration TIMEOUT = Duration.ofMillis(600);
    /** For a machine that is busy with other things as well. */
    private static final int MUCH_LATER = 5;

    private Wire wire;

    @BeforeEach
    void open(Vertx vertx) {
        wire = new Wire(
                vertx,
                Map.of("delivery.max_in_flight", "1", "delivery.connect_seconds", "1"),
                InetAddress::getAllByName);
        // The first request of a process loads classes; it is not what the deadlines below are about.
        try (RawReceiver warmUp = new RawReceiver(RawReceiver::healthy)) {
            wire.send(warmUp.url(), Duration.ofSeconds(10));
        }
    }

    @AfterEach
    void close(VertxTestContext ending) {
        wire.end().onComplete(ending.succeedingThenComplete());
    }

    static Stream<Arguments> silences() {
        return Stream.of(
                fault("accepts and never reads nor answers", conversation -> {}),
                fault("reads and never answers", conversation -> conversation.readRequest()),
                fault("stalls in the middle of the headers", conversation -> {
                    conversation.readRequest();
                    conversation.write("HTTP/1.1 200 OK\r\nContent-Le");
                }),
                fault("answers one byte every 100 ms", conversation -> {
                    conversation.readRequest();
                    for (byte each : RawReceiver.OK.getBytes()) {
                        conversation.write(new byte[] {each});
                        conversation.pause(100);
                    }
                }),
                fault("sends interim answers for ever", conversation -> {
                    conversation.readRequest();
                    while (true) {
                        conversation.write("HTTP/1.1 103 Early Hints\r\n\r\n");
                        conversation.pause(50);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silences")
    void deadline_endsAnAttemptThatIsNotAnswered(String name, Script fault) {
        try (RawReceiver receiver = new RawReceiver(fault, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.TimedOut("No answer within 600 ms"));
            assertThat(answer.status()).isNull();
            assertThat(answer.durationMillis())
                    .isBetween(TIMEOUT.toMillis() - 5.0, MUCH_LATER * (double) TIMEOUT.toMillis());
            assertOneAttemptAndAFreeSlot(receiver);
        }
    }

    static Stream<Arguments> breaks() {
        Outcome.Malformed notHttp = new Outcome.Malformed("What the receiver answered is not HTTP that can be read");
        Outcome.Unreachable closed = new Outcome.Unreachable("The receiver closed the connection without an answer");
        Outcome.Unreachable broke = new Outcome.Unreachable("The connection to the receiver broke");
        return Stream.of(
                Arguments.of(
                        "closes without reading", script(conversation -> conversation.end()), List.of(closed, broke)),
                Arguments.of(
                        "closes after the request", afterRequest(conversation -> conversation.end()), List.of(closed)),
                Arguments.of(
                        "closes in the middle of the headers",
                        afterRequest(conversation -> {
                            conversation.write("HTTP/1.1 200 OK\r\nContent-");
                            conversation.end();
                        }),
                        List.of(closed)),
                Arguments.of(
                        "resets after the request was sent",
                        afterRequest(conversation -> conversation.reset()),
                        List.of(broke, closed)),
                Arguments.of(
                        "answers garbage",
                        afterRequest(
                                conversation -> conversation.write("\u0000\u0001\u0002 nothing like HTTP\r\n\r\n")),
                        List.of(notHttp)),
                Arguments.of(
                        "speaks another protocol",
                        afterRequest(conversation -> conversation.write("220 mail.example ESMTP ready\r\n\r\n")),
                        List.of(notHttp)),
                Arguments.of(
                        "answers with a length that is no number",
                        afterRequest(conversation ->
                                conversation.write("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok")),
                        List.of(notHttp)),
                Arguments.of(
                        "answers with 10,000 headers",
                        afterRequest(conversation -> {
                            conversation.write("HTTP/1.1 200 OK\r\n");
                            for (int n = 0; n < 10_000; n++) {
                                conversation.write("X-Header-" + n + ": value\r\n");
                            }
                            conversation.write("\r\n");
                        }),
                        List.of(notHttp)),
                Arguments.of(
                        "answers with a header line of 1 MB",
                        afterRequest(conversation -> {
                            conversation.write("HTTP/1.1 200 OK\r\nX-Long: ");
                            conversation.write("a".repeat(1_048_576));
                            conversation.write("\r\n\r\n");
                        }),
                        List.of(notHttp)),
                Arguments.of(
                        "answers with a status line of 1 MB",
                        afterRequest(conversation -> conversation.write("HTTP/1.1 200 " + "a".repeat(1_048_576))),
                        List.of(notHttp)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaks")
    void brokenAnswer_endsTheAttemptBeforeItsDeadline(String name, Script fault, List<Outcome> expected) {
        Duration timeout = Duration.ofSeconds(5);
        try (RawReceiver receiver = new RawReceiver(fault, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), timeout);

            assertThat(answer.outcome()).isIn(expected);
            assertThat(answer.status()).isNull();
            assertThat(answer.durationMillis()).isLessThan(timeout.toMillis() / 2.0);
            assertOneAttemptAndAFreeSlot(receiver);
        }
    }

    @Test
    void refusedConnection_isUnreachable() throws IOException {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = closedSoon.getLocalPort();
        }

        Answer answer = wire.send("http://127.0.0.1:" + port + "/", TIMEOUT);

        assertThat(answer.outcome()).isEqualTo(new Outcome.Unreachable("The receiver refused the connection"));
        assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis());
    }

    @Test
    void connectionNeverAccepted_endsAtTheConnectTimeout() throws IOException {
        try (FullBacklog receiver = new FullBacklog()) {
            Answer answer = wire.send(receiver.url(), Duration.ofSeconds(4));

            assertThat(answer.outcome())
                    .isEqualTo(new Outcome.TimedOut("The receiver did not accept a connection in time"));
            assertThat(answer.durationMillis()).isBetween(900.0, 3_900.0);
        }
    }

    @Test
    void connectionNeverAccepted_endsAtAnEarlierDeadline() throws IOException {
        try (FullBacklog receiver = new FullBacklog()) {
            Answer answer = wire.send(receiver.url(), Duration.ofMillis(300));

            assertThat(answer.outcome()).isEqualTo(new Outcome.TimedOut("No answer within 300 ms"));
            assertThat(answer.durationMillis()).isBetween(295.0, MUCH_LATER * 300.0);
        }
    }

    @Test
    void connectionThatComesAfterTheDeadline_isNotUsedForTheDeadRequest() throws IOException {
        try (FullBacklog receiver = new FullBacklog()) {
            wire.send(receiver.url(), Duration.ofMillis(100));

            int requestsSeen = receiver.acceptAllAndCountRequests();

            assertThat(requestsSeen).isZero();
        }
    }

    /** The connection of the fault is gone, nothing was tried twice, and there is room for the next request. */
    private void assertOneAttemptAndAFreeSlot(RawReceiver receiver) {
        assertThat(receiver.accepted()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(3)).until(() -> receiver.closedByPeer() == 1);

        Answer next = wire.send(receiver.url(), Duration.ofSeconds(5));

        assertThat(next.status()).isEqualTo(200);
        assertThat(receiver.accepted()).isEqualTo(2);
    }

    private static Arguments fault(String name, Script script) {
        return Arguments.of(name, script);
    }

    private static Script script(Script script) {
        return script;
    }

    private static Script afterRequest(Script then) {
        return conversation -> {
            conversation.readRequest();
            then.serve(conversation);
        };
    }

    /** Listens, but its queue of connections is full, so that the kernel answers no further one. */
    private static final class FullBacklog implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> waiting = new ArrayList<>();

        FullBacklog() throws IOException {
            for (int n = 0; n < 2; n++) {
                waiting.add(new Socket("127.0.0.1", listening.getLocalPort()));
            }
        }

        String url() {
            return "http://127.0.0.1:" + listening.getLocalPort() + "/";
        }

        /** Empties the queue at last, and reads what the connections of strangers bring until none comes any more. */
        int acceptAllAndCountRequests() throws IOException {
            int requests = 0;
            listening.setSoTimeout(2_500);
            try {
                while (true) {
                    try (Socket socket = listening.accept()) {
                        boolean ours = waiting.stream().anyMatch(each -> each.getLocalPort() == socket.getPort());
                        socket.setSoTimeout(1_000);
                        requests += !ours && socket.getInputStream().read() >= 0 ? 1 : 0;
                    }
                }
            } catch (java.net.SocketTimeoutException nothingMore) {
                return requests;
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            listening.close();
        }
    }
}
