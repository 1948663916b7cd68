package io.longline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.TimeSource;
import io.longline.store.Queries;
import io.longline.store.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** However often somebody asks whether the server is ready, the store is read once a second. */
class ReadCheckTest {
    private final AtomicLong millis = new AtomicLong();
    private final AtomicInteger probes = new AtomicInteger();
    private Future<Void> outcome = Future.succeededFuture();
    private final ReadCheck check = new ReadCheck(
            (Queries) Proxy.newProxyInstance(
                    Queries.class.getClassLoader(), new Class<?>[] {Queries.class}, (proxy, method, arguments) -> {
                        probes.incrementAndGet();
                        return outcome;
                    }),
            new TimeSource(Clock.systemUTC(), () -> millis.get() * 1_000_000));

    @Test
    void answer_isKnownForASecond() {
        assertThat(check.isReadable().result()).isTrue();
        outcome = Future.failedFuture(new StoreUnavailableException("gone"));
        millis.addAndGet(999);
        assertThat(check.isReadable().result()).isTrue();
        millis.addAndGet(1);
        assertThat(check.isReadable().result()).isFalse();
        outcome = Future.succeededFuture();
        millis.addAndGet(1_000);
        assertThat(check.isReadable().result()).isTrue();
        assertThat(probes).hasValue(3);
    }

    @Test
    void readUnderWay_isWaitedForByAll() {
        Promise<Void> reading = Promise.promise();
        outcome = reading.future();
        Future<Boolean> first = check.isReadable();
        millis.addAndGet(5_000);

        Future<Boolean> second = check.isReadable();
        reading.complete();

        assertThat(second).isSameAs(first);
        assertThat(first.result()).isTrue();
        assertThat(probes).hasValue(1);
    }
}
