package io.longline.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Sends events over several connections, singly and in batches, with and without an idempotency key, and remembers what
 * was answered {@code 202}. A keyed call that got no answer is kept, to be repeated with the same key.
 */
final class Load {
    static final List<String> TYPES = List.of("load.a", "load.b", "load.c");
    private static final int MOST_IN_BATCH = 12;

    private final SplittableRandom seeds;
    private final AtomicInteger sequence = new AtomicInteger();
    private final Map<String, Sent> accepted = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Call> unanswered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> oddities = new ConcurrentLinkedQueue<>();

    Load(long seed) {
        seeds = new SplittableRandom(seed);
    }

    /** An event as it was sent. */
    record Sent(int sequence, String type, String data) {
        String json() {
            return Api.event(type, data);
        }
    }

    private record Call(String path, String mediaType, String body, String key, List<Sent> events) {
        /** The ids that an answer gives to the events, in their order. */
        List<String> ids(JsonNode answer) {
            if (path.endsWith("/trigger")) {
                return List.of(answer.at("/id").asText());
            }
            List<String> ids = new ArrayList<>();
            answer.get("data").forEach(receipt -> ids.add(receipt.get("id").asText()));
            return ids;
        }
    }

    /** What was accepted, by the event's id. */
    Map<String, Sent> accepted() {
        return accepted;
    }

    /** Keyed calls that got no answer. */
    int unansweredCount() {
        return unanswered.size();
    }

    /** Answers that no call should get. */
    List<String> oddities() {
        return List.copyOf(oddities);
    }

    /** Sends from several threads until the server is gone, each has made its calls, or it is told to stop. */
    Round begin(String address, int connections, int callsEach) {
        Round round = new Round();
        for (int index = 0; index < connections; index++) {
            SplittableRandom random = seeds.split();
            Thread thread = new Thread(() -> round.run(new Api(address), random, callsEach), "load-" + index);
            thread.setDaemon(true);
            round.threads.add(thread);
        }
        round.threads.forEach(Thread::start);
        return round;
    }

    /** Repeats every keyed call that got no answer; all of them must be accepted now. */
    void repeatUnanswered(String address) throws IOException {
        Api api = new Api(address);
        for (Call call = unanswered.poll(); call != null; call = unanswered.poll()) {
            Api.Answer answer = api.post(call.path, call.mediaType, call.body, call.key);
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            remember(call, answer);
        }
    }

    private void remember(Call call, Api.Answer answer) {
        List<String> ids = call.ids(answer.body());
        for (int index = 0; index < ids.size(); index++) {
            accepted.put(ids.get(index), call.events.get(index));
        }
    }

    /** One stretch of load. */
    final class Round {
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicBoolean stopped = new AtomicBoolean();

        int answered() {
            return answered.get();
        }

        boolean isOver() {
            return threads.stream().noneMatch(Thread::isAlive);
        }

        void stop() {
            stopped.set(true);
        }

        private void run(Api api, SplittableRandom random, int calls) {
            for (int made = 0; made < calls && !stopped.get(); made++) {
                Call waiting = unanswered.poll();
                Call call = waiting == null ? call(random) : waiting;
                try {
                    Api.Answer answer = api.post(call.path, call.mediaType, call.body, call.key);
                    answered(call, answer);
                    if (call.key != null && answer.status() == 202 && random.nextInt(8) == 0) {
                        repeat(api, call, answer);
                    }
                } catch (IOException gone) {
                    keep(call);
                    return;
                }
            }
        }

        private void answered(Call call, Api.Answer answer) {
            if (answer.status() == 202) {
                remember(call, answer);
                answered.incrementAndGet();
            } else {
                keep(call);
                if (answer.status() != 503) {
                    oddities.add(answer.status() + " " + answer.text());
                }
            }
        }

        private void keep(Call call) {
            if (call.key != null) {
                unanswered.add(call);
            }
        }

        private void repeat(Api api, Call call, Api.Answer first) throws IOException {
            Api.Answer again = api.post(call.path, call.mediaType, call.body, call.key);
            if (again.status() == 503) {
                return;
            }
            if (!again.header("Idempotent-Replayed").equals("true")
                    || !call.ids(again.body()).equals(call.ids(first.body()))) {
                oddities.add("a repeated call was answered " + again.status() + " " + again.text() + ", at first "
                        + first.text());
            }
        }
    }

    private Call call(SplittableRandom random) {
        boolean batch = random.nextInt(3) == 0;
        List<Sent> events = new ArrayList<>();
        for (int count = batch ? 1 + random.nextInt(MOST_IN_BATCH) : 1; count > 0; count--) {
            events.add(sent(random));
        }
        String key = random.nextBoolean() ? "key-" + events.get(0).sequence() : null;
        if (!batch) {
            return new Call("/api/events/trigger", Api.JSON, events.get(0).json(), key, events);
        }
        boolean lines = random.nextBoolean();
        String joined = events.stream().map(Sent::json).collect(Collectors.joining(lines ? "\n" : ","));
        String body = lines ? joined : "[" + joined + "]";
        return new Call("/api/events/batch", lines ? "application/x-ndjson" : Api.JSON, body, key, events);
    }

    /** Data whose bytes are easily altered: big numbers, exact decimals, escapes, odd spaces, key order. */
    private Sent sent(SplittableRandom random) {
        int number = sequence.incrementAndGet();
        String text = "x".repeat(random.nextInt(40) == 0 ? 20_000 : random.nextInt(200));
        String data = switch (random.nextInt(4)) {
            case 0 -> "{\"seq\":%d,\"z\":1,\"a\":12345678901234567890123,\"d\":10.10,\"t\":\"%s\"}";
            case 1 -> "{\"seq\":%d, \"e\" : 1e400, \"u\":\"\\u00e9\\/ é 💡\", \"t\":\"%s\"}";
            case 2 -> "{\"seq\":%d,\"nested\":[[],{},{\"b\":null,\"a\":[-0.0,1E+2]}],\"t\":\"%s\"}";
            default -> "{\"seq\":%d,\"t\":\"%s\"}";
        };
        return new Sent(number, TYPES.get(random.nextInt(TYPES.size())), data.formatted(number, text));
    }
}
