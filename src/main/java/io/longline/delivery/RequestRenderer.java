package io.longline.delivery;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.longline.bus.Request.SendTest;
import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import io.longline.model.TimeSource;
import io.longline.model.Webhook;
import io.longline.model.WebhookId;
import io.longline.security.HeaderRules;
import io.longline.security.Signer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the request of an attempt from the frozen payload and the webhook's settings of that moment, and signs it. Keeps
 * each webhook's signer ready; for one thread.
 */
final class RequestRenderer {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    /** The names that nearly every request has, as the connection writes them. */
    private static final Map<String, CharSequence> READY_NAMES = Stream.of(
                    "Content-Type",
                    "User-Agent",
                    "X-Webhook-Event",
                    "X-Webhook-Id",
                    "X-Webhook-Delivery",
                    "X-Webhook-Attempt",
                    "webhook-id",
                    "webhook-timestamp",
                    "webhook-signature",
                    "X-Webhook-Signature")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), HttpHeaders::createOptimized));

    private final TimeSource time;
    private final String userAgent;
    private final Map<WebhookId, ReadySigner> signers = new HashMap<>();

    private record ReadySigner(long version, Signer signer) {}

    RequestRenderer(TimeSource time, String version) {
        this.time = time;
        this.userAgent = "Longline/" + version;
    }

    /** The request of a delivery's next attempt, with that body. */
    OutgoingRequest render(Flight flight, Payload body, String contentType) {
        Webhook webhook = flight.webhook();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Webhook-Id", webhook.id().value());
        headers.put("X-Webhook-Delivery", flight.delivery().id().value());
        headers.put("X-Webhook-Attempt", Integer.toString(flight.attemptNumber()));
        return render(
                webhook.url(),
                webhook.headers(),
                headers,
                flight.delivery().eventId().value(),
                flight.delivery().eventType(),
                signer(webhook),
                body,
                contentType,
                webhook.timeout());
    }

    /** The request of a test, which has no delivery. */
    OutgoingRequest renderTest(SendTest test, String eventId, Payload body, String contentType) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (test.webhookId() != null) {
            headers.put("X-Webhook-Id", test.webhookId().value());
        }
        headers.put("X-Webhook-Attempt", "1");
        return render(
                test.url(),
                test.headers(),
                headers,
                eventId,
                test.eventType(),
                Signer.of(test.secrets(), time.now()),
                body,
                contentType,
                test.timeout());
    }

    /** A webhook is gone: its keys need not be kept. */
    void forget(WebhookId webhookId) {
        signers.remove(webhookId);
    }

    private OutgoingRequest render(
            String url,
            Map<String, String> own,
            Map<String, String> identifying,
            String eventId,
            String eventType,
            Signer signer,
            Payload body,
            String contentType,
            Duration timeout) {
        Instant now = time.now();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        headers.put("User-Agent", userAgent);
        headers.putAll(own);
        headers.put("X-Webhook-Event", percentEncoded(eventType));
        headers.putAll(identifying);
        headers.put("webhook-id", eventId);
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        put(headers, "webhook-signature", signer.standardSignature(eventId, now, body));
        put(headers, "X-Webhook-Signature", signer.bodySignature(body));
        return new OutgoingRequest(url, headers, body, timeout);
    }

    private Signer signer(Webhook webhook) {
        ReadySigner ready = signers.get(webhook.id());
        if (ready == null || ready.version != webhook.version()) {
            SigningSecrets secrets = webhook.secrets();
            ready = new ReadySigner(webhook.version(), Signer.of(secrets, time.now()));
            signers.put(webhook.id(), ready);
        }
        return ready.signer;
    }

    /** A header's name ready to be written where it is one of Longline's own, else as it is. */
    static CharSequence ready(String name) {
        return READY_NAMES.getOrDefault(name, name);
    }

    private static void put(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    /**
     * Headers as a JSON object to be kept, some values masked.
     *
     * @param mayBeSecret those that are masked if their names look secret
     * @param all masks each of these, whatever its name
     */
    static String json(Map<String, String> headers, Set<String> mayBeSecret, boolean all) {
        StringBuilder json = new StringBuilder(512).append('{');
        headers.forEach((name, value) -> {
            boolean masked = mayBeSecret.contains(name) && (all || HeaderRules.isSecret(name));
            json.append(json.length() == 1 ? "" : ",");
            quote(json, name).append(':');
            quote(json, masked ? HeaderRules.MASK : value);
        });
        return json.append('}').toString();
    }

    private static StringBuilder quote(StringBuilder json, String text) {
        json.append('"');
        if (isPlainJson(text)) {
            json.append(text);
        } else {
            JsonStringEncoder.getInstance().quoteAsString(text, json);
        }
        return json.append('"');
    }

    /** Whether a text stands in JSON as it is, as nearly every header does. */
    private static boolean isPlainJson(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character < 0x20 || character == '"' || character == '\\') {
                return false;
            }
        }
        return true;
    }

    /** The percent sign is encoded too, so that what is decoded is always the name. */
    private static String percentEncoded(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder();
        for (byte part : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(part)) {
                encoded.append((char) part);
            } else {
                encoded.append('%').append(HEX[(part >> 4) & 0xF]).append(HEX[part & 0xF]);
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (!isPlain(text.charAt(index))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int character) {
        return character >= 0x20 && character < 0x7F && character != '%';
    }
}
