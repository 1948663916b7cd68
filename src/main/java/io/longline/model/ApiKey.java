package io.longline.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: never the key itself, only its hash.
 *
 * @param name what its owner calls it
 * @param sha256 the key's SHA-256 in lower-case hexadecimal
 * @param hint the key's last four characters, enough to tell two apart
 * @param grants what it may be used for
 * @param expiresAt when it is of no use any more; {@code null} for never
 * @param lastUsedAt about when it was used last, to a minute; {@code null} for never
 */
public record ApiKey(
        KeyId id,
        String name,
        String sha256,
        String hint,
        Grants grants,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {
    /** Whether it has expired at that time. */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
