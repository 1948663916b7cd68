package io.longline.bench;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event's data: its number and its intended time, in a fixed number of digits each, and a filling that depends on the
 * number, so that whatever arrives can be checked byte for byte without being kept.
 */
final class EventBody {
    private static final int DIGITS = 16;
    private static final byte[] START = bytes("{\"number\":\"");
    private static final byte[] MIDDLE = bytes("\",\"intended_ns\":\"");
    private static final byte[] FILLING = bytes("\",\"filling\":\"");
    private static final byte[] END = bytes("\"}");
    private static final byte[] DATA = bytes("\"data\":");
    private static final byte[] LETTERS = bytes("abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    private static final int NUMBER_AT = START.length;
    private static final int INTENDED_AT = NUMBER_AT + DIGITS + MIDDLE.length;
    private static final int FILLING_AT = INTENDED_AT + DIGITS + FILLING.length;

    /** The least that holds the fixed parts. */
    static final int LEAST_BYTES = FILLING_AT + END.length + 1;

    private final int size;
    private final byte[] letters;

    /** @param size of the data, in bytes */
    EventBody(int size) {
        this.size = size;
        // Long enough to begin anywhere among the letters.
        letters = new byte[size + LETTERS.length];
        for (int index = 0; index < letters.length; index++) {
            letters[index] = LETTERS[index % LETTERS.length];
        }
    }

    /** What a checked arrival says of itself. */
    record Arrived(long number, long intendedNanos) {}

    /** A call that triggers an event. */
    Buffer trigger(String type, long number, long intendedNanos) {
        Buffer call = Buffer.buffer(size + 64);
        call.appendString("{\"event\":\"").appendString(type).appendString("\",\"data\":");
        return call.appendBytes(data(number, intendedNanos)).appendByte((byte) '}');
    }

    private byte[] data(long number, long intendedNanos) {
        byte[] data = new byte[size];
        System.arraycopy(START, 0, data, 0, START.length);
        digits(data, NUMBER_AT, number);
        System.arraycopy(MIDDLE, 0, data, NUMBER_AT + DIGITS, MIDDLE.length);
        digits(data, INTENDED_AT, intendedNanos);
        System.arraycopy(FILLING, 0, data, INTENDED_AT + DIGITS, FILLING.length);
        System.arraycopy(letters, (int) (number % LETTERS.length), data, FILLING_AT, size - FILLING_AT - END.length);
        System.arraycopy(END, 0, data, size - END.length, END.length);
        return data;
    }

    /** Reads a payload that arrived; {@code null} when its data is not, byte for byte, what was sent. */
    @Nullable Arrived check(byte[] payload) {
        int at = find(payload) + DATA.length;
        if (at < DATA.length || at + size > payload.length) {
            return null;
        }
        long number = number(payload, at + NUMBER_AT);
        long intended = number(payload, at + INTENDED_AT);
        boolean same = number >= 0
                && intended >= 0
                && Arrays.equals(payload, at, at + size, data(number, intended), 0, size)
                && payload[at + size] == ',';
        return same ? new Arrived(number, intended) : null;
    }

    private static int find(byte[] payload) {
        for (int at = 0; at + DATA.length <= payload.length; at++) {
            if (payload[at] == '"' && Arrays.equals(payload, at, at + DATA.length, DATA, 0, DATA.length)) {
                return at;
            }
        }
        return -DATA.length - 1;
    }

    private static void digits(byte[] into, int at, long value) {
        long rest = value;
        for (int index = at + DIGITS - 1; index >= at; index--) {
            into[index] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static long number(byte[] from, int at) {
        long value = 0;
        for (int index = at; index < at + DIGITS; index++) {
            int digit = from[index] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
