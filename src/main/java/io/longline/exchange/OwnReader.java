package io.longline.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.exchange.Draft.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what Longline exports. */
final class OwnReader implements JsonFile.Visitor {
    /** The field that tells an export, and the version of its form. */
    static final String MARK = "longline_export";

    private static final int VERSION = 1;
    /** What was made by an apply is that file's, and nobody else's. */
    private static final Pattern KEY = Pattern.compile("(?!apply:)[a-z]{1,20}:[!-~]{1,200}");

    private static final Map<String, Kind> KINDS =
            Map.of("webhooks", Kind.WEBHOOK, "sources", Kind.SOURCE, "event_types", Kind.EVENT_TYPE);

    private final List<Draft> drafts = new ArrayList<>();

    private OwnReader() {}

    static Reading read(byte[] file) {
        OwnReader reader = new OwnReader();
        JsonFile.walk(file, reader);
        return new Reading(reader.drafts, List.of());
    }

    @Override
    public boolean wants(String path) {
        return KINDS.containsKey(path);
    }

    @Override
    public void element(String path, int index, JsonNode element) {
        String place = path + "[" + index + "]";
        ObjectNode fields = JsonFile.object(place, element);
        @Nullable Kind kind = KINDS.get(path);
        if (kind == null) {
            throw UnreadableFileException.of(place, "", "is not known");
        }
        JsonNode id = fields.get("id");
        JsonNode given = fields.remove("key");
        String key = id != null && id.isTextual() ? "longline:" + id.textValue() : null;
        if (given != null) {
            if (!given.isTextual() || !KEY.matcher(given.textValue()).matches()) {
                throw UnreadableFileException.of(
                        place, "key", "must be a word, a colon and 1 to 200 printable characters");
            }
            key = given.textValue();
        }
        drafts.add(new Draft(kind, place, key, fields));
    }

    @Override
    public void value(String path, JsonNode value) {
        if (path.equals(MARK)) {
            if (!value.isInt() || value.intValue() != VERSION) {
                throw UnreadableFileException.of(
                        "", MARK, "must be " + VERSION + ": the file is of a newer Longline than this one");
            }
        } else if (!path.equals("exported_at")) {
            throw UnreadableFileException.of("", path, "is not a field of an export");
        }
    }
}
