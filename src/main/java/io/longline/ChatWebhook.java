package io.longline;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.format.UnrenderableException;
import io.longline.model.Payload;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat service's address as a webhook of the manager's, for messages that are made here: each is an event of a name that only
 * this address subscribes to, and its data goes out as it is. So messages are stored, retried, and shown like any delivery.
 * Registered at the first message, and found again after a restart.
 */
final class ChatWebhook {
    private static final int HASH_DIGITS = 12;

    private final WebhookManager manager;
    private final String service;
    private final String url;
    private final String event;
    private @Nullable Future<String> registered;

    /** Makes a message, however long what it is made of. */
    interface Making {
        JsonNode make() throws UnrenderableException;
    }

    ChatWebhook(WebhookManager manager, String service, String url) {
        this.manager = manager;
        this.service = service;
        this.url = url;
        // The address is a secret, and so is no part of the name but by its hash.
        this.event = "notification." + service + "."
                + Payload.sha256(url.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_DIGITS);
    }

    Future<EventReceipt> send(Making making) {
        JsonNode message;
        try {
            message = making.make();
        } catch (UnrenderableException empty) {
            return Future.failedFuture(LonglineException.invalid(service + ": " + empty.getMessage()));
        } catch (LonglineException refused) {
            return Future.failedFuture(refused);
        }
        return webhook().compose(id -> manager.triggerEvent(event, message, Map.of("source", service)));
    }

    /** The webhook's id. What could not be registered is tried again with the next message. */
    synchronized Future<String> webhook() {
        Future<String> known = registered;
        if (known == null || known.failed()) {
            known = manager.listWebhooksFor(event)
                    .compose(found -> found.stream()
                            .filter(webhook -> webhook.events().contains(event))
                            .findFirst()
                            .map(webhook -> Future.succeededFuture(webhook.id()))
                            .orElseGet(this::register));
            registered = known;
        }
        return known;
    }

    private Future<String> register() {
        return manager.registerWebhook(
                new WebhookConfig(url, event).format("raw").secret(null).description("Messages to " + service));
    }
}
