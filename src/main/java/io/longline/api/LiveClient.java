package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Scope;
import io.longline.store.Queries.DeliveryFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client of the live stream, whose connection lives on an event loop of its own. One that does not take what it is
 * sent is cut off before it costs more than a bounded amount of memory. Safe for use by several threads.
 */
final class LiveClient {
    /** What may wait for a client; beyond it the connection is closed, and the client comes back where it was. */
    static final int MOST_BEHIND = 1_048_576;

    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    /** How soon a browser comes back by itself. */
    private static final String RETRY = "retry: 2000\n";

    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Caller caller;
    private final DeliveryFilter filter;
    private final @Nullable String lastId;
    private final AtomicLong behind = new AtomicLong();

    /**
     * @param context of the connection
     * @param filter what it wants to hear of; the tenant in it is one that the caller may see
     * @param lastId the last event that it heard of earlier; {@code null} for a new one
     */
    LiveClient(
            Context context, HttpServerRequest request, Caller caller, DeliveryFilter filter, @Nullable String lastId) {
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.caller = caller;
        this.filter = filter;
        this.lastId = lastId;
    }

    Caller caller() {
        return caller;
    }

    @Nullable String tenant() {
        return filter.tenant();
    }

    /** Begins the answer: with what was missed, where that is known and not too much; else the client is to read afresh. */
    void greet(LiveRing ring) {
        Buffer start = Buffer.buffer(RETRY);
        List<LiveEntry> missed = lastId == null ? List.of() : ring.after(lastId).orElse(null);
        Buffer catchUp = missed == null ? null : wanted(missed);
        if (catchUp == null || catchUp.length() > MOST_BEHIND / 2) {
            start.appendBytes(reset(ring));
        } else {
            // An identifier alone is no event, and yet what the client comes back with.
            start.appendString("id: " + (lastId == null ? ring.lastId() : lastId) + "\n\n")
                    .appendBuffer(catchUp);
        }
        write(start);
    }

    private static byte[] reset(LiveRing ring) {
        ObjectNode why = Json.object().put("reason", "what was missed is not known any more");
        return LiveEntry.block("reset", ring.lastId(), why);
    }

    /** Everything heard so far is void. */
    void reset(String lastIdNow) {
        ObjectNode why = Json.object().put("reason", "more changed than can be told");
        write(Buffer.buffer(LiveEntry.block("reset", lastIdNow, why)));
    }

    void send(List<LiveEntry> entries) {
        Buffer wanted = wanted(entries);
        if (wanted.length() > 0) {
            write(wanted);
        }
    }

    private Buffer wanted(List<LiveEntry> entries) {
        boolean full = caller.grants().allow(Scope.ADMIN);
        Buffer wanted = Buffer.buffer();
        for (LiveEntry entry : entries) {
            if (entry.passes(filter)) {
                wanted.appendBytes(full ? entry.whole() : entry.plain());
            }
        }
        return wanted;
    }

    void send(byte[] block) {
        write(Buffer.buffer(block));
    }

    /** Keeps the connection from looking idle to whatever is on its way. */
    void beat() {
        write(HEARTBEAT);
    }

    private void write(Buffer buffer) {
        int length = buffer.length();
        boolean tooFar = behind.addAndGet(length) > MOST_BEHIND;
        context.runOnContext(ignored -> {
            if (response.ended() || response.closed()) {
                return;
            }
            if (tooFar) {
                hangUp();
            } else {
                response.write(buffer).onComplete(done -> behind.addAndGet(-length));
            }
        });
    }

    /** At once: closing a connection in good order would wait until the client has taken what it does not take. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody is left who could care
    private void hangUp() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else if (request.connection() instanceof HttpServerConnection connection) {
            connection.channelHandlerContext().close();
        }
    }

    /** Ends the answer in good order; the future never fails. */
    Future<Void> end() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            Future<Void> ending = response.ended() || response.closed() ? Future.succeededFuture() : response.end();
            ending.onComplete(each -> done.complete());
        });
        return done.future();
    }
}
