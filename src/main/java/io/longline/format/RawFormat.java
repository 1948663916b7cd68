package io.longline.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.longline.model.Payload;
import java.io.IOException;
import java.util.Arrays;

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
                JsonToken first = parser.nextToken();
                int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
                parser.skipChildren();
                if (isData) {
                    if (!first.isStructStart()) {
                        parser.finishToken();
                    }
                    int to = Math.toIntExact(parser.currentLocation().getByteOffset());
                    return Payload.of(Arrays.copyOfRange(bytes, from, end(bytes, from, to)));
                }
            }
        } catch (IOException unreadable) {
            // Told below: a payload always has data that can be read through.
        }
        throw new UnrenderableException("The event has no data that can be sent alone");
    }

    /** A parser has to look past a number to see its end. */
    private static int end(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from + 1 && (bytes[end - 1] == ',' || bytes[end - 1] == ' ')) {
            end--;
        }
        return end;
    }
}
