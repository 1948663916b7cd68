package io.longline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints things of the API's for people: lists as columns, one thing as lines; everything else as JSON. */
final class Table {
    private static final int WIDEST = 60;
    private static final Map<String, String> COLORS = Map.of(
            "succeeded",
            "32",
            "true",
            "32",
            "closed",
            "32",
            "failed",
            "31",
            "open",
            "31",
            "retrying",
            "33",
            "pending",
            "33",
            "cancelled",
            "90",
            "false",
            "90");

    private final List<Column> columns = new ArrayList<>();

    /** A column: its heading, and the pointer (RFC 6901) to its value. */
    private record Column(String heading, String pointer) {}

    /** Adds a column. */
    Table column(String heading, String pointer) {
        columns.add(new Column(heading, pointer));
        return this;
    }

    /** Prints a list's answer as it is, or as a table. */
    void print(PrintWriter out, JsonNode answer, boolean json) {
        if (json) {
            out.println(answer);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::heading).toList());
        answer.path("data")
                .forEach(item -> rows.add(columns.stream()
                        .map(column -> text(item.at(column.pointer())))
                        .toList()));
        boolean color = Terminal.wantsColor(System.getenv());
        for (List<String> row : rows) {
            out.println(line(rows, row, color && row != rows.get(0)).stripTrailing());
        }
        if (answer.path("next_cursor").isTextual()) {
            out.println("(more: --limit N)");
        }
    }

    private String line(List<List<String>> rows, List<String> row, boolean color) {
        StringBuilder line = new StringBuilder();
        for (int index = 0; index < row.size(); index++) {
            int place = index;
            int width = rows.stream()
                    .mapToInt(each -> each.get(place).length())
                    .max()
                    .orElse(0);
            String cell = row.get(index);
            String code = color ? COLORS.get(cell) : null;
            line.append(code == null ? cell : "\u001b[" + code + "m" + cell + "\u001b[0m")
                    .append(" ".repeat(width - cell.length() + 2));
        }
        return line.toString();
    }

    /** Prints one thing as it is, or its fields on a line each. */
    static void one(PrintWriter out, JsonNode thing, boolean json) {
        if (json || !thing.isObject()) {
            out.println(thing);
            return;
        }
        int width = thing.properties().stream()
                .mapToInt(entry -> entry.getKey().length())
                .max()
                .orElse(0);
        thing.properties()
                .forEach(entry -> out.println(entry.getKey()
                        + " ".repeat(width - entry.getKey().length() + 2)
                        + (entry.getValue().isContainerNode()
                                ? entry.getValue()
                                : clean(entry.getValue().asText()))));
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        String text = value.isArray()
                ? value.valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
                : value.isObject() ? value.toString() : value.asText();
        String shown = clean(text);
        return shown.length() <= WIDEST ? shown : shown.substring(0, WIDEST - 1) + "…";
    }

    /** What a stranger sent never moves the cursor or starts a line of its own. */
    static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}\\v]", " ");
    }
}
