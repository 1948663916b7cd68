package io.longline.catalogue;

import io.longline.model.EventTypeDraft;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Whether what is said of an event type goes together. */
public final class EventTypeCheck {
    private EventTypeCheck() {}

    /** What is wrong with a schema, at {@code /schema}, and with an example by it, at {@code /example}. Not for an event loop. */
    public static List<Fault> faults(EventTypeDraft draft) {
        String schemaJson = draft.schemaJson();
        if (schemaJson == null) {
            return List.of();
        }
        List<Fault> faults = new ArrayList<>();
        try {
            EventSchema schema = EventSchema.compile(schemaJson);
            String example = draft.exampleJson();
            if (example != null) {
                schema.faults(example.getBytes(StandardCharsets.UTF_8))
                        .forEach(fault -> faults.add(
                                new Fault("/example" + fault.pointer(), fault.detail() + ", by the schema given")));
            }
        } catch (FaultyException faulty) {
            faulty.faults().forEach(fault -> faults.add(new Fault("/schema" + fault.pointer(), fault.detail())));
        }
        return faults;
    }
}
