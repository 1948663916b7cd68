package io.longline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private static final AddressGuard GUARD = AddressGuard.blockingSpecialPurpose(List.of());

    /** The ranges of S1; and what lies just before and just after: open, shut by the next range, or nothing at all. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/8, none, open",
        "10.0.0.0/8, open, open",
        "100.64.0.0/10, open, open",
        "127.0.0.0/8, open, open",
        "168.63.129.16/32, open, open",
        "169.254.0.0/16, open, open",
        "172.16.0.0/12, open, open",
        "192.0.0.0/24, open, open",
        "192.0.2.0/24, open, open",
        "192.31.196.0/24, open, open",
        "192.52.193.0/24, open, open",
        "192.88.99.0/24, open, open",
        "192.168.0.0/16, open, open",
        "192.175.48.0/24, open, open",
        "198.18.0.0/15, open, open",
        "198.51.100.0/24, open, open",
        "203.0.113.0/24, open, open",
        "224.0.0.0/4, open, shut",
        "240.0.0.0/4, shut, none",
        "::/128, none, shut",
        "::1/128, shut, shut",
        "64:ff9b:1::/48, open, open",
        "100::/64, open, open",
        "2001::/23, open, open",
        "2001:db8::/32, open, open",
        "3fff::/20, open, open",
        "5f00::/16, open, open",
        "fc00::/7, open, open",
        "fe80::/10, open, shut",
        "fec0::/10, shut, shut",
        "ff00::/8, shut, none"
    })
    void s1_everyRange_isBlockedFromItsFirstAddressToItsLast(String range, String before, String after)
            throws Exception {
        byte[] first =
                InetAddress.getByName(range.substring(0, range.indexOf('/'))).getAddress();
        int prefix = Integer.parseInt(range.substring(range.indexOf('/') + 1));
        BigInteger low = new BigInteger(1, first);
        BigInteger high =
                low.add(BigInteger.ONE.shiftLeft(first.length * 8 - prefix)).subtract(BigInteger.ONE);
        BigInteger middle = low.add(high).shiftRight(1);

        assertThat(List.of(low, middle, high))
                .allSatisfy(inside -> assertThat(GUARD.isBlocked(address(inside, first.length)))
                        .isTrue());
        assertNeighbour(low.subtract(BigInteger.ONE), first.length, before);
        assertNeighbour(high.add(BigInteger.ONE), first.length, after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "fd00:ec2::254",
                "168.63.129.16",
                "100.100.100.200",
                "255.255.255.255",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2"
            })
    void s1_cloudMetadataBroadcastAndTeredo_areBlocked(String text) throws UnknownHostException {
        assertThat(GUARD.isBlocked(InetAddress.getByName(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "8.8.8.8", "93.184.216.34", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1"
            })
    void publicAddress_isReached(String text) throws UnknownHostException {
        assertThat(GUARD.isBlocked(InetAddress.getByName(text))).isFalse();
    }

    static List<String> blockedIpv4() {
        return List.of(
                "0.0.0.2",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.31.255.255",
                "192.168.1.1",
                "198.19.0.1",
                "203.0.113.9",
                "224.0.0.1",
                "255.255.255.255",
                "168.63.129.16");
    }

    @ParameterizedTest
    @MethodSource("blockedIpv4")
    void s1_anIpv6AddressThatCarriesABlockedIpv4One_isBlocked(String text) throws UnknownHostException {
        byte[] inside = InetAddress.getByName(text).getAddress();

        assertThat(GUARD.isBlocked(mapped(inside))).as("mapped").isTrue();
        assertThat(GUARD.isBlocked(compatible(inside))).as("compatible").isTrue();
        assertThat(GUARD.isBlocked(nat64(inside))).as("NAT64").isTrue();
        assertThat(GUARD.isBlocked(sixToFour(inside))).as("6to4").isTrue();
    }

    @Test
    void s1_anIpv6AddressThatCarriesAPublicIpv4One_isReached() throws UnknownHostException {
        byte[] inside = {8, 8, 8, 8};

        assertThat(GUARD.isBlocked(mapped(inside))).isFalse();
        assertThat(GUARD.isBlocked(compatible(inside))).isFalse();
        assertThat(GUARD.isBlocked(nat64(inside))).isFalse();
        assertThat(GUARD.isBlocked(sixToFour(inside))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void s1_whateverCarriesAnIpv4Address_isJudgedAsThatAddressIs(long seed) throws UnknownHostException {
        Random chance = new Random(seed);
        byte[] inside = new byte[4];

        for (int round = 0; round < 3_000; round++) {
            chance.nextBytes(inside);
            boolean blocked = GUARD.isBlocked(Inet4Address.getByAddress(inside));

            assertThat(GUARD.isBlocked(mapped(inside))).isEqualTo(blocked);
            assertThat(GUARD.isBlocked(nat64(inside))).isEqualTo(blocked);
            assertThat(GUARD.isBlocked(sixToFour(inside))).isEqualTo(blocked);
        }
    }

    /** A zone names an interface of this machine, whatever the address. */
    @Test
    void s1_anAddressWithAZone_isBlocked() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("2606:4700:4700::1111").getAddress();

        assertThat(GUARD.isBlocked(Inet6Address.getByAddress("receiver", bytes, 2)))
                .isTrue();
    }

    @Test
    void allowedRanges_areReachedAndTheirNeighboursAreNot() throws UnknownHostException {
        AddressGuard guard = AddressGuard.blockingSpecialPurpose(List.of("10.1.0.0/16", "192.168.7.7", "fd12::/16"));

        for (String reached : List.of("10.1.0.0", "10.1.255.255", "192.168.7.7", "fd12::1", "::ffff:10.1.2.3")) {
            assertThat(guard.isBlocked(InetAddress.getByName(reached)))
                    .as(reached)
                    .isFalse();
        }
        for (String blocked : List.of("10.0.255.255", "10.2.0.0", "192.168.7.8", "fd13::1", "127.0.0.1", "::1")) {
            assertThat(guard.isBlocked(InetAddress.getByName(blocked)))
                    .as(blocked)
                    .isTrue();
        }
    }

    @Test
    void allowedIpv4Range_isReachedThroughTheFormsThatCarryIt() throws UnknownHostException {
        AddressGuard guard = AddressGuard.blockingSpecialPurpose(List.of("10.1.0.0/16"));
        byte[] inside = {10, 1, 2, 3};

        assertThat(guard.isBlocked(mapped(inside))).isFalse();
        assertThat(guard.isBlocked(nat64(inside))).isFalse();
    }

    @Test
    void allowedRange_mayBeGivenByAnyOfItsAddresses() throws UnknownHostException {
        AddressGuard guard = AddressGuard.blockingSpecialPurpose(List.of("10.1.2.3/16"));

        assertThat(guard.isBlocked(InetAddress.getByName("10.1.200.1"))).isFalse();
    }

    @Test
    void guardThatAllowsEverything_blocksNothing() throws UnknownHostException {
        AddressGuard guard = AddressGuard.allowingEverything();

        for (String text : List.of("127.0.0.1", "::1", "169.254.169.254", "8.8.8.8")) {
            assertThat(guard.isBlocked(InetAddress.getByName(text))).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.168.1.7", "0.0.0.0/0", "::1", "fd00::/8", "::/0", "2001:db8::1/128"})
    void range_isAnAddressOrACidrRange(String text) {
        assertThat(AddressGuard.isRange(text)).isTrue();
    }

    /** 10 would be 0.0.0.10, and 010.0.0.0/8 would be 8.0.0.0/8: not what whoever wrote it meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "10",
                "10/8",
                "10.0/8",
                "127.1",
                "0x7f.0.0.1",
                "010.0.0.0/8",
                "2130706433",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/255.0.0.0",
                "10.0.0-5.0",
                "10.*.*.*",
                "::/129",
                "[::1]",
                "fe80::1%eth0",
                "localhost",
                "true",
                "/8",
                "10.0.0.0/8,"
            })
    void range_inAnyOtherSpellingIsRefused(String text) {
        assertThat(AddressGuard.isRange(text)).isFalse();
        assertThatThrownBy(() -> AddressGuard.blockingSpecialPurpose(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertNeighbour(BigInteger neighbour, int length, String expected) throws UnknownHostException {
        if (!expected.equals("none")) {
            assertThat(GUARD.isBlocked(address(neighbour, length)))
                    .as("%s is %s", address(neighbour, length), expected)
                    .isEqualTo(expected.equals("shut"));
        }
    }

    private static InetAddress address(BigInteger value, int length) throws UnknownHostException {
        byte[] bytes = new byte[length];
        byte[] digits = value.toByteArray();
        int used = Math.min(length, digits.length);
        System.arraycopy(digits, digits.length - used, bytes, length - used, used);
        return InetAddress.getByAddress(bytes);
    }

    /** Made with a scope of none, since the plain factory turns a mapped address into the IPv4 one. */
    private static InetAddress mapped(byte[] inside) throws UnknownHostException {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, 10, 12, (byte) 0xFF);
        System.arraycopy(inside, 0, bytes, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress("receiver", bytes, -1);
        assertThat(mapped).isInstanceOf(Inet6Address.class);
        return mapped;
    }

    private static InetAddress compatible(byte[] inside) throws UnknownHostException {
        byte[] bytes = new byte[16];
        System.arraycopy(inside, 0, bytes, 12, 4);
        return InetAddress.getByAddress(bytes);
    }

    private static InetAddress nat64(byte[] inside) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("64:ff9b::").getAddress();
        System.arraycopy(inside, 0, bytes, 12, 4);
        return InetAddress.getByAddress(bytes);
    }

    private static InetAddress sixToFour(byte[] inside) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("2002::7").getAddress();
        System.arraycopy(inside, 0, bytes, 2, 4);
        return InetAddress.getByAddress(bytes);
    }
}
