package io.longline.api;

import io.longline.model.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that would only be held open: one that has not brought a whole request head in time, one whose body
 * drips, one beyond what there may be. A body may take the time allowed and a second more for every 16 KiB that came, so
 * that a large one over a slow line still gets through. For one verticle.
 */
final class ConnectionWatch {
    private static final long SLOWEST_BYTES_A_SECOND = 16_384;
    private static final long LONGEST_BETWEEN_LOOKS = 5_000;

    private final TimeSource time;
    private final ConnectionLimits limits;
    private final long slowMillis;
    private final long idleMillis;
    private final IdentityHashMap<HttpConnection, Watched> open = new IdentityHashMap<>();

    private static final class Watched {
        private long since;
        private @Nullable HttpServerRequest last;
        private boolean resting;
        private boolean refused;
    }

    /**
     * @param slow what a request head, and the beginning of a body, may take
     * @param idle how long a connection may rest between two requests
     */
    ConnectionWatch(TimeSource time, ConnectionLimits limits, Duration slow, Duration idle) {
        this.time = time;
        this.limits = limits;
        this.slowMillis = slow.toMillis();
        this.idleMillis = idle.toMillis();
    }

    void opened(HttpConnection connection) {
        String address = String.valueOf(connection.remoteAddress().hostAddress());
        boolean welcome = limits.open(address);
        connection.closeHandler(closed -> {
            limits.close(address);
            open.remove(connection);
        });
        if (!welcome) {
            connection.close();
            return;
        }
        Watched watched = new Watched();
        watched.since = time.monotonicMillis();
        open.put(connection, watched);
    }

    /**
     * A request head is there; answers whether the request may be handled. One that might end elsewhere for a proxy in front
     * is refused, and whatever came behind it on the same connection is not looked at, since it may be part of it.
     */
    boolean began(HttpServerRequest request) {
        Watched watched = open.get(request.connection());
        if (watched == null || watched.refused) {
            return false;
        }
        watched.since = time.monotonicMillis();
        watched.last = request;
        watched.resting = false;
        if (!Framing.isPlain(request)) {
            watched.refused = true;
            UnreadableRequest.refuse(
                    request, Problem.of(400, "Transfer-Encoding may only be chunked, and only in HTTP/1.1"));
        }
        return !watched.refused;
    }

    /** Looks at all connections from time to time, for as long as the verticle runs. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(Math.max(100, Math.min(LONGEST_BETWEEN_LOOKS, slowMillis / 4)), id -> look());
    }

    private void look() {
        long now = time.monotonicMillis();
        new ArrayList<>(open.entrySet()).forEach(entry -> look(entry.getKey(), entry.getValue(), now));
    }

    private void look(HttpConnection connection, Watched watched, long now) {
        HttpServerRequest last = watched.last;
        long passed = now - watched.since;
        if (last == null) {
            if (passed > slowMillis) {
                connection.close();
            }
        } else if (!last.isEnded()) {
            if (passed > slowMillis + last.bytesRead() * 1_000 / SLOWEST_BYTES_A_SECOND) {
                tooSlow(connection, last.response());
            }
        } else if (last.response().ended()) {
            if (!watched.resting) {
                watched.resting = true;
                watched.since = now;
            } else if (passed > idleMillis) {
                // A connection that nothing comes on was closed before; on this one a head drips.
                connection.close();
            }
        }
    }

    private static void tooSlow(HttpConnection connection, HttpServerResponse response) {
        if (response.headWritten() || response.ended()) {
            connection.close();
            return;
        }
        Problem problem = Problem.of(408, "The body takes too long to arrive");
        response.setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Connection", "close")
                .end(Buffer.buffer(Json.write(problem.json())))
                .onComplete(done -> connection.close());
    }
}
