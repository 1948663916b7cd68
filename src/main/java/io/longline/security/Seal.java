package io.longline.security;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets with the current master key and opens what the current or an earlier one sealed. Sealed text is
 * {@code sealed:1:KEY:BASE64}, KEY being the master key's id. Text that is not sealed is left as it is: it was stored
 * before there was a master key. Safe for use by several threads if the source of chance is.
 */
public final class Seal {
    /** What every sealed text begins with, and no secret or header value may. */
    public static final String RESERVED = "sealed:";

    private static final String PREFIX = RESERVED + "1:";

    private final @Nullable MasterKey current;
    private final List<MasterKey> all = new ArrayList<>();
    private final RandomGenerator random;

    /**
     * @param current seals; {@code null} to seal nothing
     * @param earlier open what was sealed before the current one came
     * @param random hard to guess
     */
    public Seal(@Nullable MasterKey current, List<MasterKey> earlier, RandomGenerator random) {
        this.current = current;
        this.random = random;
        if (current != null) {
            all.add(current);
        }
        all.addAll(earlier);
    }

    /** Text sealed with a key that is not here, or for another place, or changed since. The message names no secret. */
    public static final class BrokenSealException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private BrokenSealException(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether anything is sealed at all. */
    public boolean isOn() {
        return current != null;
    }

    /** Seals a text for the place it will stand at. */
    public String seal(String plain, String place) {
        return current == null
                ? plain
                : PREFIX + current.id() + ":"
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(current.seal(plain, place, random));
    }

    /** Opens a text from its place. */
    public String open(String stored, String place) {
        if (!stored.startsWith(PREFIX)) {
            return stored;
        }
        int end = stored.indexOf(':', PREFIX.length());
        String id = end < 0 ? "" : stored.substring(PREFIX.length(), end);
        MasterKey key = all.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BrokenSealException("it was sealed with the master key " + id
                        + ", which is neither secrets.master_key nor one of secrets.previous_master_keys"));
        return decoded(stored.substring(end + 1))
                .flatMap(bytes -> key.open(bytes, place))
                .orElseThrow(
                        () -> new BrokenSealException("its seal is broken: it was changed, or moved from elsewhere"));
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
