package io.longline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.FailureReason;
import io.longline.model.RetryPolicy;
import io.longline.policy.DeliveryState.Cancelled;
import io.longline.policy.DeliveryState.Failed;
import io.longline.policy.DeliveryState.Final;
import io.longline.policy.DeliveryState.Pending;
import io.longline.policy.DeliveryState.Succeeded;
import io.longline.policy.Verdict.CircuitCount;
import io.longline.policy.Verdict.Kind;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state with every event. The table below is the state diagram; a state, an event or a transition that is not in it
 * fails the test, and so does a legal transition that the table calls illegal.
 */
class DeliveryStateTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final RetryPolicy POLICY = new RetryPolicy(3, Duration.ofSeconds(5), null);
    private static final RandomGenerator NO_JITTER = () -> 0L;

    /** What can happen, by the method that it is. */
    private enum Event {
        SUCCESS("attempted", state -> attempted(state, Kind.SUCCEEDED, POLICY)),
        GONE("attempted", state -> attempted(state, Kind.GONE, POLICY)),
        FAILURE_WITH_ATTEMPTS_LEFT("attempted", state -> attempted(state, Kind.TRY_AGAIN, POLICY)),
        FAILURE_OF_THE_LAST_ATTEMPT(
                "attempted",
                state -> attempted(state, Kind.TRY_AGAIN, new RetryPolicy(0, Duration.ofSeconds(5), null))),
        WAITED_TOO_LONG("expire", state -> state instanceof Pending pending ? pending.expire() : null),
        CANCEL("cancel", state -> state instanceof Pending pending ? pending.cancel() : null),
        RETRY_BY_HAND_WHILE_WAITING("hasten", state -> state instanceof Pending pending ? pending.hasten(NOW) : null),
        RETRY_BY_HAND_WHEN_FINAL("reopen", state -> state instanceof Final ended ? ended.reopen(NOW) : null);

        private final String method;
        private final Function<DeliveryState, @Nullable DeliveryState> transition;

        Event(String method, Function<DeliveryState, @Nullable DeliveryState> transition) {
            this.method = method;
            this.transition = transition;
        }
    }

    private record Pair(DeliveryState state, Event event) {}

    private static final Pending WAITING = new Pending(2, 1, NOW.minusSeconds(1));
    private static final Succeeded SUCCEEDED = new Succeeded(3);
    private static final Failed FAILED = new Failed(4, FailureReason.ATTEMPTS_EXHAUSTED);
    private static final Cancelled CANCELLED = new Cancelled(0);
    private static final List<DeliveryState> STATES = List.of(WAITING, SUCCEEDED, FAILED, CANCELLED);

    /** What is legal, and what comes of it; anything else the state does not even offer. */
    private static final Map<Pair, DeliveryState> LEGAL = Map.of(
            new Pair(WAITING, Event.SUCCESS), new Succeeded(3),
            new Pair(WAITING, Event.GONE), new Failed(3, FailureReason.GONE),
            new Pair(WAITING, Event.FAILURE_WITH_ATTEMPTS_LEFT), new Pending(3, 2, NOW.plusSeconds(10)),
            new Pair(WAITING, Event.FAILURE_OF_THE_LAST_ATTEMPT), new Failed(3, FailureReason.ATTEMPTS_EXHAUSTED),
            new Pair(WAITING, Event.WAITED_TOO_LONG), new Failed(2, FailureReason.EXPIRED),
            new Pair(WAITING, Event.CANCEL), new Cancelled(2),
            new Pair(WAITING, Event.RETRY_BY_HAND_WHILE_WAITING), new Pending(2, 0, NOW),
            new Pair(SUCCEEDED, Event.RETRY_BY_HAND_WHEN_FINAL), new Pending(3, 0, NOW),
            new Pair(FAILED, Event.RETRY_BY_HAND_WHEN_FINAL), new Pending(4, 0, NOW),
            new Pair(CANCELLED, Event.RETRY_BY_HAND_WHEN_FINAL), new Pending(0, 0, NOW));

    /** Every state with every event: nothing can be left out, since the pairs are made, not listed. */
    private static Stream<Pair> pairs() {
        return STATES.stream().flatMap(state -> Arrays.stream(Event.values()).map(event -> new Pair(state, event)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void transition_isTheTablesOrDoesNotExist(Pair pair) {
        Optional<DeliveryState> expected = Optional.ofNullable(LEGAL.get(pair));

        assertThat(transitions(pair.state().getClass()).contains(pair.event().method))
                .as("%s offers %s", pair.state(), pair.event().method)
                .isEqualTo(expected.isPresent());
        assertThat(Optional.ofNullable(pair.event().transition.apply(pair.state())))
                .isEqualTo(expected);
    }

    @Test
    void table_knowsEveryState() {
        List<Class<?>> states = new ArrayList<>();
        for (Class<?> permitted : DeliveryState.class.getPermittedSubclasses()) {
            Class<?>[] inner = permitted.getPermittedSubclasses();
            states.addAll(inner == null ? List.of(permitted) : List.of(inner));
        }

        assertThat(STATES.stream().map(Object::getClass)).hasSameElementsAs(states);
    }

    @Test
    void table_knowsEveryTransition() {
        Set<String> offered = STATES.stream()
                .flatMap(state -> transitions(state.getClass()).stream())
                .collect(Collectors.toSet());

        assertThat(Arrays.stream(Event.values()).map(event -> event.method)).hasSameElementsAs(offered);
    }

    @Test
    void table_usesEveryEvent() {
        Set<Event> used = LEGAL.keySet().stream()
                .map(Pair::event)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Event.class)));

        assertThat(used).isEqualTo(EnumSet.allOf(Event.class));
    }

    @Test
    void status_isTheStoredWord() {
        Map<String, DeliveryState> byStatus = new LinkedHashMap<>();
        STATES.forEach(state -> byStatus.put(state.status().text(), state));

        assertThat(byStatus)
                .containsExactly(
                        Map.entry("pending", WAITING),
                        Map.entry("succeeded", SUCCEEDED),
                        Map.entry("failed", FAILED),
                        Map.entry("cancelled", CANCELLED));
    }

    @Test
    void acceptedDelivery_isDueAtOnceWithItsWholeBudget() {
        assertThat(Pending.accepted(NOW)).isEqualTo(new Pending(0, 0, NOW));
    }

    @Test
    void e7_retryAfterCountsWhenItIsLaterThanTheBackoff() {
        assertThat(afterFailure(Duration.ofSeconds(60)).nextAttemptAt()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void e7_theBackoffCountsWhenItIsLaterThanRetryAfter() {
        assertThat(afterFailure(Duration.ofSeconds(1)).nextAttemptAt()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void e11_aRetryByHandStartsTheBudgetAgainAndRunsTheCountOn() {
        DeliveryState state = new Failed(4, FailureReason.ATTEMPTS_EXHAUSTED).reopen(NOW);

        for (int attempt = 0; attempt < 4; attempt++) {
            assertThat(state).isInstanceOf(Pending.class);
            state = attempted(state, Kind.TRY_AGAIN, POLICY);
        }

        assertThat(state).isEqualTo(new Failed(8, FailureReason.ATTEMPTS_EXHAUSTED));
    }

    private static Pending afterFailure(Duration retryAfter) {
        Verdict verdict = new Verdict(Kind.TRY_AGAIN, CircuitCount.FAILURE, retryAfter, true, false);
        return (Pending) Pending.accepted(NOW).attempted(verdict, POLICY, NOW, NO_JITTER);
    }

    private static @Nullable DeliveryState attempted(DeliveryState state, Kind kind, RetryPolicy policy) {
        Verdict verdict = new Verdict(kind, CircuitCount.NEITHER, null, false, false);
        return state instanceof Pending pending ? pending.attempted(verdict, policy, NOW, NO_JITTER) : null;
    }

    /** The names of a state's methods that lead to a state. */
    private static Set<String> transitions(Class<?> state) {
        return Arrays.stream(state.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .filter(method -> DeliveryState.class.isAssignableFrom(method.getReturnType()))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }
}
