package io.longline.security;

import io.longline.model.ApiKey;
import io.longline.model.Grants;
import io.longline.model.KeyId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key that the settings name by its hash: {@code SHA256} for one that may do everything, or
 * {@code publish+tenant:acme=SHA256} for one that may not.
 */
public final class ConfiguredKey {
    private static final String ID_PREFIX = "settings:";
    private static final int ID_DIGITS = 8;

    private ConfiguredKey() {}

    /** What is wrong with an entry; empty when nothing is. Never repeats it: somebody may have put the key itself there. */
    public static Optional<String> fault(String entry) {
        List<String> words = words(entry);
        boolean scoped = entry.indexOf('=') >= 0;
        boolean fine = KeySecret.isHash(hash(entry))
                && words.stream().allMatch(word -> Grants.fault(word).isEmpty())
                && (!scoped || Grants.faultOfAll(words).isEmpty());
        return fine
                ? Optional.empty()
                : Optional.of("must be the SHA-256 of a key in lower-case hexadecimal, with scopes before it as in"
                        + " publish+tenant:acme=SHA256 where it may not do everything");
    }

    /** The key of an entry that {@link #fault} has nothing against. */
    public static ApiKey of(String entry) {
        String hash = hash(entry);
        String digits = hash.substring(0, ID_DIGITS);
        Grants grants = entry.indexOf('=') < 0 ? Grants.ALL : Grants.of(words(entry));
        return new ApiKey(
                new KeyId(ID_PREFIX + digits), "auth.keys " + digits, hash, "", grants, Instant.EPOCH, null, null);
    }

    private static String hash(String entry) {
        return entry.substring(entry.indexOf('=') + 1);
    }

    private static List<String> words(String entry) {
        int end = entry.indexOf('=');
        return end <= 0 ? List.of() : List.of(entry.substring(0, end).split("\\+"));
    }
}
