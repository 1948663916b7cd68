package io.longline.security;

import io.longline.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The secret half of an API key, a dashboard session or anything else that a caller shows to prove who it is: 256 random
 * bits, of which only the SHA-256 is kept. A plain hash is enough, since there is nothing to guess in so many bits.
 */
public final class KeySecret {
    /** What every API key starts with, so that scanners for leaked secrets find it. */
    public static final String PREFIX = "llk_";

    private static final int RANDOM_BYTES = 32;
    private static final int HINT = 4;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private KeySecret() {}

    /** A new API key: {@code llk_} and 32 random bytes in URL-safe base64. */
    public static String generate(RandomGenerator random) {
        return PREFIX + token(random);
    }

    /** 32 random bytes in URL-safe base64. */
    public static String token(RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is kept of a key: its SHA-256. */
    public static byte[] hash(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    }

    /** What is kept of a key, in lower-case hexadecimal. */
    public static String hashText(String key) {
        return HexFormat.of().formatHex(hash(key));
    }

    /** Whether a text is the hexadecimal form of a hash. */
    public static boolean isHash(String text) {
        return SHA256.matcher(text).matches();
    }

    /** The last four characters of a key. */
    public static String hint(String key) {
        return key.substring(Math.max(0, key.length() - HINT));
    }
}
