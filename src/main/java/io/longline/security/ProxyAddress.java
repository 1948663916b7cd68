package io.longline.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an HTTP proxy is.
 *
 * @param user whom it knows us as; {@code null} when it does not ask
 * @param password {@code null} exactly when there is no user
 */
public record ProxyAddress(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    /** Reads {@code http://[USER:PASSWORD@]HOST:PORT}, user and password percent-encoded; empty when it is not that. */
    public static Optional<ProxyAddress> parse(String url) {
        try {
            URI uri = new URI(url);
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1 || !bare) {
                return Optional.empty();
            }
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            String known = uri.getRawUserInfo();
            if (known == null) {
                return Optional.of(new ProxyAddress(host, uri.getPort(), null, null));
            }
            int colon = known.indexOf(':');
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(new ProxyAddress(
                            host,
                            uri.getPort(),
                            decoded(known.substring(0, colon)),
                            decoded(known.substring(colon + 1))));
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "ProxyAddress[" + host + ":" + port + "]";
    }
}
