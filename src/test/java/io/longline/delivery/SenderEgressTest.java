package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.config.SettingsLoader;
import io.longline.model.Outcome;
import io.longline.model.Payload;
import io.longline.model.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's rules at each attempt, names that move, and the way through a proxy: S2, S4. */
class SenderEgressTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RawReceiver receiver = new RawReceiver(RawReceiver::healthy);

    @AfterEach
    void close() {
        receiver.close();
    }

    private Answer send(String url, Map<String, String> settings, NameResolver.Lookup lookup) {
        Wire wire = new Wire(settings, lookup);
        try {
            return wire.send(url, TIMEOUT);
        } finally {
            wire.close();
        }
    }

    private String named(String host) {
        return "http://" + host + ":" + receiver.port() + "/hook?a=1";
    }

    private static InetAddress[] here(String name) throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
    }

    @Test
    void s4_rules_countAtEachAttempt_alsoForWhatWasRegisteredBefore() {
        for (Map<String, String> settings : List.of(
                Map.of("delivery.https_only", "true"),
                Map.of("delivery.ports", "443"),
                Map.of("delivery.deny", "*.test"),
                Map.of("delivery.deny", "127.0.0.0/8"),
                Map.of("delivery.allow_only", "*.example"),
                Map.of("delivery.allow_only", "10.0.0.0/8"))) {
            Answer answer = send(named("one.test"), settings, SenderEgressTest::here);

            assertThat(answer.outcome()).as(settings.toString()).isInstanceOf(Outcome.Blocked.class);
        }
        assertThat(receiver.accepted()).isZero();
        assertThat(send(named("one.test"), Map.of("delivery.allow_only", "*.test"), SenderEgressTest::here)
                        .status())
                .isEqualTo(200);
    }

    /** Rebinding: good when first asked for, private ever after. */
    @Test
    void s2_aNameThatMoves_isJudgedAnewAtEachAttempt() {
        AtomicInteger lookups = new AtomicInteger();
        AtomicLong passed = new AtomicLong();
        TimeSource time = new TimeSource(Clock.systemUTC(), () -> System.nanoTime() + passed.get());
        Vertx vertx = Vertx.vertx();
        var settings = SettingsLoader.load(Map.of("delivery.allow_private_networks", "127.0.0.1/32"), Map.of(), null)
                .settings();
        NameResolver names = new NameResolver(vertx, time, name ->
                new InetAddress[] {InetAddress.getByName(lookups.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2")});
        var context = vertx.getOrCreateContext();
        Sender[] sender = new Sender[1];
        Wire.await(vertx.<Void>executeBlocking(() -> null)
                .compose(ready -> on(context, () -> {
                    sender[0] = new Sender(vertx, time, settings.delivery(), names);
                    return Future.succeededFuture();
                })));
        OutgoingRequest request = new OutgoingRequest(
                named("moves.test"), Map.of(), Payload.of("{}".getBytes(StandardCharsets.UTF_8)), TIMEOUT);

        Answer first = Wire.await(on(context, () -> sender[0].send(request)));
        passed.set(Duration.ofSeconds(6).toNanos());
        Answer second = Wire.await(on(context, () -> sender[0].send(request)));

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.outcome()).isInstanceOf(Outcome.Blocked.class);
        assertThat(lookups).hasValue(2);
        assertThat(receiver.accepted()).isEqualTo(1);
        Wire.await(on(context, () -> sender[0].close()));
        names.close();
        Wire.await(vertx.close());
    }

    private static <T> Future<T> on(Context context, Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> action.get().onComplete(promise));
        return promise.future();
    }

    private Map<String, String> proxied(String networks) {
        return Map.of(
                "delivery.proxy",
                "http://longline:s3cret@127.0.0.1:" + receiver.port(),
                "delivery.allow_private_networks",
                networks);
    }

    @Test
    void s4_throughAProxy_namesAreLeftToIt_andItLearnsWhoAsks() {
        AtomicInteger lookups = new AtomicInteger();

        Answer answer = send("http://hooks.example:8080/hook?a=1", proxied("none"), name -> {
            lookups.incrementAndGet();
            return here(name);
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(lookups).hasValue(0);
        assertThat(receiver.requests())
                .singleElement()
                .asString()
                .startsWith("POST http://hooks.example:8080/hook?a=1 HTTP/1.1\r\n")
                .containsIgnoringCase("host: hooks.example:8080\r\n")
                .containsIgnoringCase("proxy-authorization: Basic ");
    }

    @Test
    void s4_throughAProxy_tlsGoesThroughATunnel() {
        RawReceiver refusing = new RawReceiver(conversation -> {
            conversation.readRequest();
            conversation.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        });

        Answer answer = send(
                "https://hooks.example/hook",
                Map.of("delivery.proxy", "http://127.0.0.1:" + refusing.port()),
                SenderEgressTest::here);

        assertThat(answer.status())
                .as("a refused tunnel is no answer of the receiver's")
                .isNull();
        assertThat(refusing.requests())
                .allSatisfy(request -> assertThat(request).startsWith("CONNECT hooks.example:443 HTTP/1.1\r\n"));
        refusing.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::ffff:10.0.0.1]/",
                "http://localhost/",
                "http://metadata.google.internal/"
            })
    void s4_throughAProxy_literalsAndKnownNamesAreJudgedAllTheSame(String url) {
        Answer answer = send(url, proxied("none"), SenderEgressTest::here);

        assertThat(answer.outcome()).isInstanceOf(Outcome.Blocked.class);
        assertThat(receiver.accepted()).isZero();
    }
}
