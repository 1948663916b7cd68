package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The receivers of all webhooks, on one port: each request is checked byte for byte, counted, and answered, refused or
 * left hanging as the plan says. Its context is its lock; what others read meanwhile is atomic, and the rest is theirs
 * once nothing arrives any more.
 */
final class Receivers extends VerticleBase {
    private static final String WEBHOOK = "/w/";
    private static final String BACKLOG = "/backlog/";
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private final Plan plan;
    private final EventBody body;
    private final TimeSource time;
    private final SplittableRandom chance;
    /** A bit for each delivery that was answered 200, at the event's number times the fan-out. */
    private final BitSet delivered = new BitSet();

    private final Histogram latencies = new Histogram(LONGEST_MICROS, 3);
    private final AtomicLong arrived = new AtomicLong();
    private long countFrom = Long.MAX_VALUE;
    private long lastCountedNanos;
    private long duplicated;
    private long altered;
    private int port;

    Receivers(Plan plan, TimeSource time, SplittableRandom chance) {
        this.plan = plan;
        this.body = new EventBody(plan.payloadBytes());
        this.time = time;
        this.chance = chance;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(0))
                .requestHandler(this::receive)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port = server.actualPort());
    }

    String urlOf(int webhook) {
        return "http://127.0.0.1:" + port + WEBHOOK + webhook;
    }

    /** A receiver that never answers, and whose deliveries are no part of the figures. */
    String backlogUrl(int index) {
        return "http://127.0.0.1:" + port + BACKLOG + index;
    }

    private void receive(HttpServerRequest request) {
        String path = request.path();
        if (path.startsWith(BACKLOG)) {
            return;
        }
        int webhook = Integer.parseInt(path.substring(WEBHOOK.length()));
        if (plan.hangs(webhook)) {
            return;
        }
        request.body().onSuccess(content -> {
            if (plan.failPercent() > 0 && chance.nextInt(100) < plan.failPercent()) {
                request.response().setStatusCode(500).end();
            } else {
                count(webhook, body.check(content.getBytes()));
                request.response().end();
            }
        });
    }

    private void count(int webhook, EventBody.@Nullable Arrived event) {
        if (event == null || webhook / plan.fanOut() != plan.groupOf(event.number())) {
            altered++;
            return;
        }
        int bit = Math.toIntExact(event.number() * plan.fanOut() + webhook % plan.fanOut());
        if (delivered.get(bit)) {
            duplicated++;
            return;
        }
        delivered.set(bit);
        arrived.incrementAndGet();
        if (event.number() >= countFrom) {
            long now = time.monotonicNanos().getAsLong();
            lastCountedNanos = now;
            latencies.recordValue(Math.max(0, Math.min(LONGEST_MICROS, (now - event.intendedNanos()) / 1_000)));
        }
    }

    /** Deliveries that have arrived so far. */
    long arrived() {
        return arrived.get();
    }

    /** Counts for the figures what is numbered from here on. */
    Future<Void> countFrom(long number) {
        return onContext(() -> {
            countFrom = number;
            return null;
        });
    }

    /** What arrived, once nothing more is to come. */
    Future<Seen> seen() {
        return onContext(() -> new Seen((BitSet) delivered.clone(), latencies.copy(), duplicated, altered));
    }

    /** When the last of what counts arrived, on the monotonic clock; 0 before the first. */
    Future<Long> lastCountedNanos() {
        return onContext(() -> lastCountedNanos);
    }

    private <T> Future<T> onContext(Supplier<T> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> done.complete(action.get()));
        return done.future();
    }

    /** What has arrived by some time. */
    record Seen(BitSet delivered, Histogram latencies, long duplicated, long altered) {}
}
