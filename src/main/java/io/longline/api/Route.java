package io.longline.api;

import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One route.
 *
 * @param path as in the contract, with parameters in braces
 * @param access what a caller needs for it
 * @param body what it takes as a body; {@code null} for none
 * @param queries the query parameters that it knows; any other is refused, since a mistyped filter would else answer
 *     what nobody asked for
 */
record Route(
        HttpMethod method,
        String path,
        Access access,
        @Nullable Body body,
        Set<String> queries,
        Endpoint endpoint) {
    /** The path in the router's notation. */
    String routerPath() {
        return path.replaceAll("\\{([a-z_]+)}", ":$1");
    }
}
