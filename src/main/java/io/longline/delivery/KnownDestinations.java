package io.longline.delivery;

import io.longline.security.AddressGuard;
import io.longline.security.Destination;
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

    private final AddressGuard guard;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };

    KnownDestinations(AddressGuard guard) {
        this.guard = guard;
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
        if (!destination.isLiteral()) {
            return new Known(null, destination, null);
        }
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(destination.host()));
            String refusal = refusal(destination, addresses);
            return refusal == null
                    ? new Known(null, destination, request(destination, addresses.get(0)))
                    : new Known(refusal, null, null);
        } catch (UnknownHostException notALiteral) {
            return new Known(null, destination, null);
        }
    }

    /** Why a destination with these addresses must not be reached; {@code null} when it may. */
    @Nullable String refusal(Destination destination, List<InetAddress> addresses) {
        return addresses.isEmpty() || addresses.stream().anyMatch(guard::isBlocked)
                ? "The address of " + destination.host() + " is one that deliveries must not reach"
                : null;
    }

    /** A request that goes to an address that was judged. */
    static RequestOptions request(Destination destination, InetAddress address) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(destination.port(), address.getHostAddress()))
                .setHost(destination.hostInUrl())
                .setPort(destination.port())
                .setSsl(destination.tls())
                .setURI(destination.requestUri())
                .setFollowRedirects(false);
    }
}
