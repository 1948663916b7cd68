package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spells addresses in every way that some parser takes, at random: a spelling is refused, or it is judged as the address
 * that the machine's own resolver would connect to. S3.
 */
class AddressSpellingsTest {
    private static final AddressGuard GUARD = AddressGuard.blockingSpecialPurpose(List.of());
    private static final int ROUNDS = 4_000;
    private static final String FULL_WIDTH = "０１２３４５６７８９";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void s3_aSpellingOfABlockedIpv4Address_isRefusedOrBlocked(long seed) throws Exception {
        Random chance = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] address = blocked(chance);

            assertRefusedOrBlocked("http://" + spelt(address, chance) + port(chance) + "/" + tail(chance));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void s3_aLiteralThatIsTaken_meansToTheGuardWhatItMeansToTheMachine(long seed) throws Exception {
        Random chance = new Random(seed);
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] address = new byte[4];
            chance.nextBytes(address);
            String url = "http://" + spelt(address, chance) + "/";
            if (Destination.fault(url).isEmpty() && Destination.of(url).isLiteral()) {
                taken++;
                InetAddress meant = InetAddress.getByName(Destination.of(url).hostInUrl());
                assertThat(GUARD.isBlocked(meant))
                        .as(url)
                        .isEqualTo(GUARD.isBlocked(InetAddress.getByAddress(address)));
            }
        }
        assertThat(taken).isPositive();
    }

    /** Noise: whatever text comes, judging it neither fails nor finds a host that others would read otherwise. */
    @ParameterizedTest
    @ValueSource(longs = {9, 10, 11})
    void anyText_isJudgedWithoutAFault_andWhatIsTakenIsWhatTheJdkReads(long seed) {
        Random chance = new Random(seed);
        String alphabet = "ht:/.@#?[]%0123456789abcxf-_\\ \t\u00e9\uff10~;,+&=" + "\u0000\r\n";
        for (int round = 0; round < ROUNDS * 5; round++) {
            StringBuilder text = new StringBuilder(chance.nextBoolean() ? "http://" : "");
            for (int length = chance.nextInt(30); length > 0; length--) {
                text.append(alphabet.charAt(chance.nextInt(alphabet.length())));
            }
            String url = text.toString();
            if (Destination.fault(url).isEmpty()) {
                Destination taken = Destination.of(url);
                String host = URI.create(url).getHost();
                assertThat(host == null || host.equals(taken.hostInUrl()))
                        .as(url)
                        .isTrue();
                assertThat(taken.requestUri()).doesNotContain("\r", "\n", " ");
            }
        }
    }

    private static void assertRefusedOrBlocked(String url) throws UnknownHostException {
        if (Destination.fault(url).isPresent()) {
            return;
        }
        Destination destination = Destination.of(url);
        assertThat(destination.isLiteral()).as("a name, of all things: " + url).isTrue();
        assertThat(GUARD.isBlocked(InetAddress.getByName(destination.hostInUrl())))
                .as(url)
                .isTrue();
    }

    private static byte[] blocked(Random chance) throws UnknownHostException {
        byte[] address = new byte[4];
        do {
            chance.nextBytes(address);
            if (chance.nextInt(3) == 0) {
                address[0] = (byte) List.of(10, 127, 169, 172, 192, 0, 100)
                        .get(chance.nextInt(7))
                        .intValue();
                address[1] = (byte) (chance.nextBoolean() ? 168 : 254);
            }
        } while (!GUARD.isBlocked(InetAddress.getByAddress(address)));
        return address;
    }

    private static String spelt(byte[] address, Random chance) {
        return switch (chance.nextInt(8)) {
            case 0 -> quad(address, chance, false);
            case 1 -> joined(address, chance);
            case 2 -> "[" + carried(address, chance) + "]";
            case 3 -> quad(address, chance, true);
            case 4 -> encoded(quad(address, chance, false), chance);
            case 5 -> fullWidth(quad(address, chance, false), chance);
            case 6 -> quad(address, chance, false) + ".";
            default -> "user@" + quad(address, chance, false);
        };
    }

    private static String quad(byte[] address, Random chance, boolean odd) {
        List<String> parts = new ArrayList<>();
        for (byte part : address) {
            parts.add(number(part & 0xFF, odd ? chance.nextInt(4) : 0));
        }
        return String.join(".", parts);
    }

    private static String number(long value, int form) {
        return switch (form) {
            case 1 -> "0" + Long.toOctalString(value);
            case 2 -> "0x" + Long.toHexString(value);
            case 3 -> "00" + value;
            default -> Long.toString(value);
        };
    }

    /** The short forms, in which the last part stands for several bytes. */
    private static String joined(byte[] address, Random chance) {
        int kept = chance.nextInt(3);
        long rest = 0;
        for (int index = kept; index < address.length; index++) {
            rest = rest << 8 | (address[index] & 0xFF);
        }
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < kept; index++) {
            text.append(number(address[index] & 0xFF, chance.nextInt(3))).append('.');
        }
        return text + number(rest, chance.nextInt(3));
    }

    private static String carried(byte[] address, Random chance) {
        int high = (address[0] & 0xFF) << 8 | (address[1] & 0xFF);
        int low = (address[2] & 0xFF) << 8 | (address[3] & 0xFF);
        String groups = Integer.toHexString(high) + ":" + Integer.toHexString(low);
        String dotted = quad(address, chance, chance.nextInt(4) == 0);
        return switch (chance.nextInt(7)) {
            case 0 -> "::ffff:" + groups;
            case 1 -> "::ffff:" + dotted;
            case 2 -> "0:0:0:0:0:FFFF:" + dotted;
            case 3 -> "64:ff9b::" + groups;
            case 4 -> "2002:" + groups + "::1";
            case 5 -> "::ffff:0:" + groups;
            default -> "0064:ff9b:0000::" + dotted;
        };
    }

    private static String encoded(String text, Random chance) {
        StringBuilder encoded = new StringBuilder();
        for (char character : text.toCharArray()) {
            encoded.append(chance.nextInt(3) == 0 ? "%" + Integer.toHexString(character) : String.valueOf(character));
        }
        return encoded + "%2e";
    }

    private static String fullWidth(String text, Random chance) {
        StringBuilder wide = new StringBuilder();
        for (char character : text.toCharArray()) {
            boolean digit = character >= '0' && character <= '9';
            wide.append(digit ? FULL_WIDTH.charAt(character - '0') : chance.nextBoolean() ? '。' : character);
        }
        return wide.toString();
    }

    private static String port(Random chance) {
        return chance.nextInt(4) == 0 ? ":" + (1 + chance.nextInt(65_535)) : "";
    }

    private static String tail(Random chance) {
        return chance.nextInt(4) == 0 ? "#@good.example" : "";
    }
}
