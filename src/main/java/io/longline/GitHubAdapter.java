package io.longline;

import com.fasterxml.jackson.databind.JsonNode;
import io.longline.adapter.Providers;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns GitHub's webhook payloads (<a href="https://docs.github.com/webhooks/webhook-events-and-payloads">events</a>) into events
 * {@code github.<event>[.<action>]}, the same that a source of the kind {@code github} makes of calls to {@code /in/NAME}: for
 * programs that take GitHub's calls themselves and have verified them. The payload is the event's data, as it is.
 */
public final class GitHubAdapter {
    private static final String PREFIX = "github.";

    private final WebhookManager manager;

    /** @param manager accepts the events */
    public GitHubAdapter(WebhookManager manager) {
        this.manager = manager;
    }

    /** A {@code push}: event {@code github.push}. Needs {@code repository.full_name} and {@code ref}. */
    public Future<EventReceipt> handlePush(Object payload) {
        return handle("push", null, payload, "ref");
    }

    /** A {@code pull_request}: event {@code github.pull_request.<action>}. */
    public Future<EventReceipt> handlePullRequest(Object payload) {
        return handle("pull_request", null, payload, "action");
    }

    /** An {@code issues}: event {@code github.issues.<action>}. */
    public Future<EventReceipt> handleIssue(Object payload) {
        return handle("issues", null, payload, "action");
    }

    /** A {@code release}: event {@code github.release.<action>}. */
    public Future<EventReceipt> handleRelease(Object payload) {
        return handle("release", null, payload, "action");
    }

    /**
     * Any other.
     *
     * @param eventName what {@code X-GitHub-Event} says
     */
    public Future<EventReceipt> handle(String eventName, Object payload) {
        return handle(eventName, null, payload);
    }

    /**
     * Any, and only once.
     *
     * @param eventName what {@code X-GitHub-Event} says
     * @param deliveryId what {@code X-GitHub-Delivery} says, so that a repeated call is stored once; {@code null} for no such care
     * @param payload a map, a tree, or whatever else is JSON
     */
    public Future<EventReceipt> handle(String eventName, @Nullable String deliveryId, Object payload) {
        return handle(eventName, deliveryId, payload, null);
    }

    private Future<EventReceipt> handle(
            String eventName, @Nullable String deliveryId, Object payload, @Nullable String needed) {
        try {
            JsonNode tree = JsonValues.tree("github " + eventName + ": payload", payload);
            if (!tree.isObject()) {
                throw LonglineException.invalid("github " + eventName + ": payload must be an object");
            }
            if (needed != null) {
                need(tree, eventName, "/repository/full_name");
                need(tree, eventName, "/" + needed);
            }
            String action = tree.path("action").isTextual() ? tree.get("action").textValue() : null;
            EventInput input = new EventInput(PREFIX + Providers.gitHubEvent(eventName, action), tree)
                    .metadata(Map.of("source", "github"));
            if (deliveryId != null) {
                input.idempotencyKey("github-" + deliveryId);
            }
            return manager.trigger(input);
        } catch (LonglineException refused) {
            return Future.failedFuture(refused);
        }
    }

    private static void need(JsonNode tree, String eventName, String pointer) {
        JsonNode value = tree.at(pointer);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            String field = pointer.substring(1).replace('/', '.');
            throw LonglineException.invalid("github " + eventName + ": " + field + " must be a non-empty string");
        }
    }
}
