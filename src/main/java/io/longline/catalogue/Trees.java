package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** JSON as trees whose numbers keep their digits. */
final class Trees {
    /** Beyond it a number is carried, but not reckoned with: its digits would have to be written out. */
    private static final int LARGEST_EXPONENT = 1_000;

    static final ObjectMapper MAPPER = JsonText.TREES;

    private Trees() {}

    /** Reads JSON that was found to be well-formed before. */
    static JsonNode read(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException damaged) {
            throw new UncheckedIOException("JSON that was read before cannot be read", damaged);
        }
    }

    /** Writes a tree without white space. */
    static String write(JsonNode tree) {
        return tree.toString();
    }

    /**
     * The same tree with equal numbers made the same, {@code 1.0} and {@code 1}; what is out of reach is noted and left.
     *
     * @param pointer where the tree is
     */
    static JsonNode comparable(JsonNode tree, String pointer, List<Fault> faults) {
        if (tree instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                entry.setValue(comparable(entry.getValue(), Fault.pointer(pointer, entry.getKey()), faults));
            }
        } else if (tree instanceof ArrayNode array) {
            for (int index = 0; index < array.size(); index++) {
                array.set(index, comparable(array.get(index), pointer + "/" + index, faults));
            }
        } else if (tree.isNumber() && !tree.isInt() && !tree.isLong()) {
            return comparable(tree.decimalValue(), tree, pointer, faults);
        }
        return tree;
    }

    private static JsonNode comparable(BigDecimal number, JsonNode tree, String pointer, List<Fault> faults) {
        long exponent = (long) number.precision() - number.scale();
        if (Math.abs(exponent) > LARGEST_EXPONENT || Math.abs((long) number.scale()) > 2 * LARGEST_EXPONENT) {
            faults.add(new Fault(
                    pointer, "has an exponent beyond " + LARGEST_EXPONENT + ", with which a schema cannot reckon"));
            return tree;
        }
        BigDecimal plain = number.stripTrailingZeros();
        if (plain.scale() > 0) {
            return DecimalNode.valueOf(plain);
        }
        BigInteger whole = plain.toBigInteger();
        if (whole.bitLength() < Integer.SIZE) {
            return IntNode.valueOf(whole.intValue());
        }
        return whole.bitLength() < Long.SIZE ? LongNode.valueOf(whole.longValue()) : BigIntegerNode.valueOf(whole);
    }
}
