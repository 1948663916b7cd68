package io.longline.store.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row by column names. */
public interface Row {
    /** The column's text; {@code null} when the column is. */
    @Nullable String textOrNull(String column);

    /** The column's number; {@code null} when the column is. */
    @Nullable Number numberOrNull(String column);

    /** The column's bytes; empty when the column is null. */
    byte[] bytes(String column);

    /** The text of a column that is never null. */
    default String text(String column) {
        String text = textOrNull(column);
        if (text == null) {
            throw new IllegalStateException("the column " + column + " is null");
        }
        return text;
    }

    /** The number of a column that is never null. */
    default long number(String column) {
        Number number = numberOrNull(column);
        if (number == null) {
            throw new IllegalStateException("the column " + column + " is null");
        }
        return number.longValue();
    }

    /** A whole number, or {@code null}. */
    default @Nullable Integer integerOrNull(String column) {
        Number number = numberOrNull(column);
        return number == null ? null : number.intValue();
    }

    /** A fraction, or {@code null}. */
    default @Nullable Double fractionOrNull(String column) {
        Number number = numberOrNull(column);
        return number == null ? null : number.doubleValue();
    }

    /** A column of milliseconds as an instant, or {@code null}. */
    default @Nullable Instant instantOrNull(String column) {
        Number number = numberOrNull(column);
        return number == null ? null : Instant.ofEpochMilli(number.longValue());
    }

    /** A column of 0 and 1. */
    default boolean flag(String column) {
        return number(column) != 0;
    }

    /** A row of a plain connection's; valid until the result moves on. */
    record OfResultSet(ResultSet rows) implements Row {
        @Override
        public @Nullable String textOrNull(String column) {
            return read(() -> rows.getString(column));
        }

        @Override
        public @Nullable Number numberOrNull(String column) {
            return read(() -> (Number) rows.getObject(column));
        }

        @Override
        public byte[] bytes(String column) {
            byte[] bytes = read(() -> rows.getBytes(column));
            return bytes == null ? new byte[0] : bytes;
        }

        private interface Reading<T> {
            @Nullable T read() throws SQLException;
        }

        private static <T> @Nullable T read(Reading<T> reading) {
            try {
                return reading.read();
            } catch (SQLException unreadable) {
                throw new IllegalStateException(unreadable.getMessage(), unreadable);
            }
        }
    }
}
