package io.longline.format;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How bad or good what happened is, told by a message's colour. */
enum Severity {
    GOOD("good", 0x2EB67D, "good"),
    INFO("info", 0x3B82F6, "accent"),
    WARNING("warning", 0xDAA038, "warning"),
    DANGER("danger", 0xD7263D, "attention");

    private static final Map<String, Severity> WORDS = Map.ofEntries(
            Map.entry("good", GOOD),
            Map.entry("ok", GOOD),
            Map.entry("success", GOOD),
            Map.entry("info", INFO),
            Map.entry("debug", INFO),
            Map.entry("notice", INFO),
            Map.entry("warning", WARNING),
            Map.entry("warn", WARNING),
            Map.entry("danger", DANGER),
            Map.entry("error", DANGER),
            Map.entry("high", DANGER),
            Map.entry("critical", DANGER),
            Map.entry("fatal", DANGER),
            Map.entry("emergency", DANGER));

    private static final Set<String> DANGEROUS = Set.of(
            "failed",
            "failure",
            "error",
            "errored",
            "critical",
            "down",
            "crashed",
            "rejected",
            "declined",
            "denied",
            "fatal",
            "timeout");
    private static final Set<String> WARNING_WORDS = Set.of(
            "alert",
            "warning",
            "degraded",
            "threshold",
            "cancelled",
            "canceled",
            "deleted",
            "removed",
            "destroyed",
            "expired",
            "expiring",
            "shutdown",
            "disabled",
            "overdue",
            "refunded",
            "disputed",
            "revoked");
    private static final Set<String> GOOD_WORDS = Set.of(
            "completed",
            "succeeded",
            "success",
            "created",
            "paid",
            "resolved",
            "recovered",
            "merged",
            "startup",
            "opened",
            "published",
            "released",
            "activated",
            "fulfilled",
            "delivered",
            "approved",
            "up");

    private final String word;
    private final int colour;
    private final String containerStyle;

    Severity(String word, int colour, String containerStyle) {
        this.word = word;
        this.colour = colour;
        this.containerStyle = containerStyle;
    }

    String word() {
        return word;
    }

    /** Red, green and blue in one number. */
    int colour() {
        return colour;
    }

    /** The same as it is written in style sheets. */
    String hexColour() {
        return String.format(Locale.ROOT, "#%06X", colour);
    }

    /** The container style of an Adaptive Card. */
    String containerStyle() {
        return containerStyle;
    }

    /** The severity that a word of somebody's own stands for. */
    static Optional<Severity> ofWord(String word) {
        return Optional.ofNullable(WORDS.get(word.strip().toLowerCase(Locale.ROOT)));
    }

    /** The severity that an event's name speaks of: its last part that says anything. */
    static Severity ofEvent(String event) {
        String[] parts = event.toLowerCase(Locale.ROOT).split("[^a-z]+");
        for (int index = parts.length - 1; index >= 0; index--) {
            if (DANGEROUS.contains(parts[index])) {
                return DANGER;
            }
            if (WARNING_WORDS.contains(parts[index])) {
                return WARNING;
            }
            if (GOOD_WORDS.contains(parts[index])) {
                return GOOD;
            }
        }
        return INFO;
    }
}
