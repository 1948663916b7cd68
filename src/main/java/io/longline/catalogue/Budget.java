package io.longline.catalogue;

/**
 * What a schema may take to judge one event's data, counted rather than timed, so that the same data always gets the same
 * verdict. For one thread at a time: the library calls back without saying for which data.
 */
final class Budget {
    /** Schemas applied to values, about as many as a payload of the largest size may hold twice; well below a second. */
    static final int MOST_STEPS = 300_000;

    private static final ThreadLocal<Budget> CURRENT = new ThreadLocal<>();

    private long left = MOST_STEPS;

    private Budget() {}

    /** Begins to count for this thread. */
    static void open() {
        CURRENT.set(new Budget());
    }

    static void close() {
        CURRENT.remove();
    }

    /** Takes so many steps; ends the work once there are none. */
    static void spend(long steps) {
        if (!has(steps)) {
            throw new SpentException();
        }
    }

    /** Takes so many steps; answers whether there were as many. */
    static boolean has(long steps) {
        Budget budget = CURRENT.get();
        if (budget == null) {
            return true;
        }
        budget.left -= steps;
        return budget.left >= 0;
    }

    /** Nothing is left. Carries no stack trace. */
    static final class SpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SpentException() {
            super("the budget is spent", null, false, false);
        }
    }
}
