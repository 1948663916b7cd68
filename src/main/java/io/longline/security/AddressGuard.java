package io.longline.security;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an address may be connected to. The blocked ranges are those of the IANA special-purpose address
 * registries (RFC 6890 and its updates); an IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4) is judged by
 * what it carries as well. Judges addresses, never names. Immutable.
 */
public final class AddressGuard {
    /** A range is written in its usual form alone: 10 or 010.0.0.0/8 would stand for something else than it seems to. */
    private static final IPAddressStringParameters PLAIN = new IPAddressStringParameters.Builder()
            .allowAll(false)
            .allowEmpty(false)
            .allowMask(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .getParentBuilder()
            .toParams();

    private static final List<IPAddress> SPECIAL_PURPOSE = ranges(List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "::1/128",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8"));
    private static final IPAddress NAT64 = range("64:ff9b::/96");
    private static final IPAddress SIX_TO_FOUR = range("2002::/16");
    private static final IPAddress TRANSLATED = range("::ffff:0:0:0/96");
    private static final IPAddress IPV4_COMPATIBLE = range("::/96");

    private final boolean everythingAllowed;
    private final List<IPAddress> allowed;

    private AddressGuard(boolean everythingAllowed, List<IPAddress> allowed) {
        this.everythingAllowed = everythingAllowed;
        this.allowed = allowed;
    }

    /** A guard that lets everything pass, for a server that only its own machine's user can reach. */
    public static AddressGuard allowingEverything() {
        return new AddressGuard(true, List.of());
    }

    /** A guard that blocks every special-purpose range but those allowed, each an address or a CIDR range. */
    public static AddressGuard blockingSpecialPurpose(List<String> allowed) {
        return new AddressGuard(false, ranges(allowed));
    }

    /** Whether a text is an address or a CIDR range that {@link #blockingSpecialPurpose} takes. */
    public static boolean isRange(String text) {
        return new IPAddressString(text, PLAIN).getAddress() != null;
    }

    /** Whether deliveries must not reach the address. */
    public boolean isBlocked(InetAddress address) {
        if (everythingAllowed) {
            return false;
        }
        if (address instanceof Inet6Address scoped && scoped.getScopeId() != 0) {
            return true;
        }
        IPAddress judged = addressOf(address);
        return judged == null || isBlocked(judged);
    }

    /** Whether it blocks anything at all. */
    boolean blocksAnything() {
        return !everythingAllowed;
    }

    static @Nullable IPAddress addressOf(InetAddress address) {
        return new IPAddressString(address.getHostAddress()).getAddress();
    }

    private boolean isBlocked(IPAddress address) {
        if (allowed.stream().anyMatch(range -> contains(range, address))) {
            return false;
        }
        Optional<IPAddress> carried = carriedIpv4(address);
        if (carried.isPresent()) {
            return isBlocked(carried.get());
        }
        return SPECIAL_PURPOSE.stream().anyMatch(range -> contains(range, address));
    }

    /** The address that a text is in its usual form; {@code null} for anything else. */
    static @Nullable IPAddress addressOf(String text) {
        IPAddress address = new IPAddressString(text, PLAIN).getAddress();
        return address == null || address.isMultiple() ? null : address;
    }

    static Optional<IPAddress> carriedIpv4(IPAddress address) {
        if (!(address instanceof IPv6Address ipv6)) {
            return Optional.empty();
        }
        if (ipv6.isIPv4Mapped() || NAT64.contains(ipv6) || TRANSLATED.contains(ipv6) || isIpv4Compatible(ipv6)) {
            return Optional.of(ipv6.getEmbeddedIPv4Address());
        }
        if (SIX_TO_FOUR.contains(ipv6)) {
            IPv4Address inside = ipv6.get6To4IPv4Address();
            return Optional.of(inside);
        }
        return Optional.empty();
    }

    /** The deprecated form {@code ::a.b.c.d}; {@code ::} and {@code ::1} are ranges of their own. */
    private static boolean isIpv4Compatible(IPv6Address address) {
        return IPV4_COMPATIBLE.contains(address) && !address.isZero() && !address.isLoopback();
    }

    static boolean contains(IPAddress range, IPAddress address) {
        return range.getIPVersion() == address.getIPVersion() && range.contains(address);
    }

    private static IPAddress range(String text) {
        IPAddress address = new IPAddressString(text, PLAIN).getAddress();
        if (address == null) {
            throw new IllegalArgumentException("not an address or CIDR range: " + text);
        }
        return address.toPrefixBlock();
    }

    static List<IPAddress> ranges(List<String> texts) {
        List<IPAddress> ranges = new ArrayList<>();
        texts.forEach(text -> ranges.add(range(text)));
        return List.copyOf(ranges);
    }
}
