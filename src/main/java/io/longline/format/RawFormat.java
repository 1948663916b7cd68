package io.longline.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.model.Payload;
import java.io.IOException;

/** The event's data alone, cut out of the payload byte for byte. */
final class RawFormat implements Format {
    @Override
    public String contentType() {
        return Formats.JSON;
    }

    @Override
    public Payload render(Payload payload) throws UnrenderableException {
        byte[] bytes = payload.bytes();
        try (JsonParser parser = Json.MAPPER.createParser(bytes)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isData = parser.currentName().equals("data");
                parser.nextToken();
                if (isData) {
                    return Payload.of(Json.cut(parser, bytes));
                }
                parser.skipChildren();
            }
        } catch (IOException unreadable) {
            // Told below: a payload always has data that can be read through.
        }
        throw new UnrenderableException("The event has no data that can be sent alone");
    }
}
