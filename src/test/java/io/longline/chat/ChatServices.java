package io.longline.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for Slack, Discord and Teams: takes what their webhooks take by their documentation, and refuses the rest
 * with the status and words that they refuse it with.
 */
public final class ChatServices implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SLACK_BLOCKS =
            Set.of("section", "header", "context", "divider", "actions", "image", "rich_text");

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Map<String, List<JsonNode>> taken = new ConcurrentHashMap<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Map<String, List<Long>> calls = new ConcurrentHashMap<>();
    private final Map<String, Integer> limited = new ConcurrentHashMap<>();
    private volatile double rateLimitedSeconds;
    private volatile int rateLimitedCalls;

    /** Listens on a port of the loopback address. */
    public ChatServices() {
        server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** The webhook of a service: slack, discord or teams. */
    public String url(String service) {
        return "http://127.0.0.1:" + server.actualPort() + "/" + service + "/hook";
    }

    /** What a service took. */
    public List<JsonNode> taken(String service) {
        return taken.getOrDefault(service, List.of());
    }

    /** Why messages were refused. */
    public List<String> refused() {
        return refused;
    }

    /** When each call of a service came, in nanoseconds. */
    public List<Long> calls(String service) {
        return calls.getOrDefault(service, List.of());
    }

    /** Answers the first calls of each service with 429. */
    public void rateLimit(int count, double seconds) {
        rateLimitedSeconds = seconds;
        rateLimitedCalls = count;
    }

    private void handle(HttpServerRequest request) {
        String service = request.path().split("/")[1];
        request.body().onSuccess(body -> {
            calls.computeIfAbsent(service, name -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
            if (limited.merge(service, 1, Integer::sum) <= rateLimitedCalls) {
                limited(service, request);
                return;
            }
            String text = body.toString(StandardCharsets.UTF_8);
            List<String> faults = new ArrayList<>();
            JsonNode message = read(text, faults);
            if (faults.isEmpty()) {
                switch (service) {
                    case "slack" -> slack(message, faults);
                    case "discord" -> discord(message, faults);
                    case "teams" -> teams(message, text, faults);
                    default -> {
                        // Any receiver.
                    }
                }
            }
            if (faults.isEmpty()) {
                taken.computeIfAbsent(service, name -> new CopyOnWriteArrayList<>())
                        .add(message);
                // Slack says ok, Discord nothing, a workflow that it was accepted.
                int status = service.equals("slack") ? 200 : service.equals("discord") ? 204 : 202;
                request.response().setStatusCode(status).end(service.equals("slack") ? "ok" : "");
            } else {
                refused.addAll(faults);
                request.response().setStatusCode(400).end(String.join("; ", faults));
            }
        });
    }

    private void limited(String service, HttpServerRequest request) {
        request.response().setStatusCode(429);
        if (service.equals("discord")) {
            // The header is cut to whole seconds; the body is exact.
            request.response()
                    .putHeader("Retry-After", Long.toString((long) rateLimitedSeconds))
                    .putHeader("Content-Type", "application/json")
                    .end("{\"message\": \"You are being rate limited.\", \"retry_after\": " + rateLimitedSeconds
                            + ", \"global\": false}");
        } else {
            request.response()
                    .putHeader("Retry-After", Long.toString((long) Math.ceil(rateLimitedSeconds)))
                    .end("rate_limited");
        }
    }

    private static JsonNode read(String text, List<String> faults) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node instanceof ObjectNode) {
                return node;
            }
        } catch (JsonProcessingException malformed) {
            // Told below.
        }
        faults.add("invalid_payload");
        return JSON.createObjectNode();
    }

    // https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/messaging/formatting-message-text
    private static void slack(JsonNode message, List<String> faults) {
        check(
                !message.path("text").asText().isEmpty()
                        || !message.path("blocks").isEmpty(),
                "no_text",
                faults);
        atMost(message, "text", 40_000, faults);
        slackMarkup(message.path("text").asText(), faults);
        int blocks = slackBlocks(message.path("blocks"), faults);
        check(message.path("attachments").size() <= 20, "too_many_attachments", faults);
        for (JsonNode attachment : message.path("attachments")) {
            String colour = attachment.path("color").asText("good");
            check(colour.matches("good|warning|danger|#[0-9A-Fa-f]{6}"), "invalid color " + colour, faults);
            blocks += slackBlocks(attachment.path("blocks"), faults);
        }
        check(blocks <= 50, "invalid_blocks: more than 50", faults);
    }

    private static int slackBlocks(JsonNode blocks, List<String> faults) {
        for (JsonNode block : blocks) {
            String type = block.path("type").asText();
            check(SLACK_BLOCKS.contains(type), "invalid_blocks: type " + type, faults);
            if (type.equals("header")) {
                slackText(block.path("text"), Set.of("plain_text"), 150, faults);
            }
            if (type.equals("section")) {
                check(block.has("text") || block.has("fields"), "invalid_blocks: empty section", faults);
                if (block.has("text")) {
                    slackText(block.path("text"), Set.of("plain_text", "mrkdwn"), 3_000, faults);
                }
                if (block.has("fields")) {
                    int size = block.path("fields").size();
                    check(size >= 1 && size <= 10, "invalid_blocks: " + size + " fields", faults);
                    block.path("fields")
                            .forEach(field -> slackText(field, Set.of("plain_text", "mrkdwn"), 2_000, faults));
                }
            }
            if (type.equals("context")) {
                int size = block.path("elements").size();
                check(size >= 1 && size <= 10, "invalid_blocks: " + size + " elements", faults);
            }
        }
        return blocks.size();
    }

    private static void slackText(JsonNode text, Set<String> types, int most, List<String> faults) {
        check(types.contains(text.path("type").asText()), "invalid_blocks: text type", faults);
        int length = text.path("text").asText().length();
        check(length >= 1 && length <= most, "invalid_blocks: text of " + length, faults);
        if (text.path("type").asText().equals("mrkdwn")) {
            slackMarkup(text.path("text").asText(), faults);
        }
    }

    /** What is neither a link, a mention nor a quotation has its three special characters as references. */
    private static void slackMarkup(String text, List<String> faults) {
        String rest = text.replaceAll("<([@#!]|[a-z]+:)[^<>]+>", "").replaceAll("(?m)^>+", "");
        check(!rest.matches("(?s).*(&(?!amp;|lt;|gt;)|[<>]).*"), "unescaped or cut in two: " + text, faults);
    }

    // https://discord.com/developers/docs/resources/webhook#execute-webhook and message#embed-object-embed-limits
    private static void discord(JsonNode message, List<String> faults) {
        boolean says = !message.path("content").asText().isBlank()
                || !message.path("embeds").isEmpty();
        check(says, "{\"message\": \"Cannot send an empty message\", \"code\": 50006}", faults);
        atMost(message, "content", 2_000, faults);
        check(message.path("embeds").size() <= 10, "embeds: BASE_TYPE_MAX_LENGTH 10", faults);
        int total = 0;
        for (JsonNode embed : message.path("embeds")) {
            atMost(embed, "title", 256, faults);
            atMost(embed, "description", 4_096, faults);
            atMost(embed.path("footer"), "text", 2_048, faults);
            atMost(embed.path("author"), "name", 256, faults);
            int colour = embed.path("color").asInt(0);
            check(colour >= 0 && colour <= 0xFFFFFF, "color: NUMBER_TYPE_MAX", faults);
            check(
                    !embed.has("timestamp") || embed.path("timestamp").asText().endsWith("Z"),
                    "timestamp: DATE_TIME_TYPE_PARSE",
                    faults);
            check(embed.path("fields").size() <= 25, "fields: BASE_TYPE_MAX_LENGTH 25", faults);
            total += length(embed, "title") + length(embed, "description");
            total += length(embed.path("footer"), "text") + length(embed.path("author"), "name");
            for (JsonNode field : embed.path("fields")) {
                check(!field.path("name").asText().isBlank(), "name: BASE_TYPE_REQUIRED", faults);
                check(!field.path("value").asText().isBlank(), "value: BASE_TYPE_REQUIRED", faults);
                atMost(field, "name", 256, faults);
                atMost(field, "value", 1_024, faults);
                total += length(field, "name") + length(field, "value");
            }
        }
        check(total <= 6_000, "embeds: MAX_EMBED_SIZE_EXCEEDED 6000 < " + total, faults);
    }

    // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
    private static void teams(JsonNode message, String text, List<String> faults) {
        check(text.getBytes(StandardCharsets.UTF_8).length <= 28 * 1_024, "message too large", faults);
        check(message.path("type").asText().equals("message"), "type must be message", faults);
        check(message.path("attachments").size() >= 1, "attachments required", faults);
        for (JsonNode attachment : message.path("attachments")) {
            check(
                    attachment.path("contentType").asText().equals("application/vnd.microsoft.card.adaptive"),
                    "contentType",
                    faults);
            JsonNode card = attachment.path("content");
            check(card.path("type").asText().equals("AdaptiveCard"), "card type", faults);
            check(card.path("version").asText().matches("1\\.[0-5]"), "card version", faults);
            check(card.path("body").isArray(), "card body", faults);
        }
    }

    private static int length(JsonNode parent, String name) {
        return parent.path(name).asText().length();
    }

    private static void atMost(JsonNode parent, String name, int most, List<String> faults) {
        check(length(parent, name) <= most, name + ": longer than " + most, faults);
    }

    private static void check(boolean holds, String fault, List<String> faults) {
        if (!holds) {
            faults.add(fault);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
