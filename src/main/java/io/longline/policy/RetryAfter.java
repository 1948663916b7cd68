package io.longline.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or an HTTP date. */
public final class RetryAfter {
    /** A receiver cannot push its next attempt out further than this. */
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final int MOST_DIGITS = 18;
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);

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
        return date(text, now).map(at -> {
            Duration wait = Duration.between(now, at);
            if (wait.isNegative()) {
                return Duration.ZERO;
            }
            return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        });
    }

    /**
     * The wait of a number of seconds with a fraction, rounded up to milliseconds, at most {@link #LONGEST}.
     *
     * @return empty when it is negative or no number
     */
    public static Optional<Duration> ofSeconds(double seconds) {
        if (!(seconds >= 0)) {
            return Optional.empty();
        }
        double bounded = Math.min(seconds, (double) LONGEST.toSeconds());
        return Optional.of(Duration.ofMillis((long) Math.ceil(bounded * 1_000)));
    }

    /** The three forms of a date that a recipient must read (RFC 9110, section 5.6.7). */
    private static Optional<Instant> date(String text, Instant now) {
        for (DateTimeFormatter form : List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)) {
            try {
                return Optional.of(form.withZone(ZoneOffset.UTC).parse(text, Instant::from));
            } catch (DateTimeException ofAnotherForm) {
                // The next form may fit.
            }
        }
        return Optional.empty();
    }

    /** Its two digits stand for the year that is at most 50 years ahead. */
    private static DateTimeFormatter rfc850(Instant now) {
        int earliestYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliestYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }
}
