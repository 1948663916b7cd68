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
import java.util.regex.Pattern;

/** Serves the dashboard's few files from memory, each read from the jar once. For one thread. */
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

    private final Vertx vertx;
    private final Map<String, Asset> known = new HashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Asset(String mediaType, String tag, byte[] bytes) {}

    Assets(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Answers a request for a file; fails with a {@link Problem} when there is none of that name. */
    Future<Void> serve(RoutingContext context) {
        String path = context.request().path().equals("/")
                ? "/index.html"
                : context.request().path();
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
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Content-Security-Policy", POLICY);
        if (asset.tag.equals(context.request().getHeader("If-None-Match"))) {
            return response.setStatusCode(304).end();
        }
        response.putHeader("Content-Type", asset.mediaType);
        return response.end(Buffer.buffer(asset.bytes));
    }

    private static Optional<Asset> read(String path) throws IOException {
        try (InputStream content = Assets.class.getResourceAsStream("/webroot" + path)) {
            if (content == null) {
                return Optional.empty();
            }
            byte[] bytes = content.readAllBytes();
            String tag = '"' + Payload.sha256(bytes).substring(0, 16) + '"';
            return Optional.of(new Asset(mediaType(path).orElseThrow(), tag, bytes));
        }
    }

    private static Optional<String> mediaType(String path) {
        return Optional.ofNullable(MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1)));
    }
}
