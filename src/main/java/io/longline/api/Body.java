package io.longline.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a route takes as a body.
 *
 * @param mostBytes of it
 * @param media the media types taken
 * @param required whether there must be one
 */
record Body(int mostBytes, Media media, boolean required) {
    /** Media types. */
    enum Media {
        /** JSON in any of its {@code +json} forms. */
        JSON,
        /** JSON, or a CloudEvent whose headers say what the body is. */
        EVENT,
        /** JSON, or one JSON value to a line. */
        JSON_OR_LINES,
        /** JSON in any form, or a table. */
        TABLE,
        /** JSON or YAML (RFC 9512). */
        JSON_OR_YAML,
        /** Whatever comes: it is judged once the body has shown whom it is from. */
        ANY;

        boolean takes(HttpServerRequest request) {
            if (this == ANY) {
                return true;
            }
            String type = mediaType(request);
            boolean json =
                    type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
            return json
                    || (this == JSON_OR_LINES && type.equals(LINES))
                    || (this == TABLE && (type.equals(LINES) || type.equals(CSV)))
                    || (this == JSON_OR_YAML && YAML.contains(type))
                    || (this == EVENT && CloudEventHeaders.areThere(request.headers()));
        }
    }

    /** The registered name, and what it was called before it was registered. */
    private static final Set<String> YAML =
            Set.of("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/vnd.yaml");

    static final String CSV = "text/csv";
    static final String LINES = "application/x-ndjson";
    static final String FORM = "application/x-www-form-urlencoded";

    /** Whether a request says that it has a body. */
    static boolean isPresent(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }

    /** A request's media type in lower case, without parameters; empty when it says none. */
    static String mediaType(HttpServerRequest request) {
        @Nullable String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            return "";
        }
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a request's body, which must not have begun to flow.
     *
     * @param admit told of each part's length before it is kept; may throw a {@link Problem}
     */
    Future<byte[]> read(HttpServerRequest request, IntConsumer admit) {
        Promise<byte[]> promise = Promise.promise();
        Buffer read = Buffer.buffer();
        request.handler(chunk -> {
            if (promise.future().isComplete()) {
                return;
            }
            if (read.length() + (long) chunk.length() > mostBytes) {
                promise.fail(Problem.of(413, "The body has more than " + mostBytes + " bytes"));
                return;
            }
            try {
                admit.accept(chunk.length());
                read.appendBuffer(chunk);
            } catch (Problem refused) {
                promise.fail(refused);
            }
        });
        request.endHandler(end -> promise.tryComplete(read.getBytes()));
        request.exceptionHandler(fault -> promise.tryFail(
                fault instanceof HttpClosedException ? fault : Problem.of(400, "The body cannot be read")));
        return promise.future();
    }
}
