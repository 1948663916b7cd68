package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, order.created, true",
        "*, Push Hook, true",
        "order.*, order.created, true",
        "order.*, order.item.added, true",
        "order.*, order, false",
        "order.*, order., false",
        "order.*, orders.created, false",
        "order.*, Order.created, false",
        "order.*, my.order.created, false",
        "order.item.*, order.created, false",
        "order.item.*, order.item.added, true",
        "order.created, order.created, true",
        "order.created, order.created.again, false",
        "order.created, order.create, false",
        "order.created, ORDER.CREATED, false",
        "orders/create, orders/create, true",
        "Push Hook, Push Hook, true",
        "a+b.[c], a+b.[c], true",
        "a.b, axb, false"
    })
    void pattern_matchesAsTheContractSays(String pattern, String event, boolean matches) {
        assertThat(EventPattern.fault(pattern)).isEmpty();

        assertThat(EventPattern.of(pattern).matches(event)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"**", "order*", "*.created", "order.*.created", "order.*.*", "*.*", "* ", " *", "a*b"})
    void starAnywhereElse_isRefused(String pattern) {
        assertThat(EventPattern.fault(pattern)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"order.created", "orders/create", "Push Hook", "заказ.создан", "注文", "😀", "a", ".", "a..b", "-"
            })
    void nameOfAnySystem_isTaken(String name) {
        assertThat(EventPattern.nameFault(name)).isEmpty();
        assertThat(EventPattern.fault(name)).isEmpty();
        assertThat(EventPattern.of(name).matches(name)).isTrue();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", " a", "a ", "\ta", "a\n", "a\nb", "a\u0000b", "a\u007fb", "a\u0085b", "order.*", "*"})
    void name_thatCannotBeOneIsRefused(String name) {
        assertThat(EventPattern.nameFault(name)).isPresent();
    }

    /** S15: an unpaired surrogate has no UTF-8 form, so that its bytes would not be what was sent. */
    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ude00\ude00"})
    void s15_unpairedSurrogates_areRefused(String name) {
        assertThat(EventPattern.nameFault(name)).isPresent();
        assertThat(EventPattern.fault(name + ".*")).isPresent();
    }

    @Test
    void nameAndPattern_mayHave128Characters() {
        assertThat(EventPattern.nameFault("a".repeat(128))).isEmpty();
        assertThat(EventPattern.nameFault("a".repeat(129))).isPresent();
        assertThat(EventPattern.fault("a".repeat(126) + ".*")).isEmpty();
        assertThat(EventPattern.fault("a".repeat(127) + ".*")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void pattern_matchesWhatAPlainReadingOfTheRuleSays(long seed) {
        Random chance = new Random(seed);
        List<String> segments = List.of("order", "item", "a", "b", "");

        for (int round = 0; round < 5_000; round++) {
            String event = segments(chance, segments);
            String stem = segments(chance, segments);
            boolean under = chance.nextBoolean();
            boolean expected = under ? event.startsWith(stem + ".") && !event.equals(stem + ".") : event.equals(stem);

            assertThat(EventPattern.of(under ? stem + ".*" : stem).matches(event))
                    .isEqualTo(expected);
        }
    }

    private static String segments(Random chance, List<String> from) {
        StringBuilder name = new StringBuilder(from.get(chance.nextInt(from.size())));
        for (int more = chance.nextInt(3); more > 0; more--) {
            name.append('.').append(from.get(chance.nextInt(from.size())));
        }
        return name.toString();
    }
}
