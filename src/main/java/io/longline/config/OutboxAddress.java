package io.longline.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database that an application keeps its outbox in. Shown without its password. */
public sealed interface OutboxAddress {
    /** A SQLite file. */
    record Sqlite(Path file) implements OutboxAddress {
        private static Optional<OutboxAddress> parse(String path) {
            try {
                return path.isEmpty() ? Optional.empty() : Optional.of(new Sqlite(Path.of(path)));
            } catch (InvalidPathException malformed) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "sqlite:" + file;
        }
    }

    /**
     * A PostgreSQL database.
     *
     * @param port 5432 where the URL names none
     * @param user {@code null} for the process's own
     * @param password {@code null} for none
     * @param options the URL's parameters, such as {@code sslmode}; the driver's own names
     */
    record Postgres(
            String host,
            int port,
            String database,
            @Nullable String user,
            @Nullable String password,
            Map<String, String> options)
            implements OutboxAddress {
        private static final int USUAL_PORT = 5_432;

        public Postgres {
            options = Map.copyOf(options);
        }

        private static Optional<OutboxAddress> parse(String text) {
            try {
                URI uri = new URI(text);
                String path = uri.getPath() == null ? "" : uri.getPath();
                if (uri.getHost() == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
                    return Optional.empty();
                }
                String user = uri.getRawUserInfo();
                int colon = user == null ? -1 : user.indexOf(':');
                return Optional.of(new Postgres(
                        uri.getHost(),
                        uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
                        path.substring(1),
                        user == null ? null : decoded(colon < 0 ? user : user.substring(0, colon)),
                        user == null || colon < 0 ? null : decoded(user.substring(colon + 1)),
                        options(uri.getRawQuery())));
            } catch (URISyntaxException | IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }

        private static Map<String, String> options(@Nullable String query) {
            Map<String, String> options = new LinkedHashMap<>();
            for (String each : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
                int equals = each.indexOf('=');
                options.put(
                        decoded(equals < 0 ? each : each.substring(0, equals)),
                        equals < 0 ? "" : decoded(each.substring(equals + 1)));
            }
            return options;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "postgresql://" + host + ":" + port + "/" + database;
        }
    }

    /** Reads {@code sqlite:PATH} or {@code postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE}; empty for anything else. */
    static Optional<OutboxAddress> parse(String url) {
        if (url.startsWith("sqlite:")) {
            return Sqlite.parse(url.substring("sqlite:".length()));
        }
        return url.startsWith("postgresql://") || url.startsWith("postgres://")
                ? Postgres.parse(url)
                : Optional.empty();
    }
}
