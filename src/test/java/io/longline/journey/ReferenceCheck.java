package io.longline.journey;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.longline.journey.ScriptedReceiver.Received;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies what came as a receiver would: with the reference library of Standard Webhooks, which goes by the machine's
 * clock and takes no request more than five minutes from it.
 */
final class ReferenceCheck {
    private ReferenceCheck() {}

    /** Whether one of the signatures in {@code webhook-signature} is this secret's. */
    static boolean isSignedBy(String secret, Received request) {
        return isSignedBy(
                secret,
                request.body(),
                request.header("webhook-id"),
                request.header("webhook-timestamp"),
                request.header("webhook-signature"));
    }

    static boolean isSignedBy(String secret, String body, String id, String timestamp, String signature) {
        Map<String, List<String>> headers = new TreeMap<>(Map.of(
                "webhook-id", List.of(id),
                "webhook-timestamp", List.of(timestamp),
                "webhook-signature", List.of(signature)));
        try {
            new Webhook(secret).verify(body, HttpHeaders.of(headers, (name, value) -> true));
            return true;
        } catch (WebhookVerificationException refused) {
            return false;
        } catch (EmptyWebhookSecretException fault) {
            throw new AssertionError(fault);
        }
    }

    /** What {@code X-Webhook-Signature} is to be when this secret is the newest. */
    static String bodySignature(String secret, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException fault) {
            throw new AssertionError(fault);
        }
    }
}
