package io.longline.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One setting: its key, its kind, its default, and one sentence for the reader.
 *
 * @param key such as {@code server.port}
 * @param kind what its value may be
 * @param defaultText the default as one would write it
 * @param description what it does, with its unit
 */
record Setting(String key, Kind kind, String defaultText, String description) {
    /** What a value may be; reads it from text. */
    sealed interface Kind {
        /** The value, typed; empty when the text is not of this kind. */
        Optional<Object> read(String text);

        /** What the text must be, for the fault that names it. */
        String expectation();
    }

    /** Any text that is not empty. */
    record Text() implements Kind {
        @Override
        public Optional<Object> read(String text) {
            return text.isBlank() ? Optional.empty() : Optional.of(text);
        }

        @Override
        public String expectation() {
            return "must not be empty";
        }
    }

    /** A whole number within bounds. */
    record Whole(long least, long most) implements Kind {
        @Override
        public Optional<Object> read(String text) {
            try {
                long value = Long.parseLong(text.strip());
                return value >= least && value <= most ? Optional.of(value) : Optional.empty();
            } catch (NumberFormatException notANumber) {
                return Optional.empty();
            }
        }

        @Override
        public String expectation() {
            return "must be a whole number from " + least + " to " + most;
        }
    }

    /** True or false. */
    record Flag() implements Kind {
        @Override
        public Optional<Object> read(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public String expectation() {
            return "must be true or false";
        }
    }

    /** One of a few words. */
    record Choice(List<String> words) implements Kind {
        @Override
        public Optional<Object> read(String text) {
            String word = text.strip().toLowerCase(Locale.ROOT);
            return words.contains(word) ? Optional.of(word) : Optional.empty();
        }

        @Override
        public String expectation() {
            return "must be one of " + String.join(", ", words);
        }
    }

    /** The name of the environment variable that sets it. */
    String environmentName() {
        return "LONGLINE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
