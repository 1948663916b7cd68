package io.longline.format;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.model.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in the JSON format (CloudEvents 1.0.2, structured mode). The data is cut out of the payload byte for byte.
 * The attributes are those under {@link CloudEventRules#MEMBER} of the event's metadata, such as an event has that came
 * as a CloudEvent, and else the event's own: its identifier, name and time. Other metadata becomes extensions, as far as
 * it can be. What the rules do not allow is left out, whoever wrote it.
 */
final class CloudEventFormat implements Format {
    /** Where events come from that do not say so; with their identifiers it is unique. */
    static final String SOURCE = "/longline";

    private static final String CONTENT_TYPE = CloudEventRules.STRUCTURED + "; charset=UTF-8";

    @Override
    public String contentType() {
        return CONTENT_TYPE;
    }

    @Override
    public Payload render(Payload payload) throws UnrenderableException {
        try {
            return Payload.of(write(new Read(payload.bytes())));
        } catch (IOException unreadable) {
            throw new UnrenderableException("The event cannot be read, so that no CloudEvent can be made of it");
        }
    }

    private static byte[] write(Read event) throws IOException {
        String encoding = event.said.get(CloudEventRules.DATA_ENCODING) instanceof String text ? text : "";
        boolean isAbsent = encoding.equals(CloudEventRules.NONE) && event.dataToken == JsonToken.VALUE_NULL;
        boolean isBase64 = encoding.equals(CloudEventRules.BASE64) && event.dataToken == JsonToken.VALUE_STRING;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.data.length + 512);
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("specversion", CloudEventRules.SPEC_VERSION);
            json.writeStringField("id", event.text("id").orElse(event.id));
            json.writeStringField("source", event.text("source").orElse(SOURCE));
            json.writeStringField("type", event.type);
            json.writeStringField("time", event.text("time").orElse(event.timestamp));
            for (String name : new String[] {"subject", "dataschema"}) {
                Optional<String> text = event.text(name);
                if (text.isPresent()) {
                    json.writeStringField(name, text.get());
                }
            }
            String type = contentType(event, isAbsent, isBase64);
            if (type != null) {
                json.writeStringField("datacontenttype", type);
            }
            for (Map.Entry<String, Object> extension : event.extensions().entrySet()) {
                json.writeObjectField(extension.getKey(), extension.getValue());
            }
            if (!isAbsent) {
                json.writeFieldName(isBase64 ? "data_base64" : "data");
                json.writeRawValue("");
                json.flush();
                bytes.write(event.data);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** What the event says, unless its data is not of that kind. */
    private static @Nullable String contentType(Read event, boolean isAbsent, boolean isBase64) {
        String said = event.text("datacontenttype").orElse(null);
        if (isAbsent || isBase64) {
            return said;
        }
        boolean fits = CloudEventRules.isJson(said) || event.dataToken == JsonToken.VALUE_STRING;
        return said == null || !fits ? Formats.JSON : said;
    }

    /** What an event's payload holds. */
    private static final class Read {
        private final Map<String, Object> said = new LinkedHashMap<>();
        private final Map<String, Object> others = new LinkedHashMap<>();
        private String id = "";
        private String type = "";
        private String timestamp = "";
        private JsonToken dataToken = JsonToken.VALUE_NULL;
        private byte[] data = {};

        Read(byte[] payload) throws IOException {
            try (JsonParser parser = Json.MAPPER.createParser(payload)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken first = parser.nextToken();
                    switch (name) {
                        case "id" -> id = parser.getText();
                        case "event" -> type = parser.getText();
                        case "timestamp" -> timestamp = parser.getText();
                        case "data" -> readData(parser, first, payload);
                        case "metadata" -> readMetadata(parser, first);
                        default -> parser.skipChildren();
                    }
                }
            }
        }

        private void readData(JsonParser parser, JsonToken first, byte[] payload) throws IOException {
            dataToken = first;
            data = Json.cut(parser, payload);
        }

        private void readMetadata(JsonParser parser, JsonToken first) throws IOException {
            if (first != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals(CloudEventRules.MEMBER)) {
                    readAttributes(parser, token);
                } else {
                    put(others, name, parser, token);
                }
            }
        }

        private void readAttributes(JsonParser parser, JsonToken first) throws IOException {
            if (first != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                put(said, parser.currentName(), parser, parser.nextToken());
            }
        }

        /** Keeps what an attribute can be: text, a truth value, a whole number of 32 bits. */
        private static void put(Map<String, Object> to, String name, JsonParser parser, JsonToken token)
                throws IOException {
            if (token == JsonToken.VALUE_STRING) {
                to.put(name, parser.getText());
            } else if (token.isBoolean()) {
                to.put(name, parser.getBooleanValue());
            } else if (token == JsonToken.VALUE_NUMBER_INT && CloudEventRules.isInteger(parser.getText())) {
                to.put(name, parser.getIntValue());
            } else {
                parser.skipChildren();
            }
        }

        /** One of the specification's own attributes, if it is said, and as it must be. */
        Optional<String> text(String name) {
            return said.get(name) instanceof String text
                            && CloudEventRules.fault(name, text).isEmpty()
                    ? Optional.of(text)
                    : Optional.empty();
        }

        Map<String, Object> extensions() {
            Map<String, Object> extensions = new TreeMap<>(others);
            extensions.putAll(said);
            extensions.entrySet().removeIf(each -> !isExtension(each.getKey(), each.getValue()));
            return extensions;
        }

        private static boolean isExtension(String name, Object value) {
            return !CloudEventRules.isCore(name)
                    && CloudEventRules.nameFault(name).isEmpty()
                    && !(value instanceof String text
                            && CloudEventRules.fault(name, text).isPresent());
        }
    }
}
