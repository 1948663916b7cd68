package io.longline.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a> writes them. */
public final class Rfc3339 {
    private static final Pattern FORM =
            Pattern.compile("[0-9-]{10}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", Pattern.CASE_INSENSITIVE);

    private Rfc3339() {}

    /** Reads a time of a four-digit year, with any offset, to the nanosecond; empty when it is none. */
    public static Optional<Instant> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            // The parser takes more forms of ISO 8601, such as times without seconds.
            return Optional.empty();
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            return year >= 0 && year <= 9_999 ? Optional.of(instant) : Optional.empty();
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
