package io.longline.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a receiver got against a shared secret, the way a receiver should: over the raw bytes, in constant time.
 * Made for one secret; for one thread.
 */
public final class SignatureCheck {
    private final SigningKey key;

    /**
     * @param secret the webhook's secret, {@code whsec_} or plain text; not a {@code whsk_} one, whose receiver has only
     *     the public half
     */
    public SignatureCheck(String secret) {
        if (secret.startsWith(WebhookSecret.ASYMMETRIC_PREFIX)) {
            throw new IllegalArgumentException("a receiver has only the public half of a whsk_ secret");
        }
        key = SigningKey.of(secret);
    }

    /** What a check found. */
    public enum Result {
        /** At least one signature is there, and each scheme that is there holds. */
        VALID,
        /** A signature is there and does not match. */
        INVALID,
        /** There is no signature at all. */
        MISSING
    }

    /**
     * Checks a request.
     *
     * @param header gives a header's value by its lower-case name, {@code null} when it is absent
     * @param body the bytes as received
     */
    public Result check(UnaryOperator<@Nullable String> header, byte[] body) {
        String plain = header.apply("x-webhook-signature");
        String standard = header.apply("webhook-signature");
        if (plain == null && standard == null) {
            return Result.MISSING;
        }
        boolean plainHolds = plain == null || same(String.valueOf(key.bodySignature(body)), plain);
        boolean standardHolds = standard == null || standardHolds(header, standard, body);
        return plainHolds && standardHolds ? Result.VALID : Result.INVALID;
    }

    /** The same, over headers with lower-case names. */
    public Result check(Map<String, String> headers, byte[] body) {
        return check(name -> name == null ? null : headers.get(name), body);
    }

    private boolean standardHolds(UnaryOperator<@Nullable String> header, String signatures, byte[] body) {
        String prefix = header.apply("webhook-id") + "." + header.apply("webhook-timestamp") + ".";
        String expected = key.standardSignature(prefix.getBytes(StandardCharsets.UTF_8), body);
        boolean holds = false;
        for (String signature : signatures.split(" ")) {
            holds |= same(expected, signature);
        }
        return holds;
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
