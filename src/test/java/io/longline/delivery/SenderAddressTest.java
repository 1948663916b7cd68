package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Outcome;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the guard on, nothing is connected to that deliveries must not reach: S2, S3, S4. */
@ExtendWith(VertxExtension.class)
class SenderAddressTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] GOOD = {8, 8, 8, 8};

    private final AtomicInteger lookups = new AtomicInteger();
    private final RawReceiver receiver = new RawReceiver(RawReceiver::healthy);
    private Wire guarded;

    @BeforeEach
    void open(Vertx vertx) {
        guarded = new Wire(vertx, Map.of("delivery.allow_private_networks", "none"), this::addresses);
    }

    @AfterEach
    void close(VertxTestContext ending) {
        guarded.end().onComplete(ending.succeedingThenComplete());
        receiver.close();
    }

    private InetAddress[] addresses(String name) throws UnknownHostException {
        lookups.incrementAndGet();
        InetAddress local = InetAddress.getByName("127.0.0.1");
        return switch (name) {
            case "mixed.test" -> new InetAddress[] {InetAddress.getByAddress(GOOD), local};
            case "mixed-the-other-way.test" -> new InetAddress[] {local, InetAddress.getByAddress(GOOD)};
            case "private.test" -> new InetAddress[] {local};
            case "nowhere.test" -> new InetAddress[0];
            default -> InetAddress.getAllByName(name);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "[::ffff:7f00:1]",
                "[::1]",
                "private.test",
                "mixed.test",
                "mixed-the-other-way.test",
                "nowhere.test",
            })
    void s2_blockedAddress_isReportedAndNeverConnectedTo(String host) {
        Answer answer = guarded.send("http://" + host + ":" + receiver.port() + "/", TIMEOUT);

        assertThat(answer.outcome())
                .isInstanceOf(Outcome.Blocked.class)
                .extracting(Outcome::message)
                .asString()
                .startsWith("The address of ")
                .endsWith(" is one that deliveries must not reach");
        assertThat(receiver.accepted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://0x7f.1/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://user@127.0.0.1/",
                "ftp://files.example/",
                "file:///etc/passwd",
            })
    void s3_urlThatParsersDisagreeOn_isBlockedBeforeAnyLookUp(String url) {
        Answer answer = guarded.send(url, TIMEOUT);

        assertThat(answer.outcome()).isEqualTo(new Outcome.Blocked("The URL is not one that deliveries may go to"));
        assertThat(lookups).hasValue(0);
    }

    @Test
    void allowedRange_isReached() {
        Wire allowing = new Wire(Map.of("delivery.allow_private_networks", "127.0.0.0/8"), this::addresses);

        Answer answer = allowing.send("http://private.test:" + receiver.port() + "/", TIMEOUT);

        assertThat(answer.status()).isEqualTo(200);
        allowing.close();
    }

    /** A development server for {@code localhost} often listens on one of its addresses only. */
    @Test
    void nameWhoseFirstAddressRefuses_isReachedAtTheNext() {
        Wire several = new Wire(Map.of(), name -> new InetAddress[] {
            InetAddress.getByName("127.0.0.9"), InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1")
        });

        Answer answer = several.send("http://several.test:" + receiver.port() + "/", TIMEOUT);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(receiver.accepted()).isEqualTo(1);
        several.close();
    }

    @Test
    void s2_connection_goesToTheAddressThatWasJudged() {
        // The name is good when it is judged; a second look-up, which rebinding counts on, never happens.
        AtomicInteger asked = new AtomicInteger();
        Wire rebound = new Wire(Map.of(), name -> {
            asked.incrementAndGet();
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });

        Answer answer = rebound.send("http://no-such-name.invalid:" + receiver.port() + "/", TIMEOUT);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(asked).hasValue(1);
        rebound.close();
    }
}
