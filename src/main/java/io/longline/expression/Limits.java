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
    /**
     * In place, on an event loop. Nothing comes after it that would make up for an event that it wrongly leaves out, so
     * that a pause of the process, or the loading of classes for the first event of all, must not decide: what runs out
     * of time is evaluated anew.
     */
    FILTER(1_000, Duration.ofMillis(50), 3),
    /** On a pool. One that fails fails an attempt, which another follows. */
    TRANSFORM(10_000, Duration.ofMillis(500), 1);

    private static final long MOST_JOINED = 8L * 1_048_576;
    private static final String JOIN = "_+_";

    /** Of all loops together. */
    private final int iterations;

    private final Duration time;
    private final int goes;

    Limits(int iterations, Duration time, int goes) {
        this.iterations = iterations;
        this.time = time;
        this.goes = goes;
    }

    int iterations() {
        return iterations;
    }

    /** How often an evaluation may run out of its time. */
    int goes() {
        return goes;
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
                throw new ExhaustedException("takes longer than " + time.toMillis() + " ms", true);
            }
            if (expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL
                    && expression.call().function().equals(JOIN)) {
                joined += value instanceof CharSequence text
                        ? text.length()
                        : value instanceof Collection<?> list ? list.size() : 0;
                if (joined > MOST_JOINED) {
                    throw new ExhaustedException("joins more than " + MOST_JOINED + " characters or elements", false);
                }
            }
        }
    }

    /** An evaluation went past a limit. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean ofTime;

        private ExhaustedException(String message, boolean ofTime) {
            super(message, null, false, false);
            this.ofTime = ofTime;
        }

        /** Whether it was the time, which another evaluation may keep to. */
        boolean isOfTime() {
            return ofTime;
        }
    }
}
