package io.longline.security;

import io.longline.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key that seals secrets before they are stored: AES-256-GCM with a random nonce, bound to the place where the value
 * stands, so that a sealed value moved to another row does not open there. Immutable.
 */
public final class MasterKey {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 4;

    private final String id;
    private final SecretKeySpec key;

    private MasterKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
        this.id = id(bytes);
    }

    /** Reads base64 of 32 bytes; empty when it is not that. */
    public static Optional<MasterKey> parse(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.strip());
            return bytes.length == KEY_BYTES ? Optional.of(new MasterKey(bytes)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Tells this key from others, and nothing of it. */
    public String id() {
        return id;
    }

    byte[] seal(String plain, String place, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, place, plain.getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("every Java platform has " + CIPHER));
        byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
        System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
        return all;
    }

    /** What was sealed; empty when it was not sealed with this key, for this place, or was changed since. */
    Optional<String> open(byte[] sealed, String place) {
        if (sealed.length < NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        return run(Cipher.DECRYPT_MODE, nonce, place, Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length))
                .map(plain -> new String(plain, StandardCharsets.UTF_8));
    }

    private Optional<byte[]> run(int mode, byte[] nonce, String place, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return Optional.of(cipher.doFinal(input));
        } catch (GeneralSecurityException doesNotFit) {
            return Optional.empty();
        }
    }

    private static String id(byte[] bytes) {
        MessageDigest digest = Sha256.digest();
        digest.update("longline master key ".getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(bytes), 0, ID_BYTES);
    }

    @Override
    public String toString() {
        return "MasterKey[" + id + "]";
    }
}
