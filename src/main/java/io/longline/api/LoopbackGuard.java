package io.longline.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets into a server without keys only requests that plainly come from this machine's user: no web page that resolves
 * its own name to this machine, no foreign page, no proxy that stands in front.
 */
final class LoopbackGuard {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    /** What the headers begin with by which a proxy tells of who called it. */
    private static final String PROXIED = "X-Forwarded-";

    private LoopbackGuard() {}

    /** Refuses a request that comes from elsewhere. */
    static void check(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() != 1 || !isOwn(hosts.get(0))) {
            throw refused("this server has no keys and answers only to localhost");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isOwnOrigin(origin, hosts.get(0))) {
            throw refused("this server has no keys and answers no page of another origin");
        }
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            if (name.equalsIgnoreCase("Forwarded") || name.regionMatches(true, 0, PROXIED, 0, PROXIED.length())) {
                throw refused("this server has no keys and answers no request that came through a proxy");
            }
        }
    }

    private static Problem refused(String why) {
        return Problem.of(403, "Refused: " + why + " (auth.mode)");
    }

    private static boolean isOwn(@Nullable String host) {
        if (host == null) {
            return false;
        }
        int portAt = host.startsWith("[") ? host.indexOf(':', host.indexOf(']') + 1) : host.indexOf(':');
        String name = portAt < 0 ? host : host.substring(0, portAt);
        return (portAt < 0 || isNumber(host, portAt + 1)) && OWN_NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean isNumber(String text, int from) {
        for (int index = from; index < text.length(); index++) {
            if (text.charAt(index) < '0' || text.charAt(index) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isOwnOrigin(String origin, String host) {
        try {
            URI uri = new URI(origin);
            return isOwn(uri.getRawAuthority()) && host.equalsIgnoreCase(uri.getRawAuthority());
        } catch (URISyntaxException odd) {
            return false;
        }
    }
}
