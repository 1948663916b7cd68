package io.longline.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook subscribes to: {@code *} for everything, {@code order.*} for everything under {@code order.}, or one
 * event name. A star has a meaning only alone or as the last segment.
 */
public sealed interface EventPattern {
    /** The longest event name or pattern, in characters. */
    int MAX_LENGTH = 128;

    /** Whether an event of that name is meant. */
    boolean matches(String eventName);

    /** Every event. */
    record All() implements EventPattern {
        @Override
        public boolean matches(String eventName) {
            return true;
        }
    }

    /**
     * Everything that starts with a prefix and goes on after it.
     *
     * @param prefix ends with a dot
     */
    record Under(String prefix) implements EventPattern {
        @Override
        public boolean matches(String eventName) {
            return eventName.length() > prefix.length() && eventName.startsWith(prefix);
        }
    }

    /** One event name. */
    record Exactly(String name) implements EventPattern {
        @Override
        public boolean matches(String eventName) {
            return name.equals(eventName);
        }
    }

    /** Reads a pattern that {@link #fault} has nothing against. */
    static EventPattern of(String text) {
        if (text.equals("*")) {
            return new All();
        }
        return text.endsWith(".*") ? new Under(text.substring(0, text.length() - 1)) : new Exactly(text);
    }

    /** What is wrong with a pattern, in words that follow its place; empty when nothing is. */
    static Optional<String> fault(String text) {
        if (text.equals("*")) {
            return Optional.empty();
        }
        String name = text.endsWith(".*") ? text.substring(0, text.length() - 2) : text;
        if (name.indexOf('*') >= 0) {
            return Optional.of("may have * only alone or as the last segment");
        }
        return nameFault(text.endsWith(".*") ? name + ".x" : name);
    }

    /** What is wrong with an event's name, in words that follow its place; empty when nothing is. */
    static Optional<String> nameFault(@Nullable String name) {
        if (name == null || name.isEmpty() || name.length() > MAX_LENGTH) {
            return Optional.of("must have 1 to " + MAX_LENGTH + " characters");
        }
        if (name.indexOf('*') >= 0) {
            return Optional.of("must not contain *, which has a meaning only in subscriptions");
        }
        if (name.charAt(0) == ' '
                || name.charAt(name.length() - 1) == ' '
                || !name.strip().equals(name)) {
            return Optional.of("must not begin or end with a space");
        }
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            if (Character.isISOControl(character)) {
                return Optional.of("must not contain control characters");
            }
            if (Character.isSurrogate(character) && !isPaired(name, index)) {
                return Optional.of("must be well-formed Unicode");
            }
        }
        return Optional.empty();
    }

    private static boolean isPaired(String text, int index) {
        char character = text.charAt(index);
        return Character.isHighSurrogate(character)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
