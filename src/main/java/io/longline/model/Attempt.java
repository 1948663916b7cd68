package io.longline.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request made for a delivery, with what came back; an immutable row. A shadow's is made and not sent.
 *
 * @param number 1 for a delivery's first attempt; runs on through manual retries
 * @param startedAt when it began
 * @param durationMillis how long it took in all
 * @param responseBody the first part of the answer's body, as text
 * @param requestHeadersJson the headers sent, as a JSON object; values that look secret are masked
 * @param responseHeadersJson the headers received, as a JSON object; {@code null} without an answer
 */
public record Attempt(
        AttemptId id,
        DeliveryId deliveryId,
        WebhookId webhookId,
        EventId eventId,
        int number,
        boolean succeeded,
        @Nullable Integer responseCode,
        @Nullable String responseBody,
        @Nullable String errorMessage,
        Instant startedAt,
        double durationMillis,
        String requestHeadersJson,
        @Nullable String responseHeadersJson,
        String requestBodySha256) {
    /** Whether the request was made and not sent, the webhook being a shadow: nothing else succeeds without an answer. */
    public boolean isShadow() {
        return succeeded && responseCode == null;
    }
}
