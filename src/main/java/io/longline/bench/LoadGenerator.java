package io.longline.bench;

import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Triggers events: either each at its intended time, whatever becomes of those before (so that a stall shows in the
 * latencies of all that it delays), or as many at once as there are connections. Its context is its lock.
 */
final class LoadGenerator extends VerticleBase {
    private static final int ACCEPTED = 202;
    private static final int MOST_CONNECTIONS = 512;
    private static final long AFTER_REFUSAL_MILLIS = 50;
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Plan plan;
    private final EventBody body;
    private final TimeSource time;
    private RequestOptions target = new RequestOptions();
    private final BitSet accepted = new BitSet();
    private final AtomicLong acceptedSoFar = new AtomicLong();
    private long refused;
    private long next;
    private final HttpClient client;

    LoadGenerator(Vertx vertx, Plan plan, TimeSource time) {
        this.plan = plan;
        this.body = new EventBody(plan.payloadBytes());
        this.time = time;
        int connections = plan.rate() == 0 ? plan.connections() : MOST_CONNECTIONS;
        client = vertx.createHttpClient(
                new HttpClientOptions(),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
    }

    /**
     * A stretch of load that has ended: every call is answered.
     *
     * @param accepted how many were answered 202
     */
    record Sent(long accepted, long refused, long startedNanos, Duration took, BitSet acceptedNumbers) {}

    /** Where it sends to. To be told before anything is sent. */
    void aim(Door door) {
        RequestOptions trigger = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(door.address() + "/api/events/trigger")
                .setHeaders(door.headers())
                .putHeader("Content-Type", "application/json");
        context.runOnContext(ignored -> target = trigger);
    }

    /** Events answered 202 so far. */
    long acceptedSoFar() {
        return acceptedSoFar.get();
    }

    /** Sends as the plan says for so long. */
    Future<Sent> sendFor(Duration duration) {
        return send(Long.MAX_VALUE, duration, plan.rate());
    }

    /** Sends so many events as fast as they are taken. */
    Future<Sent> sendCount(long count) {
        return send(count, FOR_EVER, 0);
    }

    private Future<Sent> send(long count, Duration duration, int rate) {
        Promise<Sent> promise = Promise.promise();
        context.runOnContext(ignored -> {
            Stretch stretch = new Stretch(count, duration, promise);
            if (rate == 0) {
                for (int connection = 0; connection < plan.connections(); connection++) {
                    stretch.sendNextWhenAnswered();
                }
            } else {
                stretch.sendAtTimes(rate);
            }
        });
        return promise.future();
    }

    /** One stretch under way. */
    private final class Stretch {
        private final long from = next;
        private final long most;
        private final long untilNanos;
        private final long startedNanos = time.monotonicNanos().getAsLong();
        private final long acceptedBefore = acceptedSoFar.get();
        private final long refusedBefore = refused;
        private final Promise<Sent> promise;
        private long underWay;
        private boolean allSent;

        Stretch(long count, Duration duration, Promise<Sent> promise) {
            this.most = count;
            this.untilNanos = startedNanos + duration.toNanos();
            this.promise = promise;
        }

        void sendNextWhenAnswered() {
            long now = time.monotonicNanos().getAsLong();
            if (now >= untilNanos || next - from >= most) {
                allSent = true;
                endIfOver();
                return;
            }
            send(now, this::sendNextWhenAnswered);
        }

        void sendAtTimes(int rate) {
            vertx.setPeriodic(1, timer -> {
                long now = time.monotonicNanos().getAsLong();
                while (!allSent) {
                    long intended = startedNanos + (long) ((next - from) * (1_000_000_000.0 / rate));
                    if (intended >= untilNanos) {
                        allSent = true;
                        vertx.cancelTimer(timer);
                        endIfOver();
                    } else if (intended > now) {
                        return;
                    } else {
                        send(intended, () -> {});
                    }
                }
            });
        }

        private void send(long intendedNanos, Runnable then) {
            long number = next++;
            underWay++;
            post(body.trigger(Plan.typeOf(plan.groupOf(number)), number, intendedNanos))
                    .onComplete(answered -> {
                        underWay--;
                        if (answered.succeeded() && answered.result() == ACCEPTED) {
                            accepted.set(Math.toIntExact(number));
                            acceptedSoFar.incrementAndGet();
                            then.run();
                        } else {
                            refused++;
                            vertx.setTimer(AFTER_REFUSAL_MILLIS, id -> then.run());
                        }
                        endIfOver();
                    });
        }

        private void endIfOver() {
            if (allSent && underWay == 0) {
                long took = time.monotonicNanos().getAsLong() - startedNanos;
                promise.tryComplete(new Sent(
                        acceptedSoFar.get() - acceptedBefore,
                        refused - refusedBefore,
                        startedNanos,
                        Duration.ofNanos(took),
                        (BitSet) accepted.clone()));
            }
        }
    }

    private Future<Integer> post(Buffer call) {
        return client.request(target)
                .compose(request -> request.send(call))
                .compose(response -> response.end().map(end -> response.statusCode()));
    }

    @Override
    public Future<?> stop() {
        return client.close();
    }
}
