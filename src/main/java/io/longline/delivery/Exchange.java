package io.longline.delivery;

import io.longline.config.Settings;
import io.longline.model.Outcome;
import io.longline.model.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, with the deadline that ends both: whatever comes first ends the exchange, and everything
 * later is ignored. Once a status has come it decides, even when the body is cut or late. For one thread.
 */
final class Exchange {
    private static final int HEADER_CHARACTERS_KEPT = 8_192;
    private static final int SMALLEST_FINAL_STATUS = 200;
    private static final int SMALLEST_FAILURE = 300;

    private final TimeSource time;
    private final OutgoingRequest outgoing;
    private final Settings.Delivery settings;
    private final Promise<Answer> answer = Promise.promise();
    private final Instant startedAt;
    private final long startedNanos;
    private final Deadlines.Deadline deadline;
    private @Nullable Buffer body;
    private int bytesRead;
    private boolean over;
    private boolean complete;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;

    Exchange(Deadlines deadlines, TimeSource time, OutgoingRequest outgoing, Settings.Delivery settings) {
        this.time = time;
        this.outgoing = outgoing;
        this.settings = settings;
        this.startedAt = time.now();
        this.startedNanos = time.monotonicNanos().getAsLong();
        this.deadline = deadlines.in(outgoing.timeout(), this::timedOut);
    }

    Future<Answer> answer() {
        return answer.future();
    }

    boolean isOver() {
        return over;
    }

    /** The address must not be reached. */
    Future<Answer> blocked(String why) {
        finish(new Outcome.Blocked(why));
        return answer.future();
    }

    /** A connection is there: sends the request. */
    void begin(HttpClientRequest connected) {
        if (over) {
            reset(connected);
            return;
        }
        request = connected;
        outgoing.headers().forEach((name, value) -> connected.putHeader(RequestRenderer.ready(name), value));
        connected
                .send(Buffer.buffer(outgoing.body().bytes()))
                .onFailure(this::failed)
                .onSuccess(this::receive);
    }

    /** No answer will come, or not all of it. */
    void failed(Throwable fault) {
        if (response != null) {
            finish(answered(response));
        } else {
            finish(Faults.outcome(fault));
        }
    }

    private void receive(HttpClientResponse received) {
        if (over) {
            return;
        }
        if (received.statusCode() < SMALLEST_FINAL_STATUS) {
            // 100 and 103 the client passes over by itself. Any other it hands out as if it were final, and forgets the
            // request: what follows on the connection would answer its next one.
            received.exceptionHandler(ignored -> {});
            received.request().connection().close();
            finish(new Outcome.Malformed(
                    "The receiver answered only for the time being (" + received.statusCode() + ")"));
            return;
        }
        response = received;
        received.handler(this::read);
        received.exceptionHandler(this::failed);
        received.endHandler(end -> {
            complete = true;
            finish(answered(received));
        });
    }

    private void read(Buffer chunk) {
        Buffer kept = body;
        if (kept == null) {
            kept = Buffer.buffer();
            body = kept;
        }
        int room = settings.responseBytesKept() - kept.length();
        if (room > 0) {
            kept.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
        }
        bytesRead += chunk.length();
        if (bytesRead > settings.responseBytesRead() && response != null) {
            finish(answered(response));
        }
    }

    private void timedOut() {
        if (response != null) {
            finish(answered(response));
        } else {
            finish(new Outcome.TimedOut("No answer within " + seconds(outgoing.timeout())));
        }
    }

    private Outcome answered(HttpClientResponse received) {
        Duration wait = received.statusCode() < SMALLEST_FAILURE
                ? null
                : AskedWait.of(received.statusCode(), received.getHeader("Retry-After"), text(body), time.now());
        return new Outcome.Answered(received.statusCode(), wait);
    }

    private void finish(Outcome outcome) {
        if (over) {
            return;
        }
        over = true;
        deadline.cancel();
        HttpClientResponse received = response;
        double millis = (time.monotonicNanos().getAsLong() - startedNanos) / 1_000_000.0;
        answer.complete(new Answer(
                outcome,
                received == null ? null : (Integer) received.statusCode(),
                received == null ? null : headers(received.headers()),
                received == null ? null : text(body),
                startedAt,
                millis));
        // A complete exchange leaves its connection to the next one.
        if (request != null && !complete) {
            reset(request);
        }
    }

    /** Ends what is still under way. */
    private static void reset(HttpClientRequest request) {
        request.reset();
    }

    private static Map<String, String> headers(MultiMap received) {
        Map<String, String> headers = new LinkedHashMap<>();
        int characters = 0;
        for (Map.Entry<String, String> header : received) {
            characters += header.getKey().length() + header.getValue().length();
            if (characters > HEADER_CHARACTERS_KEPT) {
                break;
            }
            headers.merge(header.getKey(), header.getValue(), (first, second) -> first + ", " + second);
        }
        return headers;
    }

    /** The bytes as UTF-8, a character cut in two at the end left out; NUL ends text in some stores. */
    private static String text(@Nullable Buffer bytes) {
        if (bytes == null) {
            return "";
        }
        String decoded = new String(bytes.getBytes(), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
        int end = decoded.length();
        return end > 0 && decoded.charAt(end - 1) == '\uFFFD' ? decoded.substring(0, end - 1) : decoded;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
