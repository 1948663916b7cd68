package io.longline.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longline.bus.EventDraft;
import io.longline.bus.Request.Idempotency;
import io.longline.format.CloudEventRules;
import io.longline.model.Payload;
import io.longline.model.Rfc3339;
import io.longline.policy.EventPattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent as it is read: its attributes one by one, then its data. Notes what is wrong with it by the name of the
 * attribute, whichever way it came. Mutable; for one thread.
 */
final class CloudEvent {
    private static final String SCOPE = "cloudevents";
    private static final int LONGEST_KEY = 255;
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.US_ASCII);
    /** What is sent again may come in another form, or through somebody who adds attributes: the pair alone tells it. */
    private static final String WHATEVER_THE_BODY = "";

    private final String pointer;
    private final String tenant;
    private final Faults faults;
    private final ObjectNode attributes = Json.object();
    private byte[] data = NOTHING;
    private @Nullable String dataEncoding = CloudEventRules.NONE;

    /**
     * An event of which nothing is read yet.
     *
     * @param pointer where it stands in the body
     */
    CloudEvent(String pointer, String tenant, Faults faults) {
        this.pointer = pointer;
        this.tenant = tenant;
        this.faults = faults;
    }

    /** It is no object, and so no event. */
    void notAnObject() {
        faults.add(pointer, "must be an object");
    }

    /** What is wrong with the event at a name. */
    void fault(String name, String detail) {
        faults.add(Faults.pointer(pointer, name), detail);
    }

    /** An attribute of text; names and values that cannot be are noted. */
    void attribute(String name, String text) {
        if (isName(name)) {
            faults.add(Faults.pointer(pointer, name), CloudEventRules.fault(name, text));
            attributes.put(name, text);
        }
    }

    /** An extension that is a whole number, as JSON has it. */
    void number(String name, String number) {
        if (!isExtension(name)) {
            return;
        }
        if (CloudEventRules.isInteger(number)) {
            attributes.put(name, Integer.parseInt(number));
        } else {
            fault(name, "must be a whole number of 32 bits");
        }
    }

    /** An extension that is true or false. */
    void flag(String name, boolean value) {
        if (isExtension(name)) {
            attributes.put(name, value);
        }
    }

    private boolean isName(String name) {
        faults.add(Faults.pointer(pointer, name), CloudEventRules.nameFault(name));
        return CloudEventRules.nameFault(name).isEmpty();
    }

    private boolean isExtension(String name) {
        if (CloudEventRules.isCore(name)) {
            fault(name, "must be a string");
            return false;
        }
        return isName(name);
    }

    /** The text of an attribute; {@code null} when it is not set. */
    @Nullable String text(String name) {
        return attributes.path(name).textValue();
    }

    /**
     * Its data, as JSON to be carried.
     *
     * @param encoding how it stands for what came, if it is not that itself
     */
    void data(byte[] json, @Nullable String encoding) {
        data = json;
        dataEncoding = encoding;
    }

    /** Notes what is missing, once everything is read. */
    void check() {
        for (String name : List.of("specversion", "id", "source", "type")) {
            if (!attributes.has(name) && !faults.has(Faults.pointer(pointer, name))) {
                fault(name, "is required");
            }
        }
        String version = text("specversion");
        if (version != null && !version.isEmpty() && !version.equals(CloudEventRules.SPEC_VERSION)) {
            fault("specversion", "must be " + CloudEventRules.SPEC_VERSION);
        }
        String type = text("type");
        if (type != null && !type.isEmpty()) {
            faults.add(Faults.pointer(pointer, "type"), EventPattern.nameFault(type));
        }
    }

    /** The event to be accepted, if nothing is wrong with it. */
    EventDraft draft() {
        String time = text("time");
        String type = text("type");
        return new EventDraft(
                tenant,
                type == null ? "" : type,
                data,
                metadata(),
                time == null ? null : Rfc3339.parse(time).orElse(null));
    }

    /** All that the event's own fields do not hold, in an order of its own: the same however the event came. */
    private byte[] metadata() {
        ObjectNode metadata = Json.object();
        ObjectNode kept = metadata.putObject(CloudEventRules.MEMBER);
        TreeSet<String> others = new TreeSet<>();
        attributes.fieldNames().forEachRemaining(others::add);
        others.removeAll(List.of("specversion", "type"));
        for (String name : List.of("id", "source", "time", "subject", "datacontenttype", "dataschema")) {
            if (others.remove(name)) {
                kept.set(name, attributes.get(name));
            }
        }
        others.forEach(name -> kept.set(name, attributes.get(name)));
        if (dataEncoding != null) {
            kept.put(CloudEventRules.DATA_ENCODING, dataEncoding);
        }
        return Json.write(metadata);
    }

    /** Events of one source with one identifier are the same, as CloudEvents has it. */
    Idempotency key() {
        // A source has no spaces, an identifier may.
        String pair = text("source") + " " + text("id");
        String key =
                pair.length() <= LONGEST_KEY ? pair : "sha256:" + Payload.sha256(pair.getBytes(StandardCharsets.UTF_8));
        return new Idempotency(tenant, SCOPE, key, WHATEVER_THE_BODY);
    }
}
