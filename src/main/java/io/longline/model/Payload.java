package io.longline.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The exact bytes sent for an event, serialised once when it is accepted. Immutable: nobody writes to the array. */
public final class Payload {
    private final byte[] bytes;
    private @Nullable String sha256;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over; the caller does not touch it again. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes);
    }

    /** The payload's own array, shared to spare copies: to be read only. */
    public byte[] bytes() {
        return bytes;
    }

    /** Its length in bytes. */
    public int size() {
        return bytes.length;
    }

    /** Its bytes as UTF-8 text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its SHA-256 in lower-case hexadecimal; computed once, or rarely twice when two threads ask at once. */
    public String sha256() {
        String known = sha256;
        if (known == null) {
            known = sha256(bytes);
            sha256 = known;
        }
        return known;
    }

    /** The SHA-256 of any bytes in lower-case hexadecimal. */
    public static String sha256(byte[] bytes) {
        return Sha256.hex(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
