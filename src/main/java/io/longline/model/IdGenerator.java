package io.longline.model;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes identifiers: a prefix and a UUIDv7 as 26 characters of lower-case Crockford base32. They sort by the time they
 * were made, so that an identifier is also the sort key and the page cursor.
 *
 * <p>The generator never goes back (RFC 9562, section 6.2): within a millisecond, or while the wall clock stands behind
 * the last identifier, the 74 random bits are counted up by a random step; when they overflow the time is advanced.
 * Safe for use by several threads.
 */
public final class IdGenerator {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 26;
    private static final long MAX_RANDOM_HIGH = 0xFFF;
    private static final long MAX_RANDOM_LOW = (1L << 62) - 1;
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final LongSupplier wallMillis;
    private final RandomGenerator random;
    private long millis;
    private long randomHigh;
    private long randomLow;

    /**
     * @param wallMillis the wall clock, milliseconds since the epoch
     * @param random must be hard to guess where identifiers are shown to strangers
     */
    public IdGenerator(LongSupplier wallMillis, RandomGenerator random) {
        this.wallMillis = wallMillis;
        this.random = random;
    }

    /** A webhook's next identifier. */
    public WebhookId webhook() {
        return new WebhookId(next(WebhookId.PREFIX));
    }

    /** An event's next identifier. */
    public EventId event() {
        return new EventId(next(EventId.PREFIX));
    }

    /** A delivery's next identifier. */
    public DeliveryId delivery() {
        return new DeliveryId(next(DeliveryId.PREFIX));
    }

    /** An attempt's next identifier. */
    public AttemptId attempt() {
        return new AttemptId(next(AttemptId.PREFIX));
    }

    /** The next identifier of a kind that has no type of its own. */
    public synchronized String next(String prefix) {
        advance();
        return prefix + encode((millis << 16) | VERSION_7 | randomHigh, VARIANT | randomLow);
    }

    /** Makes every later identifier sort above this one, which an earlier process may have stored. */
    public synchronized void startAbove(String identifier) {
        String digits = identifier.substring(identifier.length() - LENGTH);
        long[] halves = decode(digits);
        long storedMillis = halves[0] >>> 16;
        long storedHigh = halves[0] & MAX_RANDOM_HIGH;
        long storedLow = halves[1] & MAX_RANDOM_LOW;
        boolean above = storedMillis > millis
                || (storedMillis == millis
                        && (storedHigh > randomHigh || (storedHigh == randomHigh && storedLow > randomLow)));
        if (above) {
            millis = storedMillis;
            randomHigh = storedHigh;
            randomLow = storedLow;
        }
    }

    /** The time in an identifier: milliseconds since the epoch. It is the time of acceptance, and never goes back. */
    public static long millisOf(String identifier) {
        return decode(identifier.substring(identifier.length() - LENGTH))[0] >>> 16;
    }

    /** The least identifier of that millisecond, which need not exist: the bound of a range. */
    public static String lowest(String prefix, long atMillis) {
        return prefix + encode(Math.max(0, atMillis) << 16, 0);
    }

    /**
     * The identifier of that millisecond that stands for something from elsewhere: the same each time, and no other's.
     *
     * @param digest at least 16 bytes of a cryptographic hash of what it stands for
     */
    public static String derived(String prefix, long atMillis, byte[] digest) {
        ByteBuffer bits = ByteBuffer.wrap(digest);
        long high = bits.getLong() & MAX_RANDOM_HIGH;
        long low = bits.getLong() & MAX_RANDOM_LOW;
        return prefix + encode((Math.max(0, atMillis) << 16) | VERSION_7 | high, VARIANT | low);
    }

    /** Whether the text is the prefix and 26 digits. */
    public static boolean isWellFormed(String prefix, String text) {
        if (text.length() != prefix.length() + LENGTH || !text.startsWith(prefix)) {
            return false;
        }
        for (int index = prefix.length(); index < text.length(); index++) {
            if (digit(text.charAt(index)) < 0) {
                return false;
            }
        }
        return true;
    }

    private void advance() {
        long now = wallMillis.getAsLong();
        if (now > millis) {
            millis = now;
            randomHigh = random.nextLong() & MAX_RANDOM_HIGH;
            randomLow = random.nextLong() & MAX_RANDOM_LOW;
            return;
        }
        randomLow += 1 + (random.nextInt() & 0xFFFF_FFFFL);
        if (randomLow > MAX_RANDOM_LOW) {
            randomLow &= MAX_RANDOM_LOW;
            randomHigh++;
        }
        if (randomHigh > MAX_RANDOM_HIGH) {
            randomHigh = 0;
            millis++;
        }
    }

    /** 128 bits in 26 digits of five bits: the first digit carries only three. */
    private static String encode(long high, long low) {
        char[] digits = new char[LENGTH];
        long upper = high;
        long lower = low;
        for (int index = LENGTH - 1; index >= 0; index--) {
            digits[index] = ALPHABET[(int) (lower & 31)];
            lower = (lower >>> 5) | (upper << 59);
            upper >>>= 5;
        }
        return new String(digits);
    }

    private static long[] decode(String digits) {
        long upper = 0;
        long lower = 0;
        for (int index = 0; index < LENGTH; index++) {
            upper = (upper << 5) | (lower >>> 59);
            lower = (lower << 5) | Math.max(0, digit(digits.charAt(index)));
        }
        return new long[] {upper, lower};
    }

    private static int digit(char character) {
        for (int value = 0; value < ALPHABET.length; value++) {
            if (ALPHABET[value] == character) {
                return value;
            }
        }
        return -1;
    }
}
