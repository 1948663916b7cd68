package io.longline.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or an HTTP date. */
public final class RetryAfter {
    /** A receiver cannot push its next attempt out further than this. */
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final int MOST_DIGITS = 18;

    private RetryAfter() {}

    /**
     * The wait that the header asks for, between zero and {@link #LONGEST}.
     *
     * @param value the header's value; {@code null} when it was absent
     * @param now what an HTTP date is compared with
     * @return empty when it is absent or cannot be read
     */
    public static Optional<Duration> parse(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        String text = value.strip();
        if (text.chars().allMatch(character -> character >= '0' && character <= '9')) {
            long seconds = text.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(text);
            return Optional.of(Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds())));
        }
        try {
            Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(now, at);
            if (wait.isNegative()) {
                return Optional.of(Duration.ZERO);
            }
            return Optional.of(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
