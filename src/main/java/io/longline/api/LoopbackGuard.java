package io.longline.api;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets into a server without keys only requests that plainly come from this machine's user: no web page that resolves
 * its own name to this machine, no foreign page, no proxy that stands in front.
 */
final class LoopbackGuard {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private LoopbackGuard() {}

    /** Refuses a request that comes from elsewhere. */
    static void check(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() != 1 || !isOwn(hosts.get(0))) {
            throw refused("this server has no keys and answers only to localhost");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !isOwnOrigin(origin, hosts.get(0))) {
            throw refused("this server has no keys and answers no page of another origin");
        }
        for (String name : request.headers().names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals("forwarded") || lower.startsWith("x-forwarded-")) {
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
        boolean plainPort = portAt < 0 || host.substring(portAt + 1).chars().allMatch(c -> c >= '0' && c <= '9');
        return plainPort && OWN_NAMES.contains(name.toLowerCase(Locale.ROOT));
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
