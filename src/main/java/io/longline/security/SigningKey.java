package io.longline.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One secret made ready to sign with. For one thread: it keeps the algorithm's state. */
abstract class SigningKey {
    private static final String HMAC = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    /** A key for a secret that {@link WebhookSecret#fault} has nothing against. */
    static SigningKey of(String secret) {
        return secret.startsWith(WebhookSecret.ASYMMETRIC_PREFIX)
                ? new Asymmetric(WebhookSecret.ed25519Seed(secret))
                : new Symmetric(secret);
    }

    /** The value of {@code X-Webhook-Signature}; {@code null} for a kind of key that sends none. */
    abstract @Nullable String bodySignature(byte[] body);

    /** One signature of the {@code webhook-signature} header over prefix and body. */
    abstract String standardSignature(byte[] prefix, byte[] body);

    private static final class Symmetric extends SigningKey {
        private final Mac bodyMac;
        private final Mac standardMac;

        Symmetric(String secret) {
            bodyMac = mac(secret.getBytes(StandardCharsets.UTF_8));
            standardMac = mac(WebhookSecret.standardKey(secret));
        }

        @Override
        String bodySignature(byte[] body) {
            return "sha256=" + HEX.formatHex(bodyMac.doFinal(body));
        }

        @Override
        String standardSignature(byte[] prefix, byte[] body) {
            standardMac.update(prefix);
            return "v1," + Base64.getEncoder().encodeToString(standardMac.doFinal(body));
        }

        private static Mac mac(byte[] key) {
            try {
                Mac mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(key, HMAC));
                return mac;
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("every Java platform has " + HMAC, impossible);
            }
        }
    }

    private static final class Asymmetric extends SigningKey {
        private final PrivateKey key;

        Asymmetric(byte[] seed) {
            key = Ed25519.privateKey(seed);
        }

        @Override
        @Nullable String bodySignature(byte[] body) {
            return null;
        }

        @Override
        String standardSignature(byte[] prefix, byte[] body) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(prefix);
                signature.update(body);
                return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("signing needs nothing but the key", impossible);
            }
        }
    }
}
