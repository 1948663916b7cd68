package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.delivery.NameResolver.Lookup;
import io.longline.model.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names are looked up off the event loops, one look-up for a name at a time, five seconds at most: E17, F10. */
class NameResolverTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ScriptedNames lookups = new ScriptedNames();
    private final Wire wire = new Wire(Map.of(), lookups);
    private final NameResolver names =
            new NameResolver(wire.vertx(), new TimeSource(Clock.systemUTC(), nanos::get), lookups);

    @AfterEach
    void close() {
        lookups.release.countDown();
        wire.close();
    }

    @Test
    void e17_lookUp_isNeverOnTheEventLoop() {
        Wire.await(resolve("fast.test"));

        assertThat(lookups.onEventLoop).containsExactly(false);
    }

    @Test
    void e17_eventLoopGoesOn_whileALookUpHangs() {
        Future<List<InetAddress>> hanging = resolve("slow.test");
        await().until(() -> lookups.of("slow.test") == 1);

        boolean answered = Wire.await(wire.on(() -> Future.succeededFuture(true)));

        assertThat(answered).isTrue();
        assertThat(hanging.isComplete()).isFalse();
    }

    @Test
    void e17_askersOfOneName_shareOneLookUp() {
        List<Future<List<InetAddress>>> asked = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            asked.add(resolve("slow.test"));
        }
        await().until(() -> lookups.of("slow.test") == 1);
        lookups.release.countDown();

        asked.forEach(each -> assertThat(Wire.await(each)).hasSize(1));
        assertThat(lookups.of("slow.test")).isEqualTo(1);
    }

    @Test
    void answer_servesForAFewSecondsAndIsThenLookedUpAgain() {
        Wire.await(resolve("fast.test"));
        nanos.set(Duration.ofMillis(4_999).toNanos());
        Wire.await(resolve("fast.test"));
        assertThat(lookups.of("fast.test")).isEqualTo(1);

        nanos.set(Duration.ofMillis(5_000).toNanos());
        Wire.await(resolve("fast.test"));

        assertThat(lookups.of("fast.test")).isEqualTo(2);
    }

    @Test
    void failure_isNotRemembered() {
        assertThatThrownBy(() -> Wire.await(resolve("missing.test")))
                .hasRootCauseInstanceOf(UnknownHostException.class);

        assertThatThrownBy(() -> Wire.await(resolve("missing.test")))
                .hasRootCauseInstanceOf(UnknownHostException.class);

        assertThat(lookups.of("missing.test")).isEqualTo(2);
    }

    @Test
    void e17_lookUpThatHangs_isWaitedForFiveSecondsAndNotBegunASecondTime() {
        Future<List<InetAddress>> first = resolve("slow.test");
        assertThatThrownBy(() -> Wire.await(first)).hasRootCauseInstanceOf(TimeoutException.class);

        Future<List<InetAddress>> second = resolve("slow.test");
        List<InetAddress> other = Wire.await(resolve("fast.test"));

        assertThat(other).hasSize(1);
        assertThat(second.isComplete()).isFalse();
        // A second thread spent on the same name would, asked for often enough, leave none for any other.
        assertThat(lookups.of("slow.test")).isEqualTo(1);
        lookups.release.countDown();
        assertThat(Wire.await(second)).hasSize(1);
    }

    @Test
    void e17_nameThatHangsInEveryShard_leavesThreadsForOthers() {
        List<NameResolver> shards = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            shards.add(new NameResolver(wire.vertx(), Wire.TIME, lookups));
        }
        shards.forEach(shard -> wire.on(() -> shard.resolve("slow.test")));

        List<InetAddress> other = Wire.await(wire.on(() -> shards.get(0).resolve("fast.test")));

        assertThat(other).hasSize(1);
    }

    @Test
    void f10_namesThatHang_doNotHoldUpLiteralAddresses() {
        for (int n = 0; n < 8; n++) {
            wire.begin("http://slow-" + n + ".test/", Map.of(), "{}", Duration.ofSeconds(30));
        }
        await().until(() -> lookups.of("slow-3.test") == 1);
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            Answer answer = wire.send(receiver.url(), Duration.ofSeconds(3));

            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void f10_nameThatDoesNotResolve_endsTheAttemptWithAReason() {
        Answer answer = wire.send("http://missing.test/", Duration.ofSeconds(5));

        assertThat(answer.outcome().message()).isEqualTo("The host name does not resolve");
        assertThat(answer.durationMillis()).isLessThan(2_500);
    }

    @Test
    void f10_slowName_endsTheAttemptAtItsDeadline() {
        Answer answer = wire.send("http://slow.test/", Duration.ofMillis(300));

        assertThat(answer.outcome().message()).isEqualTo("No answer within 300 ms");
        assertThat(answer.durationMillis()).isBetween(295.0, 800.0);
    }

    @Test
    void f10_flappingName_isReachedOnceItResolves() {
        try (RawReceiver receiver = new RawReceiver(RawReceiver::healthy)) {
            String url = "http://flapping.test:" + receiver.port() + "/";

            List<Answer> answers = List.of(
                    wire.send(url, Duration.ofSeconds(5)),
                    wire.send(url, Duration.ofSeconds(5)),
                    wire.send(url, Duration.ofSeconds(5)));

            assertThat(answers.get(0).outcome().message()).isEqualTo("The host name does not resolve");
            assertThat(answers.get(1).status()).isEqualTo(200);
            assertThat(answers.get(2).status()).isEqualTo(200);
        }
    }

    private Future<List<InetAddress>> resolve(String name) {
        return wire.on(() -> names.resolve(name));
    }

    /** A look-up that does what the name says, and counts. */
    private static final class ScriptedNames implements Lookup {
        final CountDownLatch release = new CountDownLatch(1);
        final Queue<Boolean> onEventLoop = new ConcurrentLinkedQueue<>();
        private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

        int of(String name) {
            return counts.getOrDefault(name, new AtomicInteger()).get();
        }

        @Override
        public InetAddress[] all(String name) throws UnknownHostException {
            int count = counts.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
            onEventLoop.add(Context.isOnEventLoopThread());
            if (name.startsWith("missing") || (name.startsWith("flapping") && count == 1)) {
                throw new UnknownHostException(name);
            }
            if (name.startsWith("slow")) {
                try {
                    release.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new UnknownHostException(name);
                }
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }
    }
}
