package io.longline.security;

import inet.ipaddr.IPAddressString;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A webhook's URL taken apart, after the checks that need no look-up: http or https, no user information, no fragment,
 * and a host that every parser reads alike. A host that looks like a number must be a canonical dotted quad, since
 * parsers disagree on what the other spellings mean (WHATWG URL, "ends in a number").
 *
 * @param tls whether the scheme is https
 * @param host the name, or the literal address without brackets
 * @param port the port, the scheme's own when the URL names none
 * @param requestUri path and query, as sent on the request line
 */
public record Destination(boolean tls, String host, int port, String requestUri) {
    /** The longest URL, in characters. */
    public static final int MAX_LENGTH = 2_048;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\\.?");
    private static final Pattern LOOKS_NUMERIC = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");
    private static final Pattern QUAD =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}(?<!\\.)");

    /** The host as it stands in a URL and in a {@code Host} header: a literal IPv6 address in brackets. */
    public String hostInUrl() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /** Whether the host is an address, which needs no look-up. */
    public boolean isLiteral() {
        return host.indexOf(':') >= 0 || QUAD.matcher(host).matches();
    }

    /** Whether the port is the scheme's own. */
    public boolean hasDefaultPort() {
        return port == (tls ? 443 : 80);
    }

    /** Takes a URL apart that {@link #fault} has nothing against. */
    public static Destination of(String url) {
        URI uri = URI.create(url);
        boolean tls = "https".equals(uri.getScheme().toLowerCase(Locale.ROOT));
        Authority authority = Authority.of(uri.getRawAuthority());
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        int port = authority.port() > 0 ? authority.port() : tls ? 443 : 80;
        return new Destination(tls, authority.host(), port, target);
    }

    /** What is wrong with a URL, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String url) {
        if (url.length() > MAX_LENGTH) {
            return Optional.of("must have at most " + MAX_LENGTH + " characters");
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException malformed) {
            return Optional.of("must be a valid URL");
        }
        if (!url.chars().allMatch(character -> character > 0x20 && character < 0x7F)) {
            return Optional.of("must be ASCII; write an international name in its xn-- form");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("must begin with http:// or https://");
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            return Optional.of("must name a host");
        }
        if (authority.indexOf('@') >= 0) {
            return Optional.of("must not contain a user name or password");
        }
        if (uri.getRawFragment() != null) {
            return Optional.of("must not contain a fragment");
        }
        return hostFault(Authority.of(authority));
    }

    private static Optional<String> hostFault(Authority authority) {
        if (authority.port() < 0) {
            return Optional.of("must have a port between 1 and 65535, or none");
        }
        String host = authority.host();
        if (authority.bracketed()) {
            IPAddressString literal = new IPAddressString(host);
            // An IPv4 address at its end is held to the same form: 0177 is octal to one parser and decimal to another.
            boolean plain = host.indexOf('%') < 0
                    && host.indexOf('/') < 0
                    && host.indexOf('*') < 0
                    && (host.indexOf('.') < 0
                            || QUAD.matcher(host.substring(host.lastIndexOf(':') + 1))
                                    .matches());
            return plain && literal.isIPv6() && !literal.getAddress().isMultiple()
                    ? Optional.empty()
                    : Optional.of("must have a plain IPv6 address between the brackets");
        }
        if (LOOKS_NUMERIC.matcher(host).matches() && !QUAD.matcher(host).matches()) {
            return Optional.of("must write an IPv4 address as four decimal numbers, like 192.0.2.1");
        }
        return host.length() <= 253 && NAME.matcher(host).matches()
                ? Optional.empty()
                : Optional.of("must name a host of letters, digits, dots and hyphens");
    }

    /** Host and port as written; a port of 0 was not given, one below 0 cannot be. */
    private record Authority(String host, int port, boolean bracketed) {
        private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

        static Authority of(String text) {
            boolean bracketed = text.startsWith("[") && text.indexOf(']') > 0;
            int hostEnd = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
            int end = hostEnd < 0 ? text.length() : hostEnd;
            String host = bracketed ? text.substring(1, end - 1) : text.substring(0, end);
            String rest = text.substring(end);
            return new Authority(host, port(rest), bracketed);
        }

        private static int port(String rest) {
            if (rest.isEmpty()) {
                return 0;
            }
            if (!rest.startsWith(":") || !PORT.matcher(rest.substring(1)).matches()) {
                return -1;
            }
            int port = Integer.parseInt(rest.substring(1));
            return port >= 1 && port <= 65_535 ? port : -1;
        }
    }
}
