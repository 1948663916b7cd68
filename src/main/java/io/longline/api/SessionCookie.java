package io.longline.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that a signed-in browser shows. No script sees it and no other site's page makes a browser send it; under TLS
 * its name promises browsers that it was set by this very host (a plain name otherwise, since they refuse that one
 * without TLS).
 */
final class SessionCookie {
    private final boolean tls;
    private final String name;

    SessionCookie(boolean tls) {
        this.tls = tls;
        this.name = tls ? "__Host-longline_session" : "longline_session";
    }

    /** The token in it; {@code null} without one. */
    @Nullable String read(HttpServerRequest request) {
        if (request.getHeader(HttpHeaders.COOKIE) == null) {
            return null;
        }
        Set<Cookie> named = request.cookies(name);
        return named.size() == 1 ? named.iterator().next().getValue() : null;
    }

    /** What sets it, for as long as the browser runs. */
    String set(String token) {
        return cookie(token).encode();
    }

    /** What takes it away. */
    String clear() {
        return cookie("").setMaxAge(0).encode();
    }

    private Cookie cookie(String value) {
        return Cookie.cookie(name, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(tls)
                .setSameSite(CookieSameSite.STRICT);
    }

    /** Whether a browser says that one of this server's own pages makes the request. */
    static boolean isFromOwnPage(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        if (site != null && !site.equals("same-origin")) {
            return false;
        }
        if (origin == null) {
            return site != null;
        }
        try {
            String host = request.getHeader("Host");
            return host != null && host.equalsIgnoreCase(new URI(origin).getRawAuthority());
        } catch (URISyntaxException odd) {
            return false;
        }
    }
}
