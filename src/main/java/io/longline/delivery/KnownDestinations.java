package io.longline.delivery;

import io.longline.security.Destination;
import io.longline.security.DestinationRules;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * URLs taken apart and judged, so that an attempt costs no parsing. What a name resolves to is never remembered here; a
 * literal address is what it is. Holds the URLs used last; for one thread.
 */
final class KnownDestinations {
    private static final int MOST = 4_096;

    private final DestinationRules rules;
    private final boolean proxied;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };

    /** @param proxied whether a proxy does the look-ups */
    KnownDestinations(DestinationRules rules, boolean proxied) {
        this.rules = rules;
        this.proxied = proxied;
    }

    /**
     * A URL as far as it is known.
     *
     * @param refusal why nothing may be sent there; {@code null} when something may
     * @param destination the URL's parts; {@code null} with a refusal
     * @param ready the request to a literal address; {@code null} when a name is to be looked up first
     */
    record Known(
            @Nullable String refusal,
            @Nullable Destination destination,
            @Nullable RequestOptions ready) {}

    Known of(String url) {
        Known found = known.get(url);
        if (found == null) {
            found = judge(url);
            known.put(url, found);
        }
        return found;
    }

    private Known judge(String url) {
        if (Destination.fault(url).isPresent()) {
            return new Known("The URL is not one that deliveries may go to", null, null);
        }
        Destination destination = Destination.of(url);
        String fault = rules.fault(destination).orElse(null);
        if (fault != null) {
            return new Known("The URL " + fault, null, null);
        }
        if (!destination.isLiteral()) {
            return proxied ? judgeName(destination) : new Known(null, destination, null);
        }
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(destination.host()));
            String refusal = refusal(destination, addresses);
            return refusal == null
                    ? new Known(
                            null, destination, proxied ? request(destination) : request(destination, addresses.get(0)))
                    : new Known(refusal, null, null);
        } catch (UnknownHostException notALiteral) {
            return new Known(null, destination, null);
        }
    }

    private Known judgeName(Destination destination) {
        return rules.isBlockedByName(destination)
                ? new Known(refusal(destination), null, null)
                : new Known(null, destination, request(destination));
    }

    /** Why a destination with these addresses must not be reached; {@code null} when it may. */
    @Nullable String refusal(Destination destination, List<InetAddress> addresses) {
        return rules.isBlocked(destination, addresses) ? refusal(destination) : null;
    }

    private static String refusal(Destination destination) {
        return "The address of " + destination.host() + " is one that deliveries must not reach";
    }

    /** A request that goes to an address that was judged. */
    static RequestOptions request(Destination destination, InetAddress address) {
        return request(destination)
                .setServer(SocketAddress.inetSocketAddress(destination.port(), address.getHostAddress()));
    }

    /** A request that goes through a proxy, which does the look-up. */
    private static RequestOptions request(Destination destination) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(destination.hostInUrl())
                .setPort(destination.port())
                .setSsl(destination.tls())
                .setURI(destination.requestUri())
                .setFollowRedirects(false);
    }
}
