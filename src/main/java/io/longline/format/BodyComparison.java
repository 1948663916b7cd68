package io.longline.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.model.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two systems send. JSON is the same whatever the order of its keys and however its numbers are written;
 * anything else is the same when its text is.
 */
public final class BodyComparison {
    private static final int LONGEST_VALUE = 100;
    /** Two texts that differ are shown from a little before where they do. */
    private static final int CONTEXT = 20;

    private final int most;
    private final List<Difference> found = new ArrayList<>();

    /**
     * One place at which two bodies differ.
     *
     * @param pointer where (RFC 6901)
     * @param here what one of them has there, shortened; {@code null} when it has nothing there
     * @param there what the other has
     */
    public record Difference(
            String pointer, @Nullable String here, @Nullable String there) {}

    private BodyComparison(int most) {
        this.most = most;
    }

    /**
     * The first differences, in the order of the first body; empty when there is none.
     *
     * @param most how many are looked for
     */
    public static List<Difference> differences(Payload here, byte[] there, int most) {
        BodyComparison comparison = new BodyComparison(most);
        Optional<JsonNode> one = json(here.bytes());
        Optional<JsonNode> other = json(there);
        if (one.isPresent() && other.isPresent()) {
            comparison.compare("", one.get(), other.get());
        } else {
            comparison.compareTexts(here.text(), new String(there, StandardCharsets.UTF_8));
        }
        return comparison.found;
    }

    /** A body as JSON; empty when it is none. */
    public static Optional<JsonNode> json(byte[] body) {
        try {
            JsonNode node = Json.MAPPER.readTree(body);
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (IOException | NumberFormatException otherwise) {
            return Optional.empty();
        }
    }

    private void compare(String pointer, JsonNode here, JsonNode there) {
        if (found.size() >= most) {
            return;
        }
        if (here.isObject() && there.isObject()) {
            compareObjects(pointer, here, there);
        } else if (here.isArray() && there.isArray()) {
            for (int index = 0; index < Math.max(here.size(), there.size()); index++) {
                compareMembers(pointer + "/" + index, here.get(index), there.get(index));
            }
        } else if (!isSameValue(here, there)) {
            found.add(new Difference(pointer, shown(here), shown(there)));
        }
    }

    private void compareObjects(String pointer, JsonNode here, JsonNode there) {
        Set<String> names = new LinkedHashSet<>();
        ((ObjectNode) here).fieldNames().forEachRemaining(names::add);
        ((ObjectNode) there).fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            compareMembers(place, here.get(name), there.get(name));
        }
    }

    private void compareMembers(String pointer, @Nullable JsonNode here, @Nullable JsonNode there) {
        if (here != null && there != null) {
            compare(pointer, here, there);
        } else if (found.size() < most) {
            found.add(new Difference(pointer, shown(here), shown(there)));
        }
    }

    private static boolean isSameValue(JsonNode here, JsonNode there) {
        return (here.isNumber() && there.isNumber())
                ? here.decimalValue().compareTo(there.decimalValue()) == 0
                : here.equals(there);
    }

    private void compareTexts(String here, String there) {
        if (here.equals(there)) {
            return;
        }
        int at = 0;
        while (at < Math.min(here.length(), there.length()) && here.charAt(at) == there.charAt(at)) {
            at++;
        }
        int from = Math.max(0, at - CONTEXT);
        found.add(new Difference("", cut(here.substring(from)), cut(there.substring(from))));
    }

    private static @Nullable String shown(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        if (node.isContainerNode()) {
            return node.isObject()
                    ? "an object of " + node.size() + " members"
                    : "an array of " + node.size() + " elements";
        }
        return cut(node.toString());
    }

    private static String cut(String text) {
        return Shorten.text(text, LONGEST_VALUE);
    }
}
