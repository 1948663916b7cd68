package io.longline.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * Refuses a request whose end a proxy in front might see elsewhere than this server does, since what one of them takes for
 * the body the other would take for the next request (RFC 9112, sections 6.1 and 11.2). What contradicts itself in
 * {@code Content-Length} is unreadable already; left is a {@code Transfer-Encoding} other than plain {@code chunked}.
 */
final class Framing {
    private static final String CHUNKED = "chunked";

    private Framing() {}

    /** Whether there is but one way to read where the request ends. */
    static boolean isPlain(HttpServerRequest request) {
        if (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            return true;
        }
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return request.version() == HttpVersion.HTTP_1_1
                && codings.size() == 1
                && CHUNKED.equalsIgnoreCase(codings.get(0));
    }
}
