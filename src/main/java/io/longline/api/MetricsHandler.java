package io.longline.api;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Answers Prometheus. */
final class MetricsHandler {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final ApiParts parts;

    MetricsHandler(ApiParts parts) {
        this.parts = parts;
    }

    /** Everything there is to measure; written off the event loop, which else would stand still for some milliseconds. */
    Future<Response> scrape(Call call) {
        return parts.vertx()
                .executeBlocking(() -> parts.metrics().scrape(), false)
                .map(text -> new Response(200, Map.of(), TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }
}
