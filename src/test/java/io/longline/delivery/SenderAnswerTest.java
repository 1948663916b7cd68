package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.longline.delivery.RawReceiver.Script;
import io.longline.model.Outcome;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is read and kept of an answer, and that its status decides whatever becomes of its body: E11, S4, S6. */
@ExtendWith(VertxExtension.class)
class SenderAnswerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int KEPT = 16_384;
    private static final int READ = 65_536;

    private Wire wire;

    @BeforeEach
    void open(Vertx vertx) {
        wire = new Wire(vertx, Map.of("delivery.max_in_flight", "1"), InetAddress::getAllByName);
    }

    @AfterEach
    void close(VertxTestContext ending) {
        wire.end().onComplete(ending.succeedingThenComplete());
    }

    @Test
    void answer_isKeptWithStatusHeadersAndBody() {
        try (RawReceiver receiver = new RawReceiver(answering(
                "HTTP/1.1 422 No\r\nX-A: 1\r\nX-B: 2\r\nX-A: 3\r\n" + "Content-Length: 5\r\n\r\nnöt" + "!"))) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(422, null));
            assertThat(answer.headers()).containsEntry("X-A", "1, 3").containsEntry("X-B", "2");
            assertThat(answer.body()).isEqualTo("nöt!");
        }
    }

    @Test
    void body_isReadTo64KibAndKeptTo16Kib() {
        try (RawReceiver receiver = new RawReceiver(
                answering("HTTP/1.1 200 OK\r\nContent-Length: " + READ + "\r\n\r\n" + "x".repeat(READ)))) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);
            Answer next = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.body()).hasSize(KEPT);
            // It was read to its end, so that the connection served again.
            assertThat(next.status()).isEqualTo(200);
            assertThat(receiver.accepted()).isEqualTo(1);
        }
    }

    @Test
    void bodyPastTheLimit_isCutAndItsConnectionClosed() {
        try (RawReceiver receiver = new RawReceiver(
                answering("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + "x".repeat(READ + 1)),
                RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(answer.body()).hasSize(KEPT);
            assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis());
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void endlessBody_isReadNoFurtherThanTheLimit() {
        AtomicLong written = new AtomicLong();
        Script endless = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "y".repeat(4_096) + "\r\n";
            while (true) {
                conversation.write(chunk);
                written.addAndGet(4_096);
            }
        };
        try (RawReceiver receiver = new RawReceiver(endless, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("y".repeat(KEPT));
            assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis());
            assertSlotIsFree(receiver);
            // What the kernel's buffers took is not what was read; an endless reader would have let gigabytes through.
            assertThat(written.get()).isLessThan(64L << 20);
        }
    }

    @Test
    void gzipBomb_isNotInflated() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1 << 20];
            for (int n = 0; n < 40; n++) {
                gzip.write(zeros);
            }
        }
        Script bombing = conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n\r\n");
                conversation.write(bomb.toByteArray());
            }
        };
        try (RawReceiver receiver = new RawReceiver(bombing)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(receiver.requests())
                    .hasSize(1)
                    .allSatisfy(request -> assertThat(request).doesNotContainIgnoringCase("accept-encoding"));
            // The first bytes of a gzip stream, as they came, rather than zeros.
            assertThat(answer.body()).hasSizeLessThanOrEqualTo(KEPT).startsWith("\u001f\uFFFD\b");
        }
    }

    @Test
    void e11_successWithABodyThatIsLate_isASuccessAtTheDeadline() {
        Script late = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nbegun");
        };
        try (RawReceiver receiver = new RawReceiver(late, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), Duration.ofMillis(500));

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(202, null));
            assertThat(answer.body()).isEqualTo("begun");
            assertThat(answer.durationMillis()).isBetween(495.0, 2_500.0);
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void e11_successWithABodyThatDrips_isASuccessAtTheDeadline() {
        Script dripping = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            while (true) {
                conversation.write("z");
                conversation.pause(50);
            }
        };
        try (RawReceiver receiver = new RawReceiver(dripping, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), Duration.ofMillis(500));

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(answer.durationMillis()).isBetween(495.0, 2_500.0);
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void e11_successWithABodyThatBreaksOff_isASuccessAtOnce() {
        Script cut = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            conversation.end();
        };
        try (RawReceiver receiver = new RawReceiver(cut, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(answer.body()).isEqualTo("half");
            assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis());
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void e11_successWithABodyThatIsGarbage_isASuccess() {
        Script garbled = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnot a size\r\n");
        };
        try (RawReceiver receiver = new RawReceiver(garbled, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(200, null));
            assertThat(answer.durationMillis()).isLessThan(TIMEOUT.toMillis());
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void failureWithABodyThatIsLate_keepsItsStatusAndRetryAfter() {
        Script late = conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n");
        };
        try (RawReceiver receiver = new RawReceiver(late, RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), Duration.ofMillis(400));

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(503, Duration.ofSeconds(7)));
            assertThat(answer.outcome().message()).isEqualTo("The receiver answered 503");
            assertSlotIsFree(receiver);
        }
    }

    @Test
    void s4_redirect_isNotFollowed() {
        try (RawReceiver target = new RawReceiver(RawReceiver::healthy);
                RawReceiver receiver = new RawReceiver(answering(
                        "HTTP/1.1 307 Elsewhere\r\nLocation: " + target.url() + "\r\nContent-Length: 0\r\n\r\n"))) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.outcome()).isEqualTo(new Outcome.Answered(307, null));
            assertThat(answer.outcome().message())
                    .isEqualTo("The receiver answered with a redirect (307), which is never followed");
            assertThat(receiver.requests()).hasSize(1);
            assertThat(target.accepted()).isZero();
        }
    }

    @Test
    void characterCutInTwoAtTheLimit_isLeftOut() {
        String body = "a".repeat(KEPT - 1) + "é";
        try (RawReceiver receiver = new RawReceiver(answering("HTTP/1.1 200 OK\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body))) {
            Answer answer = wire.send(receiver.url(), TIMEOUT);

            assertThat(answer.body()).isEqualTo("a".repeat(KEPT - 1));
        }
    }

    private void assertSlotIsFree(RawReceiver receiver) {
        await().atMost(Duration.ofSeconds(3)).until(() -> receiver.closedByPeer() == 1);

        Answer next = wire.send(receiver.url(), TIMEOUT);

        assertThat(next.body()).isEqualTo("ok");
        assertThat(receiver.accepted()).isEqualTo(2);
    }

    /** Answers every request of a connection alike. */
    private static Script answering(String answer) {
        return conversation -> {
            while (!conversation.readRequest().isEmpty()) {
                conversation.write(answer);
            }
        };
    }
}
