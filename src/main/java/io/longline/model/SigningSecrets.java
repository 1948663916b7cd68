package io.longline.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that sign what a webhook is sent.
 *
 * @param current {@code null} when the webhook's deliveries are unsigned
 * @param previous the one before, while a rotation's overlap lasts
 * @param previousExpiresAt when {@code previous} stops signing; {@code null} exactly when there is none
 */
public record SigningSecrets(
        @Nullable String current,
        @Nullable String previous,
        @Nullable Instant previousExpiresAt) {
    /** No secret: deliveries are unsigned. */
    public static final SigningSecrets NONE = new SigningSecrets(null, null, null);

    /** A single secret, or none. */
    public static SigningSecrets of(@Nullable String current) {
        return current == null ? NONE : new SigningSecrets(current, null, null);
    }

    /** The secrets that sign at that time, newest first; empty when deliveries are unsigned. */
    public List<String> live(Instant now) {
        List<String> secrets = new ArrayList<>(2);
        if (current != null) {
            secrets.add(current);
        }
        if (previous != null && previousExpiresAt != null && now.isBefore(previousExpiresAt)) {
            secrets.add(previous);
        }
        return secrets;
    }

    /** Puts a new secret in front; of the older ones only the newest stays, and only until the given time. */
    public SigningSecrets rotate(String secret, Instant overlapUntil) {
        return current == null ? of(secret) : new SigningSecrets(secret, current, overlapUntil);
    }

    /**
     * The last four characters of the current secret, enough to tell two apart, but never more than half of a short one;
     * {@code null} without one.
     */
    public @Nullable String hint() {
        return current == null ? null : current.substring(current.length() - Math.min(4, current.length() / 2));
    }

    @Override
    public String toString() {
        return "SigningSecrets[" + (current == null ? "none" : "hidden") + "]";
    }
}
