package io.longline.api;

import java.util.Arrays;

/** The lines of a body that are not blank, as newline-delimited JSON has them. For one thread and one use. */
final class BodyLines {
    private final byte[] body;
    private int from;
    private int to = -1;
    private int number;

    BodyLines(byte[] body) {
        this.body = body;
    }

    /** Goes on to the next line; answers whether there is one. */
    boolean next() {
        while (to + 1 < body.length) {
            from = to + 1;
            to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            number++;
            if (!isBlank()) {
                return true;
            }
        }
        return false;
    }

    private boolean isBlank() {
        for (int index = from; index < to; index++) {
            if (body[index] != ' ' && body[index] != '\t' && body[index] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Which line it is, from 1; blank ones count. */
    int number() {
        return number;
    }

    /** Where in the body the line begins. */
    int from() {
        return from;
    }

    /** How many bytes it has, without its end. */
    int length() {
        return to - from;
    }

    /** A copy of the line. */
    byte[] bytes() {
        return Arrays.copyOfRange(body, from, to);
    }
}
