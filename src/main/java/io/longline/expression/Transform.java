package io.longline.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.longline.model.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes a request's body of an event: the expression's value as JSON. Numbers of the event that are merely carried keep
 * their digits. Immutable; for any thread, but not for an event loop.
 */
public final class Transform {
    /** The longest, in characters. */
    public static final int LONGEST = Expression.LONGEST;

    private static final int MOST_BYTES = 262_144;
    private static final JsonFactory JSON = new JsonFactory();

    private final Expression expression;

    private Transform(Expression expression) {
        this.expression = expression;
    }

    /** Compiles an expression. */
    public static Transform compile(String source) throws ExpressionException {
        return new Transform(Expression.compile(source, Limits.TRANSFORM));
    }

    /** What is wrong with an expression, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String source) {
        try {
            compile(source);
            return Optional.empty();
        } catch (ExpressionException fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** The body for an event. */
    public Payload apply(EventVariable event, LongSupplier monotonicNanos) throws ExpressionException {
        Object value = expression.evaluate(event, monotonicNanos);
        Bounded bytes = new Bounded();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(json, value, event);
        } catch (IOException | TooLargeException unwritable) {
            throw new ExpressionException(String.valueOf(unwritable.getMessage()));
        }
        return Payload.of(bytes.toByteArray());
    }

    private static void write(JsonGenerator json, Object value, EventVariable event) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue(), event);
            }
            json.writeEndObject();
        } else if (value instanceof Collection<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element, event);
            }
            json.writeEndArray();
        } else if (value instanceof Number number) {
            number(json, number, event);
        } else {
            simple(json, value);
        }
    }

    private static void number(JsonGenerator json, Number number, EventVariable event) throws IOException {
        String digits = event.digits(number);
        if (digits != null) {
            json.writeNumber(digits);
        } else if (number instanceof Double fraction && !Double.isFinite(fraction)) {
            throw new IOException("gives a number that JSON does not have: " + fraction);
        } else if (number instanceof Long || number instanceof UnsignedLong || number instanceof Double) {
            json.writeNumber(number.toString());
        } else {
            throw noJson(number);
        }
    }

    private static void simple(JsonGenerator json, Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof NullValue) {
            json.writeNull();
        } else if (value instanceof CelByteString bytes) {
            json.writeBinary(bytes.toByteArray());
        } else if (value instanceof Instant time) {
            json.writeString(time.toString());
        } else if (value instanceof Duration duration) {
            json.writeString(duration.toString());
        } else {
            throw noJson(value);
        }
    }

    private static IOException noJson(Object value) {
        return new IOException("gives something that JSON does not have: a "
                + value.getClass().getSimpleName().replaceAll("^AutoValue_", ""));
    }

    /** Takes so much and no more. */
    private static final class Bounded extends ByteArrayOutputStream {
        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            if (count + length > MOST_BYTES) {
                throw new TooLargeException();
            }
            super.write(bytes, from, length);
        }
    }

    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("gives more than " + MOST_BYTES + " bytes", null, false, false);
        }
    }
}
