package io.longline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a server's API, and waits for the answers. What the server refuses, and a server that does not answer, end the
 * command. The JDK's own client, since a command has one thing to do and should begin with it at once.
 */
final class ServerClient {
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LARGEST_PAGE = 500;
    private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

    private final String server;
    private final @Nullable String key;
    private final Duration longest;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** @param longest that an answer may take; a stream, until it begins */
    ServerClient(String server, @Nullable String key, Duration longest) {
        this.longest = longest;
        this.server = server.replaceAll("/+$", "");
        this.key = key;
    }

    /** A path with query parameters; those that are {@code null} are left out. */
    static String path(String path, Map<String, ? extends @Nullable Object> query) {
        StringBuilder full = new StringBuilder(path);
        query.forEach((name, value) -> {
            if (value != null) {
                full.append(full.indexOf("?") < 0 ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encode(value.toString()));
            }
        });
        return full.toString();
    }

    /** Text as a part of a path or a query. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return send("GET", path, null, Map.of());
    }

    JsonNode send(String method, String path, @Nullable JsonNode body) {
        return send(method, path, body == null ? null : body.toString(), Map.of());
    }

    /** Sends a body as it is; answers the JSON that comes back, or an empty object for none. */
    JsonNode send(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request =
                request(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        if (body != null && !headers.containsKey("Content-Type")) {
            request.setHeader("Content-Type", "application/json");
        }
        HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
        return response.body().isEmpty() ? JSON.createObjectNode() : parse(response.body());
    }

    /** Sends bytes of that media type as they are; answers the JSON that comes back. */
    JsonNode post(String path, byte[] body, String mediaType) {
        HttpRequest request = request(path)
                .method("POST", BodyPublishers.ofByteArray(body))
                .setHeader("Content-Type", mediaType)
                .build();
        return parse(exchange(request, BodyHandlers.ofString()).body());
    }

    /** Opens a stream that goes on until somebody hangs up. */
    InputStream stream(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).GET();
        headers.forEach(request::setHeader);
        return exchange(request.build(), BodyHandlers.ofInputStream()).body();
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
            if (key != null) {
                request.setHeader("Authorization", "Bearer " + key);
            }
            return request;
        } catch (IllegalArgumentException noAddress) {
            throw unreachable();
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        // A request's own timeout ends a stream as well on some JDKs, and spares a slow body on others.
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
        try {
            HttpResponse<T> response = answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() >= 300) {
                String refusal = refusal(response.statusCode(), text(response.body()));
                throw NOT_NOW.contains(response.statusCode())
                        ? CommandFailure.notNow(refusal)
                        : CommandFailure.refused(refusal);
            }
            return response;
        } catch (IOException | TimeoutException fault) {
            answer.cancel(true);
            throw unreachable();
        } catch (ExecutionException fault) {
            if (fault.getCause() instanceof IOException) {
                throw unreachable();
            }
            throw new IllegalStateException(fault.getCause());
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        }
    }

    private static String text(Object body) throws IOException {
        if (body instanceof InputStream stream) {
            try (stream) {
                return new String(stream.readNBytes(65_536), StandardCharsets.UTF_8);
            }
        }
        return String.valueOf(body);
    }

    private CommandFailure unreachable() {
        return CommandFailure.unreachable("the server " + server + " cannot be reached");
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw CommandFailure.failed("the server's answer is not JSON; is this a Longline server?");
        }
    }

    private static String refusal(int status, String text) {
        StringBuilder line = new StringBuilder("the server refused it (" + status + ")");
        try {
            JsonNode problem = JSON.readTree(text);
            if (problem.hasNonNull("detail")) {
                line.append(": ").append(problem.path("detail").asText());
            }
            String told = problem.path("detail").asText();
            for (JsonNode fault : problem.path("errors")) {
                if (told.contains(fault.path("detail").asText())) {
                    continue;
                }
                line.append("; ")
                        .append(fault.path("pointer").asText())
                        .append(' ')
                        .append(fault.path("detail").asText());
            }
        } catch (JsonProcessingException notAProblem) {
            return line.toString();
        }
        return line.toString().replaceAll("\\p{Cntrl}", " ");
    }

    /** As many things of a list as asked for, over as many pages as that takes. */
    ObjectNode list(String path, Map<String, ? extends @Nullable Object> query, int limit) {
        ObjectNode all = JSON.createObjectNode();
        ArrayNode data = all.putArray("data");
        String cursor = null;
        do {
            String page = path(path, query);
            page = path(page, Map.of("limit", Math.min(LARGEST_PAGE, limit - data.size())));
            JsonNode answer = get(cursor == null ? page : path(page, Map.of("cursor", cursor)));
            answer.path("data").forEach(data::add);
            cursor = answer.path("next_cursor").isNull()
                    ? null
                    : answer.path("next_cursor").asText();
        } while (cursor != null && data.size() < limit);
        all.put("next_cursor", cursor);
        return all;
    }
}
