package io.longline.expression;

import dev.cel.common.ast.CelExpr;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * What one evaluation may use. The language bounds loops; this bounds its time, looked at after each step, and what it
 * joins together.
 */
enum Limits {
    /** In place, on an event loop. */
    FILTER(1_000, Duration.ofMillis(50)),
    /** On a pool. */
    TRANSFORM(10_000, Duration.ofMillis(500));

    private static final long MOST_JOINED = 8L * 1_048_576;
    private static final String JOIN = "_+_";

    /** Of all loops together. */
    private final int iterations;

    private final Duration time;

    Limits(int iterations, Duration time) {
        this.iterations = iterations;
        this.time = time;
    }

    int iterations() {
        return iterations;
    }

    /** Watches an evaluation that begins now. */
    Watch watch(LongSupplier monotonicNanos) {
        return new Watch(monotonicNanos, time);
    }

    /** Ends an evaluation that goes past a limit. For one evaluation. */
    static final class Watch {
        private final LongSupplier clock;
        private final Duration time;
        private final long deadline;
        private long joined;

        private Watch(LongSupplier clock, Duration time) {
            this.clock = clock;
            this.time = time;
            this.deadline = clock.getAsLong() + time.toNanos();
        }

        void step(CelExpr expression, Object value) {
            if (clock.getAsLong() - deadline > 0) {
                throw new ExhaustedException("takes longer than " + time.toMillis() + " ms");
            }
            if (expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL
                    && expression.call().function().equals(JOIN)) {
                joined += value instanceof CharSequence text
                        ? text.length()
                        : value instanceof Collection<?> list ? list.size() : 0;
                if (joined > MOST_JOINED) {
                    throw new ExhaustedException("joins more than " + MOST_JOINED + " characters or elements");
                }
            }
        }
    }

    /** An evaluation went past a limit. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ExhaustedException(String message) {
            super(message, null, false, false);
        }
    }
}
