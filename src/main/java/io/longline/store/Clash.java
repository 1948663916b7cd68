package io.longline.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why changes that were to be made together were not made, none of them: the first that could not be.
 *
 * @param index its place among them, from 0
 */
public record Clash(int index, Reason reason) {
    /**
     * As many as one commit holds, so that nobody else's commit waits for long: 12,000 things with an audit row each, which
     * take about a second.
     */
    public static final int MOST_CHANGES = 24_000;

    /** What stood in the way. */
    public enum Reason {
        /** Somebody else has changed it since it was read. */
        STALE,
        /** There is one of that name, or of that identifier, already. */
        TAKEN,
        /** It is not there any more. */
        GONE
    }

    static List<Operation<?>> checked(List<Operation<?>> changes) {
        if (changes.size() > MOST_CHANGES) {
            throw new IllegalArgumentException("at most " + MOST_CHANGES + " changes are made together");
        }
        for (Operation<?> change : changes) {
            if (change instanceof Operation.ChangeAll) {
                throw new IllegalArgumentException("changes made together hold no others made together");
            }
        }
        return List.copyOf(changes);
    }

    /** What a change's own answer says of it; empty when it was made. */
    public static Optional<Reason> of(Operation<?> change, @Nullable Object answer) {
        if (!Boolean.FALSE.equals(answer)) {
            return Optional.empty();
        }
        if (change instanceof Operation.SaveWebhook || change instanceof Operation.SaveEventTypes) {
            return Optional.of(Reason.STALE);
        }
        return Optional.of(change instanceof Operation.CreateSource ? Reason.TAKEN : Reason.GONE);
    }
}
