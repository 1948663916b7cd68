package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.api.RawObject.Value;
import io.longline.bus.EventDraft;
import io.longline.policy.EventPattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads events from bodies: one object, an array of them, or one to a line. */
final class EventForm {
    private static final Set<String> FIELDS = Set.of("event", "data", "metadata", "tenant", "timestamp");
    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);

    /** Stands for what is none, in a batch that is refused once it has been read through. */
    private static final EventDraft NO_EVENT = new EventDraft("", "", NO_METADATA, NO_METADATA, null);

    private EventForm() {}

    /** One event. */
    static EventDraft one(byte[] body, Caller caller) {
        Faults faults = new Faults();
        EventDraft draft = draft(RawObject.parse(body), "", caller, faults);
        faults.refuseIfAny();
        return draft;
    }

    /** A JSON array of events. */
    static List<EventDraft> array(byte[] body, int most, Caller caller) {
        Json.checkText(body);
        Faults faults = new Faults();
        List<EventDraft> drafts = new ArrayList<>();
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Problem.of(422, "The body must be a JSON array of events");
            }
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                checkCount(drafts.size() + 1, most);
                drafts.add(element(parser, token, new Place(body, 0, drafts.size()), caller, faults));
            }
            if (parser.nextToken() != null) {
                throw Problem.of(400, "The body has something after its JSON array");
            }
        } catch (IOException malformed) {
            throw Json.notJson(malformed);
        }
        checkCount(drafts.size(), most);
        faults.refuseIfAny();
        return drafts;
    }

    /** Events as newline-delimited JSON; empty lines are passed over. */
    static List<EventDraft> lines(byte[] body, int most, Caller caller) {
        Json.checkText(body);
        Faults faults = new Faults();
        List<EventDraft> drafts = new ArrayList<>();
        for (BodyLines lines = new BodyLines(body); lines.next(); ) {
            checkCount(drafts.size() + 1, most);
            Faults ofLine = new Faults();
            drafts.add(line(new Place(body, lines.from(), drafts.size()), lines, caller, ofLine));
            faults.addAll(ofLine, lines.number());
        }
        checkCount(drafts.size(), most);
        faults.refuseIfAny();
        return drafts;
    }

    /** Where in a body the element of a batch is. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Place(byte[] body, int offset, int index) {}

    private static EventDraft line(Place place, BodyLines line, Caller caller, Faults faults) {
        try (JsonParser parser = Json.parser(place.body, line.from(), line.length())) {
            EventDraft draft = element(parser, parser.nextToken(), place, caller, faults);
            if (parser.nextToken() != null) {
                throw Problem.of(400, "Line " + line.number() + " has something after its JSON object");
            }
            return draft;
        } catch (IOException malformed) {
            throw Json.notJson(malformed, line.number() - 1);
        }
    }

    private static EventDraft element(
            JsonParser parser, @Nullable JsonToken token, Place place, Caller caller, Faults faults)
            throws IOException {
        if (token != JsonToken.START_OBJECT) {
            faults.add("/" + place.index, "must be an object");
            parser.finishToken();
            parser.skipChildren();
            return NO_EVENT;
        }
        return draft(RawObject.read(parser, token, place.body, place.offset), "/" + place.index, caller, faults);
    }

    private static EventDraft draft(RawObject object, String pointer, Caller caller, Faults faults) {
        for (String name : object.names()) {
            if (!FIELDS.contains(name)) {
                faults.add(Faults.pointer(pointer, name), "is not a field of this request");
            }
        }
        String type = text(object, "event", pointer, faults);
        if (object.get("event") == null) {
            faults.add(pointer + "/event", "is required");
        } else if (type != null) {
            faults.add(pointer + "/event", EventPattern.nameFault(type));
        }
        Value data = object.getEvenNull("data");
        if (data == null) {
            faults.add(pointer + "/data", "is required");
        }
        Value metadata = object.get("metadata");
        if (metadata != null && !metadata.isObject()) {
            faults.add(pointer + "/metadata", "must be an object");
        }
        String tenant = text(object, "tenant", pointer, faults);
        if (tenant != null && !Call.isTenant(tenant)) {
            faults.add(pointer + "/tenant", Call.TENANT_EXPECTATION);
        }
        return new EventDraft(
                caller.tenantFor(tenant),
                type == null ? "" : type,
                data == null ? NO_METADATA : data.bytes(),
                metadata == null ? NO_METADATA : metadata.bytes(),
                timestamp(object, pointer, faults));
    }

    private static @Nullable Instant timestamp(RawObject object, String pointer, Faults faults) {
        String text = text(object, "timestamp", pointer, faults);
        if (text == null) {
            return null;
        }
        Optional<Instant> instant = Call.instant(text);
        if (instant.isEmpty()) {
            faults.add(pointer + "/timestamp", "must be an RFC 3339 time, like 2026-01-31T12:00:00Z");
        }
        return instant.orElse(null);
    }

    private static @Nullable String text(RawObject object, String name, String pointer, Faults faults) {
        Value value = object.get(name);
        if (value == null) {
            return null;
        }
        if (value.text() == null) {
            faults.add(pointer + "/" + name, "must be a string");
        }
        return value.text();
    }

    private static void checkCount(int count, int most) {
        if (count < 1 || count > most) {
            throw Problem.invalid("", "must have 1 to " + most + " events");
        }
    }
}
