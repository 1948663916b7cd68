package io.longline.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    private static final String EVENT = """
            {"id": "evt_1", "event": "order.created", "timestamp": "2026-01-31T12:00:00.000Z", "metadata": {"by": "api"},
             "data": {"total": 99.5, "count": 3, "big": 12345678901234567890, "name": "Ann", "none": null, "yes": true,
                      "list": [1, 2, 3], "map": {"k": "v"}}}""";

    /** Each operator and function that compares, once with {@code @} for what is looked at. */
    private static final List<String> OPERATORS = List.of(
            "@ == 1",
            "@ != 1",
            "@ == 'x'",
            "@ != 'x'",
            "@ == true",
            "@ != true",
            "@ == null",
            "@ != null",
            "@ < 1",
            "@ <= 1",
            "@ > 1",
            "@ >= 1",
            "@ < 'x'",
            "@ <= 'x'",
            "@ > 'x'",
            "@ >= 'x'",
            "@ + 1 == 2",
            "@ - 1 != 2",
            "@ * 2 > 0",
            "@ / 2 < 9",
            "@ % 2 == 0",
            "-@ < 0",
            "!@",
            "@",
            "@ && true",
            "true && @",
            "@ || false",
            "false || @",
            "@ ? true : true",
            "@ in [1, 'x']",
            "!(@ in [1, 'x'])",
            "'x' in @",
            "!('x' in @)",
            "@[0] == 1",
            "@['k'] != 1",
            "@.k == 'v'",
            "@.k != 'v'",
            "size(@) > 0",
            "size(@) == 0",
            "@.size() >= 0",
            "@.contains('x')",
            "!@.contains('x')",
            "@.startsWith('x')",
            "!@.startsWith('x')",
            "@.endsWith('x')",
            "!@.endsWith('x')",
            "@.matches('.*')",
            "!@.matches('x')",
            "@.exists(i, true)",
            "@.all(i, true)",
            "@.exists_one(i, true)",
            "@.filter(i, true).size() == 0",
            "@.map(i, i).size() == 0",
            "int(@) == 1",
            "int(@) != 1",
            "double(@) > 0.0",
            "string(@) != ''",
            "bool(@)",
            "!bool(@)",
            "timestamp(@) > timestamp('2020-01-01T00:00:00Z')",
            "duration(@) >= duration('0s')",
            "type(@) != int",
            "dyn(@) != 1",
            "[@] != [1]",
            "{'a': @} != {'a': 1}");

    private static boolean matches(String expression) {
        try {
            return Filter.compile(expression).matches(event(EVENT), () -> 0);
        } catch (ExpressionException fault) {
            throw new AssertionError(expression, fault);
        }
    }

    private static EventVariable event(String json) {
        return EventVariable.of(Payload.of(json.getBytes(StandardCharsets.UTF_8)), "acme");
    }

    private static List<String> thatMatch(String looked) {
        List<String> found = new ArrayList<>();
        for (String operator : OPERATORS) {
            if (matches(operator.replace("@", looked))) {
                found.add(operator);
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.data.total > 50",
                "event.data.total > 50.0 && event.data.count == 3.0",
                "event.data.big == 12345678901234567890u && event.data.big > 5",
                "event.event == 'order.created' && event.type == event.event && event.tenant == 'acme'",
                "event.metadata.by in ['api', 'web']",
                "event.data.list.exists(i, i == 2) && event.data.map.k == 'v'",
                "has(event.data.name) && !has(event.data.absent)",
                "timestamp(event.timestamp) < timestamp('2027-01-01T00:00:00Z')",
                "event.data.name.matches('^A.n$')",
                "event.data.none == null",
                "event.data.yes"
            })
    void event_thatIsMeantIsLetThrough(String expression) {
        assertThat(matches(expression)).isTrue();
    }

    /** Whatever is asked of it, and also when the question is turned round. */
    @Test
    void missingKey_neverMatches() {
        assertThat(thatMatch("event.data.absent")).isEmpty();
        assertThat(thatMatch("event.absent")).isEmpty();
        assertThat(thatMatch("event.data.absent.deeper")).isEmpty();
        assertThat(thatMatch("event.data['absent']")).isEmpty();
        for (String operator : OPERATORS) {
            String turned = "!(" + operator.replace("@", "event.data.absent") + ")";
            assertThat(matches(turned)).as(turned).isFalse();
        }
    }

    /** What is null or of another type is unequal, which is so; nothing else is true of it. */
    @Test
    void nullAndWrongType_matchOnlyWhereTheyAreUnequal() {
        Set<String> unequal = Set.of(
                "@ != 1",
                "@ != 'x'",
                "@ != true",
                "@ != null",
                "!(@ in [1, 'x'])",
                "type(@) != int",
                "dyn(@) != 1",
                "[@] != [1]",
                "{'a': @} != {'a': 1}");

        assertThat(thatMatch("event.data.none"))
                .isSubsetOf(concat(unequal, "@ == null"))
                .contains("@ == null", "@ != 1")
                .doesNotContain("@ != null");
        // A string among the operators for numbers, and a number among those for strings.
        assertThat(thatMatch("event.data.name")).noneMatch(each -> each.contains(" < 1") || each.contains(" > 1"));
        assertThat(thatMatch("event.data.map"))
                .noneMatch(each -> each.matches("@ [<>]=? .*|.*[sS]tartsWith.*|-@.*|!?@"));
        assertThat(thatMatch("event.data.count"))
                .noneMatch(each -> each.matches("@ [<>]=? '.*|.*(With|contains|matches).*|!?@"));
    }

    private static Set<String> concat(Set<String> some, String more) {
        List<String> all = new ArrayList<>(some);
        all.add(more);
        return Set.copyOf(all);
    }

    @Test
    void expression_thatDoesNotCompile_isToldWithItsPlace() {
        assertThat(Filter.fault("event.data.total >\n  fourty"))
                .contains("does not compile (line 2, column 3): undeclared reference to 'fourty'");
        assertThat(Filter.fault("event.data.total >"))
                .hasValueSatisfying(fault -> assertThat(fault).startsWith("does not compile (line 1, column 19): "));
        assertThat(Filter.fault("'text'")).contains("must give true or false, not string");
        assertThat(Filter.fault("(".repeat(1_000) + "true" + ")".repeat(1_000))).isPresent();
        assertThat(Filter.fault("true")).isEmpty();
    }

    @Test
    void fault_tellsLineAndColumn() throws ExpressionException {
        Filter filter = Filter.compile("event.data.total > 1 &&\n  event.data.absent == 1");

        assertThatThrownBy(() -> filter.judge(event(EVENT), () -> 0))
                .hasMessage("line 2, column 13: key 'absent' is not present in map.");
    }

    @Test
    void loops_timeAndWhatIsJoined_areBounded() throws ExpressionException {
        String hundred = "[" + "1,".repeat(99) + "1]";
        String nested = hundred + ".all(a, " + hundred + ".all(b, true))";
        assertThatThrownBy(() -> Filter.compile(nested).judge(event(EVENT), () -> 0))
                .hasMessageContaining("1000");

        AtomicLong clock = new AtomicLong();
        Filter slow = Filter.compile("event.data.list.all(i, i > 0)");
        assertThatThrownBy(() -> slow.judge(event(EVENT), () -> clock.getAndAdd(20_000_000)))
                .hasMessage("takes longer than 50 ms");

        String large = EVENT.replace("Ann", "x".repeat(200_000));
        Filter joins = Filter.compile(hundred + ".all(i, size(event.data.name + event.data.name) > 0)");
        assertThatThrownBy(() -> joins.judge(event(large), () -> 0))
                .hasMessage("joins more than 8388608 characters or elements");
    }

    @Test
    void theSample_isJudgedToItsEnd() {
        assertThat(Filter.judgesSample()).isTrue();
    }

    @Test
    void aPauseOfTheProcess_doesNotLeaveAnEventOut() throws ExpressionException {
        Filter filter = Filter.compile("event.data.list.all(i, i > 0)");
        AtomicInteger looks = new AtomicInteger();

        // As in a process that stands still twice, or that loads the classes of the language first.
        assertThat(filter.judge(
                        event(EVENT),
                        () -> Math.min(looks.getAndIncrement(), 3)
                                * Duration.ofSeconds(1).toNanos()))
                .isTrue();
        assertThat(looks).hasValueGreaterThan(4);
    }
}
