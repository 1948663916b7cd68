package io.longline.exchange;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.longline.bus.JsonText;
import io.longline.exchange.Draft.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table in CSV (RFC 4180): the first row names the fields of a webhook as the API has them, each other row is one
 * webhook. A list in a cell has semicolons or spaces between its elements; {@code headers} and {@code metadata} are JSON, or
 * columns of their own such as {@code headers.X-Token}. An empty cell says nothing. Commas, or else semicolons or tabs,
 * stand between cells.
 */
final class CsvReader {
    private static final CsvFactory FACTORY = new CsvFactory();
    private static final int MOST_COLUMNS = 200;
    private static final int LONGEST_CELL = 100_000;

    private enum Type {
        TEXT,
        TEXTS,
        NUMBER,
        NUMBERS,
        FLAG,
        OBJECT
    }

    private static final Map<String, Type> COLUMNS = Map.ofEntries(
            Map.entry("id", Type.TEXT),
            Map.entry("key", Type.TEXT),
            Map.entry("tenant", Type.TEXT),
            Map.entry("url", Type.TEXT),
            Map.entry("events", Type.TEXTS),
            Map.entry("secret", Type.TEXT),
            Map.entry("active", Type.FLAG),
            Map.entry("paused", Type.FLAG),
            Map.entry("retry_count", Type.NUMBER),
            Map.entry("retry_delay", Type.NUMBER),
            Map.entry("retry_schedule", Type.NUMBERS),
            Map.entry("timeout", Type.NUMBER),
            Map.entry("headers", Type.OBJECT),
            Map.entry("metadata", Type.OBJECT),
            Map.entry("description", Type.TEXT),
            Map.entry("format", Type.TEXT),
            Map.entry("template", Type.TEXT),
            Map.entry("filter", Type.TEXT),
            Map.entry("transform", Type.TEXT),
            Map.entry("rate_limit", Type.NUMBER),
            Map.entry("max_in_flight", Type.NUMBER));

    private final List<Draft> drafts = new ArrayList<>();
    private List<String> header = List.of();

    private CsvReader() {}

    static Reading read(byte[] file) {
        if (file.length >= 2 && (file[0] & 0xFF) + (file[1] & 0xFF) == 0xFE + 0xFF && (file[0] & 0xFE) == 0xFE) {
            throw UnreadableFileException.of("", "", "is UTF-16; save it as CSV in UTF-8");
        }
        if (!JsonText.isUtf8(file)) {
            throw UnreadableFileException.of("", "", "is not valid UTF-8; save it as CSV in UTF-8");
        }
        CsvReader reader = new CsvReader();
        int row = 1;
        try (CsvParser parser = open(file)) {
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                reader.row(row, cells(parser, row));
                row++;
            }
        } catch (JsonProcessingException malformed) {
            throw UnreadableFileException.of(
                    "row " + row, "", "is not valid CSV: a quote is not closed, or something follows one");
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes can be read", impossible);
        }
        if (reader.header.isEmpty()) {
            throw UnreadableFileException.of("", "", "is empty; its first row must name the fields");
        }
        return new Reading(reader.drafts, List.of());
    }

    private static CsvParser open(byte[] file) throws IOException {
        int from = JsonFile.hasMark(file) ? 3 : 0;
        CsvParser parser = FACTORY.createParser(new InputStreamReader(
                new ByteArrayInputStream(file, from, file.length - from), StandardCharsets.UTF_8));
        parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator(file, from)));
        return parser;
    }

    /** Spreadsheets write semicolons where commas separate decimals. */
    private static char separator(byte[] file, int from) {
        boolean semicolon = false;
        boolean tab = false;
        for (int at = from; at < file.length && file[at] != '\n'; at++) {
            if (file[at] == ',') {
                return ',';
            }
            semicolon |= file[at] == ';';
            tab |= file[at] == '\t';
        }
        return semicolon ? ';' : tab ? '\t' : ',';
    }

    private static List<String> cells(JsonParser parser, int row) throws IOException {
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String cell = parser.getText();
            if (cells.size() >= MOST_COLUMNS || cell.length() > LONGEST_CELL) {
                throw UnreadableFileException.of(
                        "row " + row,
                        "",
                        "must have at most " + MOST_COLUMNS + " cells of " + LONGEST_CELL + " characters");
            }
            cells.add(cell.strip());
        }
        return cells;
    }

    private void row(int row, List<String> cells) {
        String place = "row " + row;
        if (header.isEmpty()) {
            header = header(cells);
            return;
        }
        if (cells.stream().allMatch(String::isEmpty)) {
            return;
        }
        if (cells.size() > header.size()) {
            throw UnreadableFileException.of(
                    place, "", "has " + cells.size() + " cells, and the first row names " + header.size() + " fields");
        }
        ObjectNode fields = JsonFile.object();
        String key = null;
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            if (!cell.isEmpty() && header.get(column).equals("key")) {
                key = "csv:" + cell;
            } else if (!cell.isEmpty()) {
                set(place, header.get(column), cell, fields);
            }
        }
        if (drafts.size() >= Reading.MOST) {
            throw UnreadableFileException.of(
                    place, "", "is one too many: at most " + Reading.MOST + "; split the file");
        }
        drafts.add(new Draft(Kind.WEBHOOK, place, key, fields));
    }

    /** What stands in a cell is never repeated: the row with the names may be missing, and be a secret. */
    private static List<String> header(List<String> cells) {
        Set<String> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (String cell : cells) {
            String name = part(cell).isEmpty() ? cell.toLowerCase(Locale.ROOT) : cell;
            String column = "column " + (names.size() + 1);
            if (part(name).isEmpty() && !COLUMNS.containsKey(name)) {
                throw UnreadableFileException.of("row 1", column, "does not name a field of a webhook");
            }
            if (!seen.add(name)) {
                throw UnreadableFileException.of("row 1", column, "names a field that an earlier one names");
            }
            names.add(name);
        }
        if (!seen.contains("url")) {
            throw UnreadableFileException.of("row 1", "url", "must be among the fields that the first row names");
        }
        return names;
    }

    /** What a column such as {@code headers.X-Token} names; empty for any other column. */
    private static String part(String column) {
        for (String object : List.of("headers.", "metadata.")) {
            if (column.startsWith(object)) {
                return column.substring(object.length());
            }
        }
        return "";
    }

    private static void set(String place, String column, String cell, ObjectNode fields) {
        String part = part(column);
        if (!part.isEmpty()) {
            String object = column.substring(0, column.length() - part.length() - 1);
            fields.withObjectProperty(object).put(part, cell);
            return;
        }
        @Nullable Type type = COLUMNS.get(column);
        if (type == Type.OBJECT) {
            fields.withObjectProperty(column).setAll(object(place, column, cell));
        } else {
            fields.set(column, type == null ? fields.textNode(cell) : value(place, column, cell, type));
        }
    }

    private static JsonNode value(String place, String column, String cell, Type type) {
        return switch (type) {
            case TEXT, OBJECT -> JsonFile.MAPPER.getNodeFactory().textNode(cell);
            case NUMBER -> number(place, column, cell);
            case FLAG -> flag(place, column, cell);
            case TEXTS, NUMBERS -> {
                ArrayNode list = JsonFile.MAPPER.createArrayNode();
                for (String element : elements(cell)) {
                    if (type == Type.TEXTS) {
                        list.add(element);
                    } else {
                        list.add(number(place, column, element));
                    }
                }
                yield list;
            }
        };
    }

    /** Semicolons separate where there are any, so that names with spaces can be had; else spaces do. */
    private static List<String> elements(String cell) {
        List<String> elements = new ArrayList<>();
        for (String element : cell.split(cell.indexOf(';') >= 0 ? ";" : "\\s+", -1)) {
            if (!element.isBlank()) {
                elements.add(element.strip());
            }
        }
        return elements;
    }

    private static JsonNode number(String place, String column, String cell) {
        try {
            if (cell.length() <= 30) {
                BigDecimal number = new BigDecimal(cell);
                return number.scale() <= 0 && number.precision() - number.scale() < 18
                        ? JsonFile.MAPPER.getNodeFactory().numberNode(number.longValueExact())
                        : JsonFile.MAPPER.getNodeFactory().numberNode(number);
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw UnreadableFileException.of(place, column, "must be a number");
    }

    private static JsonNode flag(String place, String column, String cell) {
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> JsonFile.MAPPER.getNodeFactory().booleanNode(true);
            case "false", "no", "0" -> JsonFile.MAPPER.getNodeFactory().booleanNode(false);
            default -> throw UnreadableFileException.of(place, column, "must be true or false");
        };
    }

    private static ObjectNode object(String place, String column, String cell) {
        try {
            JsonNode node = JsonFile.MAPPER.readTree(cell);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException | NumberFormatException notJson) {
            // Said below, without a word of the cell.
        }
        throw UnreadableFileException.of(place, column, "must be a JSON object, such as {\"name\": \"value\"}");
    }
}
