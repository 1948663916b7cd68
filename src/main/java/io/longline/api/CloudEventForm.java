package io.longline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.api.RawObject.Value;
import io.longline.format.CloudEventRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents in their JSON format (CloudEvents 1.0.2, JSON Event Format): one, or an array of them. Data is carried
 * as it stands in the body.
 */
final class CloudEventForm {
    private CloudEventForm() {}

    /** One event. */
    static CloudEvent one(byte[] body, String tenant) {
        Faults faults = new Faults();
        CloudEvent event = event(RawObject.parse(body), new CloudEvent("", tenant, faults));
        faults.refuseIfAny();
        return event;
    }

    /** An array of events, which may be empty. */
    static List<CloudEvent> batch(byte[] body, int most, String tenant) {
        Json.checkText(body);
        Faults faults = new Faults();
        List<CloudEvent> events = new ArrayList<>();
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Problem.of(422, "The body must be a JSON array of CloudEvents");
            }
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (events.size() == most) {
                    throw Problem.invalid("", "must have at most " + most + " events");
                }
                events.add(element(parser, token, body, new CloudEvent("/" + events.size(), tenant, faults)));
            }
            if (parser.nextToken() != null) {
                throw Problem.of(400, "The body has something after its JSON array");
            }
        } catch (IOException malformed) {
            throw Json.notJson(malformed);
        }
        faults.refuseIfAny();
        return events;
    }

    private static CloudEvent element(JsonParser parser, @Nullable JsonToken token, byte[] body, CloudEvent event)
            throws IOException {
        if (token == JsonToken.START_OBJECT) {
            return event(RawObject.read(parser, token, body, 0), event);
        }
        event.notAnObject();
        parser.finishToken();
        parser.skipChildren();
        return event;
    }

    private static CloudEvent event(RawObject object, CloudEvent event) {
        for (String name : object.names()) {
            Value value = object.get(name);
            // An attribute that is null is not set.
            if (value != null && !name.equals("data") && !name.equals("data_base64")) {
                attribute(event, name, value);
            }
        }
        event.check();
        data(object, event);
        return event;
    }

    private static void attribute(CloudEvent event, String name, Value value) {
        String text = value.text();
        if (text != null) {
            event.attribute(name, text);
            return;
        }
        switch (value.token()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> event.number(name, value.asSent());
            case VALUE_TRUE, VALUE_FALSE -> event.flag(name, value.token() == JsonToken.VALUE_TRUE);
            default -> event.fault(name, "must be a string, a whole number, true or false");
        }
    }

    private static void data(RawObject object, CloudEvent event) {
        Value data = object.getEvenNull("data");
        Value base64 = object.get("data_base64");
        if (data != null && base64 != null) {
            event.fault("data_base64", "must not be there beside data");
        } else if (base64 != null) {
            String text = base64.text();
            if (text == null || !isBase64(text)) {
                event.fault("data_base64", "must be a string of Base64 (RFC 4648)");
            } else {
                event.data(base64.bytes(), CloudEventRules.BASE64);
            }
        } else if (data != null) {
            String type = event.text("datacontenttype");
            if (!CloudEventRules.isJson(type) && data.text() == null && !data.isNull()) {
                event.fault("data", "must be a string, since datacontenttype is not JSON");
            }
            event.data(data.bytes(), null);
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException otherwise) {
            return false;
        }
    }
}
