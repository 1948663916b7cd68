package io.longline.security;

import io.longline.model.SourceKind;
import java.util.Optional;

/** What may be a source's secret. */
public final class InboundSecret {
    private static final int SHORTEST = 8;
    private static final int LONGEST = 256;

    private InboundSecret() {}

    /** What is wrong with a secret for a source of that kind, in words that never repeat it; empty when nothing is. */
    public static Optional<String> fault(SourceKind kind, String secret) {
        if (secret.length() < SHORTEST || secret.length() > LONGEST) {
            return Optional.of("must have " + SHORTEST + " to " + LONGEST + " characters");
        }
        if (secret.chars().anyMatch(character -> character < 0x20 || character == 0x7F)) {
            return Optional.of("must not contain control characters");
        }
        if (secret.startsWith(Seal.RESERVED)) {
            return Optional.of("must not begin with " + Seal.RESERVED);
        }
        return switch (kind) {
            case STANDARD -> standardFault(secret);
            case GITLAB, TOKEN -> headerFault(secret);
            default -> Optional.empty();
        };
    }

    private static Optional<String> standardFault(String secret) {
        return secret.startsWith(WebhookSecret.ASYMMETRIC_PREFIX) || secret.startsWith(WebhookSecret.PUBLIC_PREFIX)
                ? Optional.of("must be a secret that both sides share, such as whsec_ and base64")
                : WebhookSecret.fault(secret);
    }

    /** It has to arrive as the value of a header. */
    private static Optional<String> headerFault(String secret) {
        boolean ascii = secret.chars().allMatch(character -> character >= 0x20 && character < 0x7F);
        return ascii && secret.strip().equals(secret)
                ? Optional.empty()
                : Optional.of("must have printable ASCII characters, and no space at either end");
    }
}
