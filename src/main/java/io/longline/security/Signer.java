package io.longline.security;

import io.longline.model.Payload;
import io.longline.model.SigningSecrets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs what one webhook is sent, in both schemes:
 *
 * <ul>
 *   <li>{@code X-Webhook-Signature: sha256=<hex>}, over the body, by the newest secret's text as it stands;
 *   <li>Standard Webhooks 1.0, {@code webhook-signature}: over {@code id.timestamp.body}, one signature for each live
 *       secret, newest first.
 * </ul>
 *
 * <p>Keeps its keys ready; for one thread.
 */
public final class Signer {
    private final List<SigningKey> keys;
    private final @Nullable Instant olderExpiresAt;

    private Signer(List<SigningKey> keys, @Nullable Instant olderExpiresAt) {
        this.keys = keys;
        this.olderExpiresAt = olderExpiresAt;
    }

    /** A signer for secrets that were checked when they were given. */
    public static Signer of(SigningSecrets secrets, Instant now) {
        List<SigningKey> keys = new ArrayList<>();
        for (String secret : secrets.live(now)) {
            keys.add(SigningKey.of(secret));
        }
        return new Signer(keys, keys.size() > 1 ? secrets.previousExpiresAt() : null);
    }

    /** The value of {@code X-Webhook-Signature}; {@code null} when there is none to send. */
    public @Nullable String bodySignature(Payload payload) {
        return keys.isEmpty() ? null : keys.get(0).bodySignature(payload.bytes());
    }

    /**
     * The value of {@code webhook-signature}; {@code null} when deliveries are unsigned.
     *
     * @param id the event's identifier, which contains no dot
     * @param now the attempt's time; its seconds are the {@code webhook-timestamp}
     */
    public @Nullable String standardSignature(String id, Instant now, Payload payload) {
        if (keys.isEmpty()) {
            return null;
        }
        byte[] prefix = (id + '.' + now.getEpochSecond() + '.').getBytes(StandardCharsets.US_ASCII);
        StringBuilder signatures = new StringBuilder();
        for (int index = 0; index < keys.size(); index++) {
            if (index > 0 && olderExpiresAt != null && !now.isBefore(olderExpiresAt)) {
                break;
            }
            signatures.append(index == 0 ? "" : " ").append(keys.get(index).standardSignature(prefix, payload.bytes()));
        }
        return signatures.toString();
    }
}
