package io.longline.security;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The forms of a webhook's secret. {@code whsec_} and base64 (Standard Webhooks 1.0), {@code whsk_} and base64 for an
 * Ed25519 private key, or any other text, whose UTF-8 bytes are the key.
 */
public final class WebhookSecret {
    static final String PREFIX = "whsec_";
    static final String ASYMMETRIC_PREFIX = "whsk_";
    static final String PUBLIC_PREFIX = "whpk_";
    private static final int RANDOM_BYTES = 32;
    private static final int FEWEST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int MAX_LENGTH = 256;
    private static final int ED25519_SEED = 32;
    private static final int ED25519_PAIR = 64;

    private WebhookSecret() {}

    /** A new secret: {@code whsec_} and base64 of 32 random bytes. */
    public static String generate(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** What keeps a secret from signing, in words that never repeat it; empty when nothing does. */
    public static Optional<String> fault(String secret) {
        if (secret.isEmpty() || secret.length() > MAX_LENGTH) {
            return Optional.of("must have 1 to " + MAX_LENGTH + " characters");
        }
        if (secret.chars().anyMatch(character -> character < 0x20 || character == 0x7F)) {
            return Optional.of("must not contain control characters");
        }
        if (secret.startsWith(Seal.RESERVED)) {
            return Optional.of("must not begin with " + Seal.RESERVED);
        }
        if (secret.startsWith(PREFIX) && decoded(secret, PREFIX).isEmpty()) {
            return Optional.of("must have base64 after whsec_");
        }
        if (secret.startsWith(ASYMMETRIC_PREFIX)) {
            int length = decoded(secret, ASYMMETRIC_PREFIX)
                    .map(bytes -> bytes.length)
                    .orElse(0);
            if (length != ED25519_SEED && length != ED25519_PAIR) {
                return Optional.of("must have base64 of an Ed25519 private key (32 or 64 bytes) after whsk_");
            }
        }
        return Optional.empty();
    }

    /**
     * What is wrong with a secret that somebody gives a webhook, in words that never repeat it; empty when nothing is.
     * Stricter than {@link #fault}, since secrets of before go on signing.
     */
    public static Optional<String> faultOfNew(String secret) {
        Optional<String> fault = fault(secret);
        if (fault.isPresent() || !secret.startsWith(PREFIX)) {
            return fault;
        }
        int length = decoded(secret, PREFIX).map(bytes -> bytes.length).orElse(0);
        return length >= FEWEST_BYTES && length <= MOST_BYTES
                ? Optional.empty()
                : Optional.of("must have base64 of " + FEWEST_BYTES + " to " + MOST_BYTES + " bytes after whsec_");
    }

    /**
     * What a receiver verifies with: {@code whpk_} and base64 of the Ed25519 public key.
     *
     * @param secret one that {@link #fault} has nothing against
     * @return empty for a secret that both sides share
     */
    public static Optional<String> publicKey(String secret) {
        if (!secret.startsWith(ASYMMETRIC_PREFIX)) {
            return Optional.empty();
        }
        byte[] key = Ed25519.publicKey(ed25519Seed(secret));
        return Optional.of(PUBLIC_PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /** The key of the Standard Webhooks scheme: the decoded part of a {@code whsec_} secret, else its UTF-8 bytes. */
    static byte[] standardKey(String secret) {
        if (secret.startsWith(PREFIX)) {
            return decoded(secret, PREFIX).orElseGet(() -> secret.getBytes(StandardCharsets.UTF_8));
        }
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] ed25519Seed(String secret) {
        byte[] key = decoded(secret, ASYMMETRIC_PREFIX).orElseThrow();
        return Arrays.copyOf(key, ED25519_SEED);
    }

    private static Optional<byte[]> decoded(String secret, String prefix) {
        try {
            byte[] bytes = Base64.getDecoder().decode(secret.substring(prefix.length()));
            return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
