package io.longline.security;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator lets deliveries go: scheme, port, name and address. What can be said of a URL without a look-up is
 * said when it is registered, and all of it again at each attempt. Immutable.
 *
 * @param guard judges addresses by what they are for
 * @param httpsOnly whether http is refused
 * @param ports the ports that may be used; empty for all
 * @param allowed the only names and ranges that may be reached; {@code null} for all
 * @param denied names and ranges that must not be reached, whatever else is allowed
 */
public record DestinationRules(
        AddressGuard guard,
        boolean httpsOnly,
        List<Ports> ports,
        @Nullable Hosts allowed,
        Hosts denied) {
    private static final Pattern PORTS = Pattern.compile("([1-9][0-9]{0,4})(-([1-9][0-9]{0,4}))?");
    private static final int LAST_PORT = 65_535;

    /** Names of this machine and of clouds' metadata: judged by name where somebody else does the look-up. */
    private static final Hosts OWN_AND_METADATA = Hosts.of(
            List.of("localhost", "*.localhost", "localhost.localdomain", "metadata.google.internal", "metadata.goog"));

    public DestinationRules {
        ports = List.copyOf(ports);
    }

    /** A range of ports. */
    public record Ports(int first, int last) {
        /** Reads {@code 443} or {@code 8000-8999}; empty when it is neither. */
        public static Optional<Ports> parse(String text) {
            Matcher matcher = PORTS.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(3) == null ? first : Integer.parseInt(matcher.group(3));
            return first <= last && last <= LAST_PORT ? Optional.of(new Ports(first, last)) : Optional.empty();
        }
    }

    /** Names and address ranges. A name is exact, or {@code *.} and a name for everything below it. */
    public record Hosts(List<String> names, AddressRanges ranges) {
        private static final Pattern NAME = Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

        /** Whether a text is a name, a pattern of names, an address or a range. */
        public static boolean isOne(String text) {
            return AddressGuard.isRange(text)
                    || (NAME.matcher(text.toLowerCase(Locale.ROOT)).matches()
                            && Destination.fault("http://" + text.replace("*.", ""))
                                    .isEmpty());
        }

        /** Reads texts that {@link #isOne} takes. */
        public static Hosts of(List<String> texts) {
            List<String> names = new ArrayList<>();
            List<String> ranges = new ArrayList<>();
            for (String text : texts) {
                if (AddressGuard.isRange(text)) {
                    ranges.add(text);
                } else {
                    names.add(text.toLowerCase(Locale.ROOT));
                }
            }
            return new Hosts(List.copyOf(names), AddressRanges.of(ranges));
        }

        boolean haveName(String host) {
            String lower = host.toLowerCase(Locale.ROOT);
            String name = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
            for (String each : names) {
                if (each.equals(name) || (each.startsWith("*.") && name.endsWith(each.substring(1)))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What the rules have against a destination before its addresses are known, in words that follow its place. */
    public Optional<String> fault(Destination destination) {
        if (httpsOnly && !destination.tls()) {
            return Optional.of("must begin with https://");
        }
        boolean portFits = ports.isEmpty()
                || ports.stream()
                        .anyMatch(range -> destination.port() >= range.first && destination.port() <= range.last);
        if (!portFits) {
            return Optional.of("must not use the port " + destination.port());
        }
        boolean named = !destination.isLiteral();
        boolean outside = allowed != null && named && allowed.ranges.isEmpty() && !allowed.haveName(destination.host());
        if ((named && denied.haveName(destination.host())) || outside) {
            return Optional.of("must not name the host " + destination.host());
        }
        return Optional.empty();
    }

    /** Whether a destination that {@link #fault} has nothing against must not be reached at one of its addresses. */
    public boolean isBlocked(Destination destination, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            return true;
        }
        boolean nameAllowed = allowed == null || (!destination.isLiteral() && allowed.haveName(destination.host()));
        for (InetAddress address : addresses) {
            boolean inside = nameAllowed || (allowed != null && allowed.ranges.contain(address));
            if (!inside || guard.isBlocked(address) || denied.ranges.contain(address)) {
                return true;
            }
        }
        return false;
    }

    /** The same for a name that a proxy will look up: what can be said of the name alone. */
    public boolean isBlockedByName(Destination destination) {
        boolean allowedByName = allowed == null || allowed.haveName(destination.host());
        return !allowedByName || (guard.blocksAnything() && OWN_AND_METADATA.haveName(destination.host()));
    }
}
