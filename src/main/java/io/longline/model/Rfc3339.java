package io.longline.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times as <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a> writes them. */
public final class Rfc3339 {
    private static final Pattern FORM =
            Pattern.compile("[0-9-]{10}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", Pattern.CASE_INSENSITIVE);

    private static final byte[] FORMAT = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SECONDS_A_DAY = 86_400;
    private static final DateTimeFormatter OF_ANY_YEAR =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Rfc3339() {}

    /**
     * Writes a time in UTC with exactly three digits of milliseconds. Digit by digit, since every event has two and a
     * formatter takes many times as long.
     */
    public static String format(Instant instant) {
        long seconds = instant.getEpochSecond();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_A_DAY));
        if (date.getYear() < 0 || date.getYear() > 9_999) {
            return OF_ANY_YEAR.format(instant);
        }
        int second = Math.floorMod(seconds, SECONDS_A_DAY);
        byte[] text = FORMAT.clone();
        digits(text, 4, date.getYear());
        digits(text, 7, date.getMonthValue());
        digits(text, 10, date.getDayOfMonth());
        digits(text, 13, second / 3_600);
        digits(text, 16, second / 60 % 60);
        digits(text, 19, second % 60);
        digits(text, 23, instant.getNano() / 1_000_000);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Writes a number so that it ends there, over the zeros. */
    private static void digits(byte[] text, int end, int number) {
        int at = end;
        for (int rest = number; rest > 0; rest /= 10) {
            at--;
            text[at] = (byte) ('0' + rest % 10);
        }
    }

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
