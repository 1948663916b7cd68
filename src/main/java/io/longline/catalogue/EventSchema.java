package io.longline.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.SchemaId;
import com.networknt.schema.ValidationMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A JSON Schema (2020-12) by which data is judged. It fetches nothing, takes references within itself alone, and does a
 * bounded amount of work, counted rather than timed. Formats are notes, as the standard has them by default. Immutable; for
 * any thread, but not for an event loop. The first use loads the validator, which takes some tenths of a second.
 */
public final class EventSchema {
    /** The most faults told of one event's data. */
    public static final int MOST_FAULTS = 50;

    private static final int LONGEST_DETAIL = 300;
    private static final Fault SPENT =
            new Fault("", "takes the schema more than " + Budget.MOST_STEPS + " steps to judge");

    private final JsonSchema schema;
    private final long weight;

    private EventSchema(JsonSchema schema, long weight) {
        this.schema = schema;
        this.weight = weight;
    }

    /**
     * Compiles a schema.
     *
     * @param json a JSON object
     * @throws FaultyException with the place of each fault in the schema
     */
    public static EventSchema compile(String json) throws FaultyException {
        JsonNode given = Trees.read(json.getBytes(StandardCharsets.UTF_8));
        List<Fault> faults = new ArrayList<>();
        JsonNode tree = Trees.comparable(given, "", faults);
        if (!tree.isObject()) {
            faults.add(new Fault("", "must be an object"));
        }
        JsonNode dialect = tree.path("$schema");
        if (dialect.isTextual() && !dialect.textValue().replaceAll("#$", "").equals(SchemaId.V202012)) {
            faults.add(new Fault("/$schema", "must be " + SchemaId.V202012 + ", or be left out"));
        }
        if (!faults.isEmpty()) {
            throw new FaultyException(faults);
        }
        try {
            return planned(tree);
        } catch (StackOverflowError tooDeep) {
            throw new FaultyException("", "leads too deeply from one reference to another");
        }
    }

    private static EventSchema planned(JsonNode tree) throws FaultyException {
        List<Fault> ofMeta = told(Validators.metaSchema().validate(tree));
        if (!ofMeta.isEmpty()) {
            throw new FaultyException(ofMeta);
        }
        SchemaPlan.Planned planned = SchemaPlan.of(tree);
        return new EventSchema(Validators.of(planned), planned.weight());
    }

    /** How much memory it takes once it is used, in schemas within it with every reference written out. */
    public long weight() {
        return weight;
    }

    /**
     * What is wrong with an event's data, with places in the data; empty when it fits.
     *
     * @param data well-formed JSON
     */
    public List<Fault> faults(byte[] data) {
        List<Fault> faults = new ArrayList<>();
        JsonNode tree = Trees.comparable(Trees.read(data), "", faults);
        if (!faults.isEmpty()) {
            return faults.size() > MOST_FAULTS ? List.copyOf(faults.subList(0, MOST_FAULTS)) : faults;
        }
        Budget.open();
        try {
            List<Fault> told = told(schema.validate(tree));
            return Budget.has(0) ? told : List.of(SPENT);
        } catch (Budget.SpentException spent) {
            return List.of(SPENT);
        } catch (StackOverflowError tooDeep) {
            return List.of(new Fault("", "is nested too deeply for the schema"));
        } finally {
            Budget.close();
        }
    }

    private static List<Fault> told(Set<ValidationMessage> messages) {
        Set<Fault> faults = new LinkedHashSet<>();
        for (ValidationMessage message : messages) {
            if (faults.size() == MOST_FAULTS) {
                break;
            }
            faults.add(fault(message));
        }
        return List.copyOf(faults);
    }

    private static Fault fault(ValidationMessage message) {
        String pointer = message.getInstanceLocation().toString();
        String property = message.getProperty();
        if (property != null && message.getType().equals("required")) {
            return new Fault(Fault.pointer(pointer, property), "is required");
        }
        if (property != null && message.getType().endsWith("Properties")) {
            return new Fault(Fault.pointer(pointer, property), "is not a field that the schema has");
        }
        if (message.getType().equals(UniqueItems.TYPE)) {
            return new Fault(pointer, "must not have the same item twice");
        }
        String error = message.getError();
        return new Fault(
                pointer, error.length() <= LONGEST_DETAIL ? error : error.substring(0, LONGEST_DETAIL - 1) + "…");
    }
}
