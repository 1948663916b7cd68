package io.longline.expression;

import dev.cel.common.types.CelKind;
import io.longline.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides whether a webhook gets an event: it does when the expression is true, and not when it is false, is no truth
 * value, or fails, as one does that names a missing key. Immutable; for any thread, event loops among them.
 */
public final class Filter {
    /** The longest, in characters. */
    public static final int LONGEST = Expression.LONGEST;

    /** An event with a value of each kind, and a filter that looks at all of them. */
    private static final String SAMPLE =
            "{\"event\":\"a.sample\",\"data\":{\"name\":\"one\",\"count\":3,\"price\":1.5,\"new\":true,\"list\":[1,2]}}";

    private static final String OF_SAMPLE = "event.type.startsWith('a') && has(event.data.name) && event.data.new"
            + " && event.data.name in ['one', 'two'] && event.data.name.matches('o.*') && event.data.count > 2"
            + " && event.data.price <= 1.5 && event.data.list.exists(each, each == 2) && size(event.data.list) == 2";

    // The first that is compiled is compiled off the event loops. What judges is loaded there with it, which takes some
    // tens
    // of milliseconds, rather than on the event loop on which the first event is judged.
    static {
        judgesSample();
    }

    private final Expression expression;

    private Filter(Expression expression) {
        this.expression = expression;
    }

    /** Compiles an expression. */
    public static Filter compile(String source) throws ExpressionException {
        Expression expression = Expression.compile(source, Limits.FILTER);
        CelKind kind = expression.type().kind();
        if (kind != CelKind.BOOL && kind != CelKind.DYN) {
            throw new ExpressionException(
                    "must give true or false, not " + expression.type().name());
        }
        return new Filter(expression);
    }

    /** Judges the sample, which loads all that judges. */
    static boolean judgesSample() {
        try {
            EventVariable event = EventVariable.of(Payload.of(SAMPLE.getBytes(StandardCharsets.UTF_8)), "sample");
            return compile(OF_SAMPLE).matches(event, () -> 0);
        } catch (ExpressionException fault) {
            return false;
        }
    }

    /** What is wrong with an expression, in words that follow its place; empty when nothing is. */
    public static Optional<String> fault(String source) {
        try {
            compile(source);
            return Optional.empty();
        } catch (ExpressionException fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    /** Whether the event is let through. */
    public boolean matches(EventVariable event, LongSupplier monotonicNanos) {
        try {
            return judge(event, monotonicNanos);
        } catch (ExpressionException none) {
            return false;
        }
    }

    /** The same; fails with what keeps the expression from being true or false. */
    public boolean judge(EventVariable event, LongSupplier monotonicNanos) throws ExpressionException {
        if (expression.evaluate(event, monotonicNanos) instanceof Boolean truth) {
            return truth;
        }
        throw new ExpressionException("gives something other than true or false");
    }
}
