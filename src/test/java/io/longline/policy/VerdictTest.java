package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.Outcome;
import io.longline.policy.Verdict.CircuitCount;
import io.longline.policy.Verdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The table of the class comment and of E9, row by row, over every status that can be answered. */
class VerdictTest {
    private static final Duration WAIT = Duration.ofSeconds(17);

    private record Row(int from, int to, Kind kind, CircuitCount count, boolean honours, boolean restsLane) {}

    private static final List<Row> TABLE = List.of(
            new Row(100, 199, Kind.TRY_AGAIN, CircuitCount.NEITHER, false, false),
            new Row(200, 299, Kind.SUCCEEDED, CircuitCount.SUCCESS, false, false),
            new Row(300, 409, Kind.TRY_AGAIN, CircuitCount.NEITHER, false, false),
            new Row(410, 410, Kind.GONE, CircuitCount.NEITHER, false, false),
            new Row(411, 428, Kind.TRY_AGAIN, CircuitCount.NEITHER, false, false),
            new Row(429, 429, Kind.TRY_AGAIN, CircuitCount.FAILURE, true, true),
            new Row(430, 499, Kind.TRY_AGAIN, CircuitCount.NEITHER, false, false),
            new Row(500, 501, Kind.TRY_AGAIN, CircuitCount.FAILURE, false, false),
            new Row(502, 502, Kind.TRY_AGAIN, CircuitCount.FAILURE, true, false),
            new Row(503, 503, Kind.TRY_AGAIN, CircuitCount.FAILURE, true, true),
            new Row(504, 504, Kind.TRY_AGAIN, CircuitCount.FAILURE, true, false),
            new Row(505, 599, Kind.TRY_AGAIN, CircuitCount.FAILURE, false, false),
            new Row(600, 999, Kind.TRY_AGAIN, CircuitCount.NEITHER, false, false));

    private record Unanswered(Outcome outcome, CircuitCount count, boolean timedOut) {}

    private static final List<Unanswered> WITHOUT_ANSWER = List.of(
            new Unanswered(new Outcome.TimedOut("late"), CircuitCount.FAILURE, true),
            new Unanswered(new Outcome.Unreachable("refused"), CircuitCount.FAILURE, false),
            new Unanswered(new Outcome.TlsFault("expired"), CircuitCount.FAILURE, false),
            new Unanswered(new Outcome.Blocked("private"), CircuitCount.NEITHER, false),
            new Unanswered(new Outcome.Unrenderable("no JSON"), CircuitCount.NEITHER, false),
            new Unanswered(new Outcome.Malformed("not HTTP"), CircuitCount.NEITHER, false));

    @ParameterizedTest
    @FieldSource("TABLE")
    void answer_withRetryAfterIsJudgedAsTheTableSays(Row row) {
        Verdict expected = new Verdict(row.kind, row.count, row.honours ? WAIT : null, row.restsLane, false);

        assertThat(IntStream.rangeClosed(row.from, row.to))
                .allSatisfy(status -> assertThat(Verdict.of(new Outcome.Answered(status, WAIT)))
                        .isEqualTo(expected));
    }

    @ParameterizedTest
    @FieldSource("TABLE")
    void answer_withoutRetryAfterNeverRestsTheLane(Row row) {
        Verdict expected = new Verdict(row.kind, row.count, null, false, false);

        assertThat(IntStream.rangeClosed(row.from, row.to))
                .allSatisfy(status -> assertThat(Verdict.of(new Outcome.Answered(status, null)))
                        .isEqualTo(expected));
    }

    @ParameterizedTest
    @FieldSource("WITHOUT_ANSWER")
    void attemptWithoutAnswer_isTriedAgain(Unanswered row) {
        Verdict expected = new Verdict(Kind.TRY_AGAIN, row.count, null, false, row.timedOut);

        assertThat(Verdict.of(row.outcome)).isEqualTo(expected);
    }

    @Test
    void table_hasARowForEveryStatus() {
        List<Integer> covered = new ArrayList<>();
        TABLE.forEach(row -> IntStream.rangeClosed(row.from, row.to).boxed().forEach(covered::add));

        assertThat(covered)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(100, 999).boxed().toList());
    }

    @Test
    void table_hasARowForEveryKindOfOutcome() {
        Stream<Class<?>> judged = Stream.concat(
                Stream.of(Outcome.Answered.class, Outcome.Shadowed.class),
                WITHOUT_ANSWER.stream().map(row -> row.outcome.getClass()));

        assertThat(judged).containsExactlyInAnyOrder(Outcome.class.getPermittedSubclasses());
    }

    @Test
    void whatAShadowMakes_succeedsWithoutAWordOfTheReceiver() {
        assertThat(Verdict.of(new Outcome.Shadowed()))
                .isEqualTo(new Verdict(Verdict.Kind.SUCCEEDED, CircuitCount.NEITHER, null, false, false));
    }

    @Test
    void message_saysWhyAnAnswerIsNoSuccess() {
        assertThat(new Outcome.Answered(204, null).message()).isNull();
        assertThat(new Outcome.Answered(302, null).message()).contains("302", "redirect", "never followed");
        assertThat(new Outcome.Answered(500, null).message()).contains("500");
    }
}
