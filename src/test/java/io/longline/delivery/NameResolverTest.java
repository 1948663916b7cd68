package io.longline.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.longline.delivery.NameResolver.Lookup;
import io.longline.model.TimeSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names are looked up off the event loops, one look-up for a name at a time, five seconds at most: E17, F10. */
class NameResolverTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ScriptedNames lookups = new ScriptedNames();
    private final Wire wire = new Wire(Map.of(), lookups);
    private final TimeSource time = new TimeSource(Clock.systemUTC(), nanos::get);
    private final NameResolver names = new NameResolver(wire.vertx(), time, lookups);

    @AfterEach
    void close() {
        names.close();
        wire.close();
        lookups.release.countDown();
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

    /** Shards have an event loop each, and one resolver together. */
    @Test
    void e17_shardsThatAskForOneName_shareOneLookUpAndAreAnsweredOnTheirOwnThreads() {
        List<Promise<Boolean>> asked = new ArrayList<>();
        for (int shard = 0; shard < 8; shard++) {
            Context context = wire.vertx().getOrCreateContext();
            Promise<Boolean> onItsOwn = Promise.promise();
            asked.add(onItsOwn);
            context.runOnContext(ignored -> names.begin("slow.test")
                    .compose(Function.identity())
                    .onSuccess(found -> onItsOwn.complete(Vertx.currentContext() == context)));
        }
        await().until(() -> lookups.of("slow.test") == 1);

        lookups.release.countDown();

        asked.forEach(each -> assertThat(Wire.await(each.future())).isTrue());
        assertThat(lookups.of("slow.test")).isEqualTo(1);
    }

    @Test
    void e17_sixteenNamesThatHang_leaveThreadsForOthers() {
        hang(16);

        for (int n = 0; n < 100; n++) {
            long start = System.nanoTime();
            assertThat(Wire.await(resolve("fast-" + n + ".test"))).hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    /** However many names hang of which nothing was heard before. */
    @Test
    void e17_namesThatWereLookedUpInTime_findAThreadBesideAnyNumberThatHang() {
        Wire.await(resolve("fast.test"));
        nanos.set(Duration.ofSeconds(6).toNanos());
        hang(100);
        await().until(() -> lookups.hanging.get() == 24);

        assertThat(Wire.await(resolve("fast.test"))).hasSize(1);

        assertThat(lookups.of("fast.test")).isEqualTo(2);
        assertThat(lookups.hanging).hasValue(24);
    }

    /** The clock of a look-up starts when it does; whoever finds no thread has had nothing tried. */
    @Test
    void e17_nameForWhichNoThreadIsFound_isNotLookedUpAtAll() {
        for (int n = 0; n < 40; n++) {
            wire.begin("http://slow-" + n + ".test/", Map.of(), "{}", Duration.ofSeconds(30));
        }
        await().until(() -> lookups.hanging.get() == 24);

        Future<Answer> sent = wire.begin("http://late.test/", Map.of(), "{}", Duration.ofSeconds(1));

        assertThatThrownBy(() -> Wire.await(sent)).hasRootCauseInstanceOf(NameResolver.NotBegunException.class);
        assertThat(lookups.of("late.test")).isZero();
    }

    @Test
    void e17_namesThatTookTooLong_haveAQuarterOfTheThreads() {
        List<Future<List<InetAddress>>> hanging = hang(24);
        hanging.forEach(
                each -> assertThatThrownBy(() -> Wire.await(each)).hasRootCauseInstanceOf(TimeoutException.class));
        lookups.release.countDown();
        await().until(() -> lookups.hanging.get() == 0);
        lookups.release = new CountDownLatch(1);
        nanos.set(Duration.ofSeconds(6).toNanos());

        hang(24);
        await().until(() -> lookups.hanging.get() == 8);

        for (int n = 0; n < 30; n++) {
            assertThat(Wire.await(resolve("fast-" + n + ".test"))).hasSize(1);
        }
        assertThat(lookups.hanging).hasValue(8);
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
        assertThat(answer.durationMillis()).isLessThan(5_000);
    }

    @Test
    void f10_slowName_endsTheAttemptAtItsDeadline() {
        Answer answer = wire.send("http://slow.test/", Duration.ofMillis(300));

        assertThat(answer.outcome().message()).isEqualTo("No answer within 300 ms");
        assertThat(answer.durationMillis()).isBetween(295.0, 1_500.0);
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
        return wire.on(() -> names.begin(name).compose(Function.identity()));
    }

    private List<Future<List<InetAddress>>> hang(int count) {
        List<Future<List<InetAddress>>> asked = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            asked.add(resolve("slow-" + n + ".test"));
        }
        return asked;
    }

    /** A look-up that does what the name says, and counts. */
    private static final class ScriptedNames implements Lookup {
        volatile CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger hanging = new AtomicInteger();
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
                    hanging.incrementAndGet();
                    release.await();
                    hanging.decrementAndGet();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new UnknownHostException(name);
                }
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }
    }
}
