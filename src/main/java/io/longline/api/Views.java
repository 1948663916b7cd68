package io.longline.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Attempt;
import io.longline.model.CircuitStatus;
import io.longline.model.Delivery;
import io.longline.model.Event;
import io.longline.model.Rfc3339;
import io.longline.model.Scope;
import io.longline.model.Webhook;
import io.longline.security.HeaderRules;
import io.longline.security.WebhookSecret;
import io.longline.store.Page;
import io.longline.store.Queries.WebhookStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the API shows of things, as JSON. Secrets are never among it. */
final class Views {
    private final int maxInFlightPerWebhook;

    /** @param maxInFlightPerWebhook what a webhook that sets none has */
    Views(int maxInFlightPerWebhook) {
        this.maxInFlightPerWebhook = maxInFlightPerWebhook;
    }

    ObjectNode webhook(Webhook webhook) {
        ObjectNode json = Json.object();
        json.put("id", webhook.id().value());
        json.put("tenant", webhook.tenant());
        settings(webhook, json);
        json.put("secret_hint", webhook.secrets().hint());
        json.put("public_key", publicKey(webhook));
        Integer own = webhook.maxInFlight();
        json.put("max_in_flight", own == null ? maxInFlightPerWebhook : own);
        json.put("disabled_reason", webhook.disabledReason());
        json.put("circuit", webhook.circuit().text());
        json.put("created_at", time(webhook.createdAt()));
        json.put("updated_at", time(webhook.updatedAt()));
        return json;
    }

    /** What receivers verify with, for a secret whose other half they have; {@code null} for any other. */
    static @Nullable String publicKey(Webhook webhook) {
        String secret = webhook.secrets().current();
        return secret == null ? null : WebhookSecret.publicKey(secret).orElse(null);
    }

    /** The same for a caller: who may only look sees, of headers that speak of secrets, no more than their names. */
    ObjectNode webhook(Webhook webhook, Caller caller) {
        return caller.grants().allow(Scope.ADMIN) ? webhook(webhook) : maskedWebhook(webhook);
    }

    /** What a caller sees who may only look. */
    ObjectNode maskedWebhook(Webhook webhook) {
        ObjectNode json = webhook(webhook);
        if (webhook.headers().keySet().stream().anyMatch(HeaderRules::isSecret)) {
            ObjectNode headers = json.putObject("headers");
            webhook.headers()
                    .forEach((name, value) -> headers.put(name, HeaderRules.isSecret(name) ? HeaderRules.MASK : value));
        }
        return json;
    }

    /** The fields that a caller may set, but for tenant and secret. */
    static ObjectNode settings(Webhook webhook, ObjectNode json) {
        json.put("url", webhook.url());
        ArrayNode events = json.putArray("events");
        webhook.events().forEach(events::add);
        json.put("active", webhook.active());
        json.put("paused", webhook.paused());
        json.put("retry_count", webhook.retry().retryCount());
        json.put("retry_delay", webhook.retry().retryDelay().toSeconds());
        List<Duration> schedule = webhook.retry().schedule();
        if (schedule == null) {
            json.putNull("retry_schedule");
        } else {
            ArrayNode waits = json.putArray("retry_schedule");
            schedule.forEach(wait -> waits.add(wait.toSeconds()));
        }
        json.put("timeout", webhook.timeout().toSeconds());
        json.set("headers", texts(webhook.headers()));
        json.set("metadata", Json.readStored(webhook.metadataJson()));
        json.put("description", webhook.description());
        json.put("format", webhook.format().text());
        json.put("template", webhook.template());
        json.put("filter", webhook.filter());
        json.put("transform", webhook.transform());
        json.put("shadow", webhook.shadow());
        json.put("rate_limit", webhook.rateLimit());
        json.put("max_in_flight", webhook.maxInFlight());
        return json;
    }

    static ObjectNode statistics(WebhookStatistics statistics, Webhook webhook) {
        ObjectNode json = Json.object();
        json.put("total_attempts", statistics.succeededAttempts() + statistics.failedAttempts());
        json.put("successful", statistics.succeededAttempts());
        json.put("failed", statistics.failedAttempts());
        json.put("avg_duration_ms", rounded(statistics.averageDurationMillis()));
        json.put("p95_duration_ms", rounded(statistics.p95DurationMillis()));
        json.put("last_success_at", timeOrNull(statistics.lastSuccessAt()));
        json.put("last_failure_at", timeOrNull(statistics.lastFailureAt()));
        json.put("pending", statistics.pending());
        json.put("filtered", statistics.filtered());
        json.put("circuit", webhook.circuit().text());
        boolean rests = webhook.circuit() == CircuitStatus.OPEN;
        json.put("next_probe_at", rests ? timeOrNull(webhook.circuitRetryAt()) : null);
        return json;
    }

    static ObjectNode delivery(Delivery delivery) {
        ObjectNode json = Json.object();
        json.put("id", delivery.id().value());
        json.put("tenant", delivery.tenant());
        json.put("event_id", delivery.eventId().value());
        json.put("event", delivery.eventType());
        json.put("webhook_id", delivery.webhookId().value());
        json.put("status", delivery.status().text());
        json.put("held", delivery.held());
        json.put("attempt_count", delivery.attemptCount());
        json.put("last_response_code", delivery.lastResponseCode());
        json.put("reason", delivery.reason());
        json.put("next_attempt_at", timeOrNull(delivery.nextAttemptAt()));
        json.put("created_at", time(delivery.createdAt()));
        json.put("finished_at", timeOrNull(delivery.finishedAt()));
        return json;
    }

    static ObjectNode attempt(Attempt attempt) {
        ObjectNode json = Json.object();
        json.put("id", attempt.id().value());
        json.put("attempt_number", attempt.number());
        json.put("status", attempt.succeeded() ? "succeeded" : "failed");
        json.put("shadow", attempt.isShadow());
        json.put("response_code", attempt.responseCode());
        json.put("response_body", attempt.responseBody());
        json.put("error_message", attempt.errorMessage());
        json.put("timestamp", time(attempt.startedAt()));
        json.put("duration_ms", rounded(attempt.durationMillis()));
        json.putRawValue("request_headers", Json.raw(attempt.requestHeadersJson()));
        String received = attempt.responseHeadersJson();
        if (received == null) {
            json.putNull("response_headers");
        } else {
            json.putRawValue("response_headers", Json.raw(received));
        }
        json.put("request_body_sha256", attempt.requestBodySha256());
        return json;
    }

    static ObjectNode event(Event event) {
        ObjectNode json = Json.object();
        json.put("id", event.id().value());
        json.put("event", event.type());
        json.put("tenant", event.tenant());
        json.put("timestamp", time(event.occurredAt()));
        json.put("delivery_count", event.deliveryCount());
        return json;
    }

    static <T> ObjectNode page(Page<T> page, Function<T, ObjectNode> view) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        page.items().forEach(item -> data.add(view.apply(item)));
        json.put("next_cursor", page.nextCursor());
        return json;
    }

    static ObjectNode texts(Map<String, String> texts) {
        ObjectNode json = Json.object();
        texts.forEach(json::put);
        return json;
    }

    static String time(Instant instant) {
        return Rfc3339.format(instant);
    }

    static @Nullable String timeOrNull(@Nullable Instant instant) {
        return instant == null ? null : time(instant);
    }

    /** Milliseconds to a thousandth; finer would only pretend. */
    static @Nullable Double rounded(@Nullable Double millis) {
        return millis == null ? null : (Double) (Math.round(millis * 1_000) / 1_000.0);
    }
}
