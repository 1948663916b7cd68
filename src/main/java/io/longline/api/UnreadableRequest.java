package io.longline.api;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers what cannot be read as a request, such as one past the limits: no route is asked, the connection ends. */
final class UnreadableRequest {
    static final int STATUS = 400;

    private UnreadableRequest() {}

    static void refuse(HttpServerRequest request) {
        refuse(request, problem(request.decoderResult().cause()));
    }

    /** Answers with the problem and ends the connection, whatever else may have come over it. */
    static void refuse(HttpServerRequest request, Problem problem) {
        request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Connection", "close")
                .end(Buffer.buffer(Json.write(problem.json())))
                .onComplete(done -> request.connection().close());
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "The request line has more than " + ApiVerticle.MAX_REQUEST_LINE + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(431, "The headers have more than " + ApiVerticle.MAX_HEADER_BYTES + " bytes");
        }
        return Problem.of(STATUS, "The request cannot be read");
    }
}
