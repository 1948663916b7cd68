package io.longline.security;

import inet.ipaddr.IPAddress;
import java.net.InetAddress;
import java.util.List;

/** Address ranges; an IPv6 address that carries an IPv4 one is in a range that either of them is in. Immutable. */
public final class AddressRanges {
    private final List<IPAddress> ranges;

    private AddressRanges(List<IPAddress> ranges) {
        this.ranges = ranges;
    }

    /** Ranges as {@link AddressGuard#isRange} takes them. */
    public static AddressRanges of(List<String> texts) {
        return new AddressRanges(AddressGuard.ranges(texts));
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean contain(InetAddress address) {
        IPAddress judged = AddressGuard.addressOf(address);
        return judged != null && contain(judged);
    }

    private boolean contain(IPAddress address) {
        return ranges.stream().anyMatch(range -> AddressGuard.contains(range, address))
                || AddressGuard.carriedIpv4(address).filter(this::contain).isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRanges those && those.ranges.equals(ranges);
    }

    @Override
    public int hashCode() {
        return ranges.hashCode();
    }

    @Override
    public String toString() {
        return ranges.toString();
    }
}
