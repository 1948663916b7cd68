package io.longline.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

/** The route of the live stream (Server-Sent Events, as in the HTML standard, 9.2). */
final class StreamHandler {
    private final ApiParts parts;

    StreamHandler(ApiParts parts) {
        this.parts = parts;
    }

    Future<Response> stream(Call call) {
        var filter = DeliveryHandlers.filter(call);
        if (parts.state().isDraining()) {
            throw Problem.unavailable("The server is stopping; try again shortly");
        }
        HttpServerResponse response = call.request().response();
        if (call.request().method().equals(HttpMethod.HEAD)) {
            head(response).end();
            return Future.succeededFuture(Response.underWay());
        }
        if (response.closed()) {
            return Future.succeededFuture(Response.underWay());
        }
        LiveSeats.Seat seat = parts.live().seats().take(call.caller());
        Context context = parts.vertx().getOrCreateContext();
        LiveClient client =
                new LiveClient(context, call.request(), call.caller(), filter, call.header("Last-Event-ID"));
        response.closeHandler(closed -> leave(client, seat)).endHandler(ended -> leave(client, seat));
        head(response);
        parts.live().join(client);
        return Future.succeededFuture(Response.underWay());
    }

    private void leave(LiveClient client, LiveSeats.Seat seat) {
        seat.giveBack();
        parts.live().leave(client);
    }

    private static HttpServerResponse head(HttpServerResponse response) {
        return response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                // What nginx goes by: a proxy that gathers answers would keep everything back.
                .putHeader("X-Accel-Buffering", "no");
    }
}
