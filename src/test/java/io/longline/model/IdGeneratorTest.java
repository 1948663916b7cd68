package io.longline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdGeneratorTest {
    private static final long NOW = 1_767_225_600_000L;
    private static final int LENGTH = 26;

    private final AtomicLong clock = new AtomicLong(NOW);

    @Test
    void identifier_isThePrefixAnd26DigitsOfCrockfordsAlphabet() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(1));

        String id = generator.next("evt_");

        assertThat(id).matches("evt_[0-9a-hjkmnp-tv-z]{26}");
    }

    /** The signature joins parts with dots, so a dot in an identifier would make it ambiguous. */
    @Test
    void everyKind_hasItsPrefixAndNoDot() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(2));

        List<String> ids = List.of(
                generator.webhook().value(),
                generator.event().value(),
                generator.delivery().value(),
                generator.attempt().value());

        assertThat(ids)
                .extracting(id -> id.substring(0, id.length() - LENGTH))
                .containsExactly("wh_", "evt_", "dlv_", "att_");
        assertThat(ids).noneMatch(id -> id.contains("."));
    }

    @Test
    void identifier_isAUuidOfVersion7AndTheRfcsVariant() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(3));

        String bits = bits(generator.next(""));

        assertThat(Long.parseLong(bits.substring(0, 48), 2)).isEqualTo(NOW);
        assertThat(bits.substring(48, 52)).isEqualTo("0111");
        assertThat(bits.substring(64, 66)).isEqualTo("10");
    }

    @Test
    void identifiersOfOneMillisecond_sortInTheOrderTheyWereMade() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(4));

        List<String> ids = make(generator, 10_000);

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids).allMatch(id -> IdGenerator.millisOf(id) == NOW);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 3_600_000})
    void clockGoingBack_neverTakesTheOrderBack(long backMillis) {
        IdGenerator generator = new IdGenerator(clock::get, new Random(5));
        String before = generator.next("evt_");

        clock.addAndGet(-backMillis);
        List<String> after = make(generator, 100);

        assertThat(after).isSorted().allMatch(id -> id.compareTo(before) > 0);
        assertThat(after).allMatch(id -> IdGenerator.millisOf(id) == NOW);
    }

    @Test
    void clockThatCatchesUp_isFollowedAgain() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(6));
        generator.next("evt_");
        clock.set(NOW - 1_000);
        generator.next("evt_");

        clock.set(NOW + 1);
        String later = generator.next("evt_");

        assertThat(IdGenerator.millisOf(later)).isEqualTo(NOW + 1);
    }

    /** With the random bits at their end the time is advanced, as RFC 9562, 6.2 has it. */
    @Test
    void randomBitsThatOverflow_advanceTheTime() {
        IdGenerator generator = new IdGenerator(clock::get, allOnes());

        List<String> ids = make(generator, 3);

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(IdGenerator.millisOf(ids.get(0))).isEqualTo(NOW);
        assertThat(IdGenerator.millisOf(ids.get(1))).isEqualTo(NOW + 1);
    }

    @Test
    void startAbove_makesEveryLaterIdentifierSortAboveWhatIsStored() {
        IdGenerator earlier = new IdGenerator(() -> NOW + 5_000, new Random(7));
        String stored = earlier.next("dlv_");
        IdGenerator generator = new IdGenerator(clock::get, new Random(8));

        generator.startAbove(stored);
        List<String> ids = make(generator, 1_000);

        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids).allMatch(id -> tail(id).compareTo(tail(stored)) > 0);
    }

    @Test
    void startAbove_anOlderIdentifierChangesNothing() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(9));
        String newest = generator.next("evt_");
        String older = IdGenerator.lowest("evt_", NOW - 1);

        generator.startAbove(older);
        String next = generator.next("evt_");

        assertThat(next).isGreaterThan(newest);
        assertThat(IdGenerator.millisOf(next)).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void order_holdsWhateverTheClockAndTheRestartsDo(long seed) {
        Random chance = new Random(seed);
        IdGenerator generator = new IdGenerator(clock::get, chance);
        String newest = generator.next("evt_");

        for (int step = 0; step < 5_000; step++) {
            clock.addAndGet(chance.nextInt(21) - 10);
            if (chance.nextInt(100) == 0) {
                generator = new IdGenerator(clock::get, chance);
                generator.startAbove(newest);
            }
            String next = generator.next("evt_");
            assertThat(next).isGreaterThan(newest);
            newest = next;
        }
    }

    @Test
    void severalThreads_neverGetTheSameIdentifier() throws Exception {
        IdGenerator generator = new IdGenerator(clock::get, new Random(10));
        Callable<List<String>> maker = () -> make(generator, 5_000);
        ExecutorService threads = Executors.newFixedThreadPool(4);

        List<String> ids = new ArrayList<>();
        for (Future<List<String>> made : threads.invokeAll(List.of(maker, maker, maker, maker))) {
            assertThat(made.get()).isSorted();
            ids.addAll(made.get());
        }
        threads.shutdown();

        assertThat(ids).hasSize(20_000).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 31, 32, NOW, 253_402_300_799_999L, (1L << 48) - 1})
    void lowest_isTheLeastIdentifierOfItsMillisecond(long millis) {
        String lowest = IdGenerator.lowest("evt_", millis);

        assertThat(IdGenerator.millisOf(lowest)).isEqualTo(millis);
        assertThat(IdGenerator.isWellFormed("evt_", lowest)).isTrue();
    }

    @Test
    void lowest_standsBetweenTheIdentifiersOfTwoMilliseconds() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(11));
        String before = generator.next("evt_");
        clock.incrementAndGet();
        String after = generator.next("evt_");

        String bound = IdGenerator.lowest("evt_", NOW + 1);

        assertThat(bound).isGreaterThan(before).isLessThan(after);
    }

    @Test
    void lowest_ofATimeBefore1970IsTheLeastOfAll() {
        assertThat(IdGenerator.lowest("evt_", -1)).isEqualTo("evt_" + "0".repeat(LENGTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void millisOf_givesBackTheTimeThatWentIn(long seed) {
        Random chance = new Random(seed);

        for (int round = 0; round < 1_000; round++) {
            long millis = chance.nextLong() >>> 16;
            assertThat(IdGenerator.millisOf(IdGenerator.lowest("wh_", millis))).isEqualTo(millis);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evt_",
                "evt_0123456789abcdefghjkmnpqr",
                "evt_0123456789abcdefghjkmnpqrst",
                "dlv_0123456789abcdefghjkmnpqrs",
                "EVT_0123456789abcdefghjkmnpqrs",
                "evt_0123456789ABCDEFGHJKMNPQRS",
                "evt_0123456789abcdefghikmnpqrs",
                "evt_0123456789abcdefghlkmnpqrs",
                "evt_0123456789abcdefghokmnpqrs",
                "evt_0123456789abcdefghukmnpqrs",
                "evt_0123456789abcdefghjkmn.qrs",
                "evt_0123456789abcdefghjkmnpq\ns",
                " evt_0123456789abcdefghjkmnpqr",
                "evt_'; DROP TABLE events; -- x"
            })
    void text_thatIsNoIdentifierIsNotParsed(String text) {
        assertThat(EventId.parse(text)).isEmpty();
    }

    @Test
    void parse_readsWhatWasMadeOfItsOwnKindAlone() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(12));
        WebhookId webhook = generator.webhook();
        DeliveryId delivery = generator.delivery();

        assertThat(WebhookId.parse(webhook.value())).contains(webhook);
        assertThat(DeliveryId.parse(delivery.value())).contains(delivery);
        assertThat(WebhookId.parse(delivery.value())).isEmpty();
        assertThat(AttemptId.parse(delivery.value())).isEmpty();
    }

    @Test
    void typedIdentifiers_sortAsTheirTextDoes() {
        IdGenerator generator = new IdGenerator(clock::get, new Random(13));
        EventId first = generator.event();
        EventId second = generator.event();

        Set<EventId> sorted = new TreeSet<>(List.of(second, first));

        assertThat(sorted).containsExactly(first, second);
        assertThat(first).hasToString(first.value());
    }

    private static List<String> make(IdGenerator generator, int count) {
        List<String> ids = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            ids.add(generator.next("evt_"));
        }
        return ids;
    }

    private static String tail(String id) {
        return id.substring(id.length() - LENGTH);
    }

    /** The 128 bits of an identifier's 26 digits, by a decoder of the test's own. */
    private static String bits(String digits) {
        StringBuilder bits = new StringBuilder();
        for (char digit : digits.toCharArray()) {
            String five = Integer.toBinaryString("0123456789abcdefghjkmnpqrstvwxyz".indexOf(digit));
            bits.append("0".repeat(5 - five.length())).append(five);
        }
        return bits.substring(2);
    }

    private static RandomGenerator allOnes() {
        return () -> -1L;
    }
}
