package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Prints what an import or an apply has changed, or would change. */
final class ChangeReport {
    private static final List<String> KINDS = List.of("webhooks", "sources", "event_types");
    private static final List<String> ACTIONS = List.of("created", "changed", "deleted");
    private static final int LONGEST = 100;

    private final PrintWriter out;
    private final boolean color;

    ChangeReport(PrintWriter out, boolean color) {
        this.out = out;
        this.color = color;
    }

    /** Whether anything differs. */
    static boolean differs(JsonNode answer) {
        return KINDS.stream()
                .anyMatch(kind -> ACTIONS.stream()
                        .anyMatch(action -> answer.path(kind).path(action).asLong() > 0));
    }

    /** A line for each thing that differs, with the fields that do below it. */
    void differences(JsonNode answer) {
        for (JsonNode item : answer.path("items")) {
            String line = item.path("kind").asText().replace('_', ' ') + " " + name(item);
            switch (item.path("action").asText()) {
                case "created" -> print("32", "+ " + line);
                case "deleted" -> print("31", "- " + line);
                case "changed" -> {
                    print("33", "~ " + line);
                    item.path("changes")
                            .properties()
                            .forEach(change -> out.println("    " + change.getKey() + ": "
                                    + text(change.getValue().path("from")) + " -> "
                                    + text(change.getValue().path("to"))));
                }
                default -> {
                    // Nothing differs.
                }
            }
        }
    }

    private static String name(JsonNode item) {
        String key = item.path("key").asText("");
        String id = item.path("id").asText("");
        String called = item.path("kind").asText().equals("webhook")
                ? (key.isEmpty() ? id : key.substring(key.indexOf('/') + 1)) + "  "
                : "";
        return Table.clean((called.isBlank() ? "" : called) + item.path("name").asText());
    }

    private static String text(JsonNode value) {
        String text = Table.clean(value.isTextual() ? value.asText() : value.toString());
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    private void print(String code, String line) {
        out.println(color ? "\u001b[" + code + "m" + line + "\u001b[0m" : line);
    }

    /** What could not be carried over, a line for each. */
    static void warnings(PrintWriter err, JsonNode answer) {
        answer.path("warnings").forEach(line -> err.println("warning: " + Table.clean(line.asText())));
    }

    /** The counts, in one line for each kind that there is any of. */
    void counts(JsonNode answer) {
        boolean done = !answer.path("dry_run").asBoolean();
        for (String kind : KINDS) {
            JsonNode counts = answer.path(kind);
            long all = counts.path("unchanged").asLong();
            StringBuilder line = new StringBuilder(kind.replace('_', ' ')).append(':');
            for (String action : ACTIONS) {
                long count = counts.path(action).asLong();
                all += count;
                if (count > 0) {
                    line.append(' ')
                            .append(count)
                            .append(done ? " " : " would be ")
                            .append(action)
                            .append(',');
                }
            }
            if (all > 0) {
                out.println(line.append(' ')
                        .append(counts.path("unchanged").asLong())
                        .append(" unchanged"));
            }
        }
    }

    /** Secrets that were made: they are shown this one time. */
    void secrets(JsonNode answer) {
        for (JsonNode item : answer.path("items")) {
            if (item.hasNonNull("secret")) {
                out.println("secret of " + item.path("id").asText() + " (" + name(item) + "), shown this one time: "
                        + item.path("secret").asText());
            }
        }
    }
}
