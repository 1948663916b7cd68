package io.longline.api;

import io.longline.model.Payload;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Serves the dashboard's few files from memory, each read from the jar once. What it uses of others comes from their webjars,
 * under {@code /lib/NAME/VERSION/}: such a file never changes, so browsers may keep it. For one thread.
 */
final class Assets {
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+");
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "woff2", "font/woff2");
    private static final String POLICY =
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    /** The viewer of the contract has its icons in its style sheet. */
    private static final String POLICY_OF_DOCS = POLICY + "; img-src 'self' data:";

    private static final String DOCS = "/docs.html";
    private static final Map<String, String> PAGES = Map.of("/", "/index.html", "/docs", DOCS);
    private static final String LIBRARY_PATH = "/lib/";
    private static final Set<String> LIBRARIES = Set.of("swagger-ui", "uplot");

    private final Vertx vertx;
    private final Map<String, Asset> known = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(String mediaType, String tag, String caching, String policy, byte[] bytes) {}

    Assets(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Answers a request for a file; fails with a {@link Problem} when there is none of that name. */
    Future<Void> serve(RoutingContext context) {
        String path =
                PAGES.getOrDefault(context.request().path(), context.request().path());
        Asset asset = known.get(path);
        if (asset != null) {
            return send(context, asset);
        }
        if (!PATH.matcher(path).matches() || mediaType(path).isEmpty()) {
            return Future.failedFuture(Problem.notFound());
        }
        return vertx.executeBlocking(() -> read(path)).compose(found -> {
            Asset loaded = found.orElseThrow(Problem::notFound);
            known.put(path, loaded);
            return send(context, loaded);
        });
    }

    private static Future<Void> send(RoutingContext context, Asset asset) {
        HttpServerResponse response = context.response();
        response.putHeader("ETag", asset.tag)
                .putHeader("Cache-Control", asset.caching)
                .putHeader("Content-Security-Policy", asset.policy);
        if (asset.tag.equals(context.request().getHeader("If-None-Match"))) {
            return response.setStatusCode(304).end();
        }
        response.putHeader("Content-Type", asset.mediaType);
        return response.end(Buffer.buffer(asset.bytes));
    }

    private static Optional<Asset> read(String path) throws IOException {
        boolean isLibrary = path.startsWith(LIBRARY_PATH);
        if (isLibrary && !LIBRARIES.contains(path.split("/", -1)[2])) {
            return Optional.empty();
        }
        String place =
                isLibrary ? "/META-INF/resources/webjars/" + path.substring(LIBRARY_PATH.length()) : "/webroot" + path;
        try (InputStream content = Assets.class.getResourceAsStream(place)) {
            if (content == null) {
                return Optional.empty();
            }
            byte[] bytes = content.readAllBytes();
            String tag = '"' + Payload.sha256(bytes).substring(0, 16) + '"';
            String caching = isLibrary ? "public, max-age=31536000, immutable" : "no-cache";
            String policy = path.equals(DOCS) ? POLICY_OF_DOCS : POLICY;
            return Optional.of(new Asset(mediaType(path).orElseThrow(), tag, caching, policy, bytes));
        }
    }

    private static Optional<String> mediaType(String path) {
        return Optional.ofNullable(MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
    }
}
