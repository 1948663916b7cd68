package io.longline.security;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose word counts for where a request came from. A proxy appends to {@code X-Forwarded-For} the address that it was
 * called from, so that only the entries of trusted proxies, read from the end, are more than somebody's claim.
 */
public final class TrustedProxies {
    private static final Pattern COMMA = Pattern.compile(",");

    private final List<IPAddress> ranges;

    private TrustedProxies(List<IPAddress> ranges) {
        this.ranges = ranges;
    }

    /** Trusts ranges as {@link AddressGuard#isRange} takes them. */
    public static TrustedProxies of(List<String> ranges) {
        return new TrustedProxies(AddressGuard.ranges(ranges));
    }

    /** Whether the other end of a connection is one of them. */
    public boolean trust(String peer) {
        IPAddress address = ranges.isEmpty() ? null : plain(peer);
        return address != null && trust(address);
    }

    private boolean trust(IPAddress address) {
        return ranges.stream().anyMatch(range -> AddressGuard.contains(range, address));
    }

    /**
     * Where a request came from: the last address that no trusted proxy has.
     *
     * @param peer the other end of the connection
     * @param forwarded the values of {@code X-Forwarded-For}, in their order
     */
    public String client(String peer, List<String> forwarded) {
        if (!trust(peer)) {
            return peer;
        }
        String[] hops = COMMA.split(String.join(",", forwarded));
        String nearest = peer;
        for (int index = hops.length - 1; index >= 0; index--) {
            IPAddress hop = address(hops[index].strip());
            if (hop == null) {
                return nearest;
            }
            nearest = hop.toInetAddress().getHostAddress();
            if (!trust(hop)) {
                return nearest;
            }
        }
        return nearest;
    }

    /** Some proxies write a port too. */
    private static @Nullable IPAddress address(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? null : plain(hop.substring(1, end));
        }
        int colon = hop.indexOf(':');
        boolean port = colon >= 0 && colon == hop.lastIndexOf(':');
        return plain(port ? hop.substring(0, colon) : hop);
    }

    /** An IPv4 address that is written as an IPv6 one is the IPv4 one. */
    private static @Nullable IPAddress plain(String text) {
        IPAddress address = AddressGuard.addressOf(text);
        return address != null && address.isIPv6() && address.toIPv6().isIPv4Mapped()
                ? address.toIPv6().getEmbeddedIPv4Address()
                : address;
    }
}
