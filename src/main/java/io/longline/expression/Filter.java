package io.longline.expression;

import dev.cel.common.types.CelKind;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides whether a webhook gets an event: it does when the expression is true, and not when it is false, is no truth
 * value, or fails, as one does that names a missing key. Immutable; for any thread, event loops among them.
 */
public final class Filter {
    /** The longest, in characters. */
    public static final int LONGEST = Expression.LONGEST;

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
